"""Stalls inside the server that another thread can end."""

import asyncio
from asyncio import AbstractEventLoop, Event
from contextlib import suppress
from threading import Lock

from sandbox.llm.problems import ConnectionDropped


class StalledAnswers:
    """Answers that stall. Answers belong to an `era`; those of a former era are broken off."""

    def __init__(self) -> None:
        self.era = 0
        self._lock = Lock()
        self._waiting: set[tuple[AbstractEventLoop, Event]] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    async def stall(self, seconds: float, era: int) -> None:
        """Wait until the release. Raises ConnectionDropped when the era is over."""
        released = Event()
        entry = (asyncio.get_running_loop(), released)
        with self._lock:
            self._waiting.add(entry)
        try:
            self.check(era)
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await released.wait()
        finally:
            with self._lock:
                self._waiting.discard(entry)
        self.check(era)

    def check(self, era: int) -> None:
        """Raises ConnectionDropped when the era is over."""
        if era != self.era:
            raise ConnectionDropped

    def release(self) -> None:
        """Continue the answers that stall now."""
        with self._lock:
            for loop, released in self._waiting:
                loop.call_soon_threadsafe(released.set)

    def begin_era(self) -> None:
        """Break off all running answers."""
        self.era += 1
        self.release()
