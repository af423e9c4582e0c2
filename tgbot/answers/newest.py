"""Between the model and the screen: only the newest is kept, since nothing else is ever shown."""

import asyncio

from okno.assistant.dto import Growing
from okno.llm.dto import Queued


class Newest:
    """Whoever puts never waits, however slow the screen is."""

    def __init__(self) -> None:
        self.progress: Growing | Queued | None = None
        self.begun = asyncio.Event()
        """There is something to show, or nothing will come any more."""
        self.over = asyncio.Event()
        self._changed = asyncio.Event()

    def put(self, progress: Growing | Queued) -> None:
        self.progress = progress
        self.begun.set()
        self._changed.set()

    def end(self) -> None:
        self.over.set()
        self.begun.set()
        self._changed.set()

    async def changed_within(self, seconds: float) -> bool:
        """Wait for something that was not shown yet; False when the time is over first."""
        has_changed = await happens_within(self._changed, seconds)
        self._changed.clear()
        return has_changed


async def happens_within(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event, but no longer."""
    if event.is_set():
        return True
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
