"""Work that is broken off when nobody waits for it any more, or when the process ends."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from api.draining import Draining
from okno.assistant.errors import AnswerInterrupted

Watcher = Callable[[], Coroutine[Any, Any, None]]
"""Raises when the work is to be broken off."""


@asynccontextmanager
async def watched(*watchers: Watcher, after: float = 0.0) -> AsyncIterator[None]:
    """Run the block until a watcher raises; what it raises is raised here.

    The watchers begin `after` so many seconds: what is done sooner does not pay for them, and what
    has happened by then they see at once.
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


async def until_drained(draining: Draining) -> None:
    """Raise `AnswerInterrupted` when the process has no more time for it."""
    await draining.is_due.wait()
    raise AnswerInterrupted
