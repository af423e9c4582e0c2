"""The way of an answer from the one who makes it to the one who shows it."""

import asyncio
from typing import Generic, TypeVar

T = TypeVar("T")


class Feed(Generic[T]):
    """Holds the newest progress alone: whoever shows it slowly misses what was in between."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()
        self._newest: T | None = None
        self._error: Exception | None = None
        self._changed = asyncio.Event()

    def put(self, progress: T) -> None:
        self._newest = progress
        self._changed.set()

    def close(self, error: Exception | None = None) -> None:
        """End it; `error` is raised where it is read."""
        self._error = error
        self.closed.set()
        self._changed.set()

    async def take(self) -> T | None:
        """Wait for something new; None at the end."""
        await self._changed.wait()
        newest, self._newest = self._newest, None
        if newest is None and self._error is not None:
            raise self._error
        if not self.closed.is_set():
            self._changed.clear()
        return newest
