"""The only place that starts detached tasks: they are named, logged and ended at shutdown."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from okno.kit.timeouts import NURSERY_GRACE_SECONDS

log = structlog.get_logger(__name__)


class Nursery:
    """Owns background tasks; `close` waits for them, then cancels what is left."""

    def __init__(self, grace: float = NURSERY_GRACE_SECONDS) -> None:
        """`grace`: seconds that `close` waits before it cancels."""
        self._grace = grace
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, None], *, name: str) -> None:
        """Run `work` in the background; what it raises is logged."""
        task = asyncio.create_task(work, name=name)  # noqa: TID251 - the one allowed place
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    async def close(self) -> None:
        """Wait for the running tasks; cancel those that do not end within the grace."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._grace)
        unfinished = list(self._tasks)
        for task in unfinished:
            log.warning("task cancelled at shutdown", task=task.get_name())
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("task failed", task=task.get_name(), exc_info=error)
