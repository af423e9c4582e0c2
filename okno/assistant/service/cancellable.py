"""Work that can be cancelled without cancelling its task: a task of its own would cost time."""

import asyncio
from collections.abc import Awaitable, Callable


class CancellableWork:
    """One piece of work; `is_over`: it has ended or was cancelled."""

    def __init__(self) -> None:
        self.is_over = False
        self._limit: asyncio.Timeout | None = None

    async def do(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work, unless it was cancelled before. Being cancelled raises nothing."""
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
        """Cancel the work at once; it is not begun if it has not begun yet."""
        self.is_over = True
        if self._limit is not None:
            self._limit.reschedule(asyncio.get_running_loop().time())
            self._limit = None
