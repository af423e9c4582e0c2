"""The line of a chat: its answers are sent one after the other, in the order of the questions.

The user may ask on as soon as an answer is stored, while it is still on its way to the chat, and
the next one could overtake it, or be shown by both. With several processes the line is that of
each: two answers would have to end in two of them within the same moment.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger(__name__)

PATIENCE = 90.0
"""Seconds that an answer which is ready waits for the one before."""


class Place:
    """Where an answer stands: behind `before`, if anybody stands there."""

    def __init__(self, chat_id: int, before: "Place | None") -> None:
        self.chat_id = chat_id
        self.left = asyncio.Event()
        self._before = before

    async def turn(self) -> None:
        """Return when the answers before have been sent, or have taken too long."""
        if self._before is None:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await self._before.left.wait()
        except TimeoutError:
            log.warning("answer overtakes another", chat_id=self.chat_id)
        self._before = None  # a long line must not be kept by its end


class Line:
    """The lines of all chats."""

    def __init__(self) -> None:
        self._last: dict[int, Place] = {}

    def join(self, chat_id: int) -> Place:
        """Take the last place: an answer does so when it begins."""
        place = Place(chat_id, self._last.get(chat_id))
        self._last[chat_id] = place
        return place

    @contextmanager
    def held(self, place: Place) -> Iterator[None]:
        """Keep the place until the block ends."""
        try:
            yield
        finally:
            place.left.set()
            if self._last[place.chat_id] is place:
                del self._last[place.chat_id]
