"""Watches in the background: look for work, do several pieces at once, look again."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import ClassVar, Generic, TypeVar

import structlog
from structlog.contextvars import bound_contextvars

from okno.kit.nursery import Nursery
from okno.kit.wakeups import Wakeups

log = structlog.get_logger(__name__)

Item = TypeVar("Item")


class Watcher(ABC, Generic[Item]):
    """Looks at its start, with every wake-up, and after `interval` seconds without one.

    What fails is logged; the next look, of this or another process, finds it again.
    """

    name: ClassVar[str]
    """The items, as the log calls them."""
    channel: ClassVar[str]
    """The channel of the wake-ups."""
    items_at_once: ClassVar[int] = 5

    def __init__(self, wakeups: Wakeups, interval: float) -> None:
        self._wakeups = wakeups
        self._interval = interval

    @abstractmethod
    async def find(self) -> Sequence[Item]: ...

    @abstractmethod
    async def handle(self, item: Item) -> None: ...

    @abstractmethod
    def log_fields(self, item: Item) -> dict[str, str | int]:
        """Return what identifies the item in every log line that is written meanwhile."""

    @asynccontextmanager
    async def running(self, nursery: Nursery) -> AsyncIterator[None]:
        """Look until the block ends; a look that has begun by then is left to the nursery."""
        over = asyncio.Event()
        nursery.start(self._run(over), name=f"watch for {self.name}")
        try:
            yield
        finally:
            over.set()
            await self._wakeups.publish(self.channel)

    async def look(self) -> None:
        """Look once, and handle everything that is found."""
        found = await self.find()
        room = asyncio.Semaphore(self.items_at_once)
        async with asyncio.TaskGroup() as group:
            for item in found:
                group.create_task(self._handle_in_turn(item, room))

    async def _run(self, over: asyncio.Event) -> None:
        async with self._wakeups.listening(self.channel, interval=self._interval) as turns:
            async for _ in turns:
                if over.is_set():
                    return
                try:
                    await self.look()
                except Exception:
                    log.exception("watch failed", watch=self.name)

    async def _handle_in_turn(self, item: Item, room: asyncio.Semaphore) -> None:
        async with room:
            with bound_contextvars(**self.log_fields(item)):
                try:
                    await self.handle(item)
                except Exception:
                    log.exception("item not handled", watch=self.name)
