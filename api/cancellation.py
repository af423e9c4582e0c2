"""Work that is cancelled when something else happens: a client leaves, the process ends."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

Watcher = Callable[[], Coroutine[Any, Any, None]]
"""Waits for an event, and raises when it happens."""


@asynccontextmanager
async def cancelled_by(*watchers: Watcher, after: float = 0.0) -> AsyncIterator[None]:
    """Run the block; when a watcher raises, cancel the block and raise that error.

    The watchers start after `after` seconds, so that short work does not pay for them. They see an
    event that happened before.
    """
    watching: list[asyncio.Task[None]] = []
    try:
        async with asyncio.TaskGroup() as tasks:

            def begin() -> None:
                watching.extend(tasks.create_task(watcher()) for watcher in watchers)

            timer = asyncio.get_running_loop().call_later(after, begin)
            try:
                yield
            finally:
                timer.cancel()
                for task in watching:
                    task.cancel()
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None
