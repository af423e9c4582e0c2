"""The order in which the answers of a chat are sent: that of their questions.

The user may ask on as soon as an answer is stored, while it is still on its way to the chat. The
next one could overtake it, or both could be shown at once. Every process has queues of its own: two
answers would have to end in two processes within the same moment.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from okno.kit.timeouts import ANSWER_QUEUE_SECONDS

log = structlog.get_logger(__name__)


class DeliverySlot:
    """The place of one answer, behind the one `before` it, if there is one."""

    def __init__(self, chat_id: int, before: "DeliverySlot | None") -> None:
        self.chat_id = chat_id
        self.left = asyncio.Event()
        self._before = before

    async def wait(self) -> None:
        """Return when the answers before have been sent, or have taken too long."""
        if self._before is None:
            return
        try:
            async with asyncio.timeout(ANSWER_QUEUE_SECONDS):
                await self._before.left.wait()
        except TimeoutError:
            log.warning("answer overtakes another", chat_id=self.chat_id)
        self._before = None  # the last slot must not keep the whole queue in memory


class ChatDeliveryQueue:
    """The queues of all chats."""

    def __init__(self) -> None:
        self._last: dict[int, DeliverySlot] = {}

    def join(self, chat_id: int) -> DeliverySlot:
        """Take the last slot: an answer does so when it begins."""
        slot = DeliverySlot(chat_id, self._last.get(chat_id))
        self._last[chat_id] = slot
        return slot

    @contextmanager
    def held(self, slot: DeliverySlot) -> Iterator[None]:
        """Keep the slot until the block ends."""
        try:
            yield
        finally:
            slot.left.set()
            if self._last[slot.chat_id] is slot:
                del self._last[slot.chat_id]
