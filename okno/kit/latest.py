"""A mailbox between one writer and one reader that holds the newest value alone."""

import asyncio
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """The writer never waits, however slow the reader is: values in between are lost.

    `newest`: the last value, taken or not. `begun`: there is a value, or the end. `closed`: the
    writer has come to the end.
    """

    def __init__(self) -> None:
        self.newest: T | None = None
        self.begun = asyncio.Event()
        self.closed = asyncio.Event()
        self._error: Exception | None = None
        self._is_taken = True
        self._changed = asyncio.Event()

    def put(self, value: T) -> None:
        self.newest = value
        self._is_taken = False
        self.begun.set()
        self._changed.set()

    def close(self, error: Exception | None = None) -> None:
        """End it; the reader gets `error` after the last value."""
        self._error = error
        self.closed.set()
        self.begun.set()
        self._changed.set()

    def __aiter__(self) -> "Latest[T]":
        return self

    async def __anext__(self) -> T:
        """Wait for a value that was not taken yet; at the end raise the error, if it has one."""
        await self._changed.wait()
        if self._is_taken or self.newest is None:
            if self._error is not None:
                raise self._error
            raise StopAsyncIteration
        self._is_taken = True
        if not self.closed.is_set():
            self._changed.clear()
        return self.newest

    async def changed_within(self, seconds: float) -> bool:
        """Wait for a new value or the end; return False when the time is over first."""
        has_changed = await happens_within(self._changed, seconds)
        self._changed.clear()
        return has_changed

    async def last(self) -> T | None:
        """Wait for the end and return the last value. Raises the error that was the end."""
        await self.closed.wait()
        if self._error is not None:
            raise self._error
        return self.newest


async def happens_within(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event, but no longer; return whether it has happened."""
    if event.is_set():
        return True
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
