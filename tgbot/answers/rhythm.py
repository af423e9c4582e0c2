"""The pauses between frames of a growing answer."""

from dataclasses import dataclass

from stamina import AsyncRetryingCaller

SEND_RETRY = AsyncRetryingCaller(
    attempts=4, timeout=None, wait_initial=2.0, wait_max=20.0, wait_jitter=0, wait_exp_base=4
)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """All in seconds.

    `opening`: an answer that begins within it needs no "Thinking…". `waiting`: between two signs of
    life before the first text; Telegram shows "typing" for five. `draft` and `edit`: between two
    frames. `keep_alive`: a draft that does not change is shown again; it lives for thirty.
    `retry`: how often and when the end of an answer is sent again.
    """

    opening: float = 0.3
    waiting: float = 4.5
    draft: float = 0.7
    edit: float = 1.2
    keep_alive: float = 20.0
    retry: AsyncRetryingCaller = SEND_RETRY

    def between(self, way: str) -> float:
        """Return the seconds between two frames that are shown in this way."""
        return self.draft if way == "draft" else self.edit
