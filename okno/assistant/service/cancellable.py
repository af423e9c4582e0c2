"""Work that others may break off, in the task of whoever does it: a second one costs time."""

import asyncio
from collections.abc import Awaitable, Callable


class CancellableWork:
    """One piece of work; `is_over` says that it is at its end, or was broken off."""

    def __init__(self) -> None:
        self.is_over = False
        self._limit: asyncio.Timeout | None = None

    async def do(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do it, unless it was broken off already; return in both cases."""
        if self.is_over:
            return
        limit = asyncio.timeout(None)
        try:
            async with limit:
                self._limit = limit
                await work()
        except TimeoutError:
            if not limit.expired():
                raise
        finally:
            self._limit = None
            self.is_over = True

    def cancel(self) -> None:
        """Cancel what is being done, at once."""
        self.is_over = True
        if self._limit is not None:
            self._limit.reschedule(asyncio.get_running_loop().time())
            self._limit = None
