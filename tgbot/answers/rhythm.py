"""How often something is shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rhythm:
    """All in seconds.

    `opening`: an answer that begins within it needs no "Thinking…". `waiting`: between two signs of
    life before the first text; Telegram shows "typing" for five. `draft` and `edit`: between two
    frames. `keep_alive`: a draft that does not change is shown again; it lives for thirty.
    `pauses`: between the attempts to send the end of an answer.
    """

    opening: float = 0.3
    waiting: float = 4.5
    draft: float = 0.7
    edit: float = 1.2
    keep_alive: float = 20.0
    pauses: tuple[float, ...] = (2.0, 8.0, 20.0)

    def between(self, way: str) -> float:
        """Return the seconds between two frames that are shown in this way."""
        return self.draft if way == "draft" else self.edit
