"""Time that does not pass while a test runs."""

import asyncio

from stamina import AsyncRetryingCaller

from tgbot.answers import Rhythm

RETRY_AT_ONCE = AsyncRetryingCaller(attempts=4, timeout=None, wait_initial=0, wait_jitter=0)
CALL_RETRY_AT_ONCE = AsyncRetryingCaller(attempts=3, timeout=None, wait_initial=0, wait_jitter=0)

NO_WAITING = Rhythm(opening=0, draft=0, edit=0, retry=RETRY_AT_ONCE)
"""Every frame is shown that can be; nothing is waited for."""


class VirtualTime:
    """A clock that goes on when somebody sleeps by it, in the order of the awakenings."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Return once all who wake earlier have had their turn."""
        self.slept.append(seconds)
        awakening = asyncio.Event()
        sleeper = (self.seconds + seconds, awakening)
        self._sleepers.append(sleeper)
        for _ in range(20):
            await asyncio.sleep(0)  # let whoever runs come to their own sleep
        while not awakening.is_set():
            self._wake_next()
            await asyncio.sleep(0)

    def _wake_next(self) -> None:
        self._sleepers.sort(key=lambda sleeper: sleeper[0])
        if self._sleepers:
            at, awakening = self._sleepers.pop(0)
            self.seconds = max(self.seconds, at)
            awakening.set()
