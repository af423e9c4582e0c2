"""The answers of a chat: first come, first sent, and none waits for ever."""

import asyncio

import pytest

from tests.support.wait import TIMEOUT
from tgbot.answers.delivery_queue import ChatDeliveryQueue, DeliverySlot


class Sender:
    """Notes in which order the answers were sent; each when the test lets it."""

    def __init__(self, queue: ChatDeliveryQueue) -> None:
        self.queue = queue
        self.sent: list[str] = []

    async def send(self, slot: DeliverySlot, name: str, ready: asyncio.Event) -> None:
        with self.queue.held(slot):
            await ready.wait()
            await slot.wait()
            self.sent.append(name)


async def test_the_order_is_that_of_joining() -> None:
    sender, slow, quick = Sender(ChatDeliveryQueue()), asyncio.Event(), asyncio.Event()
    async with asyncio.timeout(TIMEOUT), asyncio.TaskGroup() as group:
        for name, ready in (("a", slow), ("b", quick), ("c", quick)):
            group.create_task(sender.send(sender.queue.join(1), name, ready))
        quick.set()
        await asyncio.sleep(0)
        assert sender.sent == []
        slow.set()

    assert sender.sent == ["a", "b", "c"]


async def test_another_chat_has_another_queue() -> None:
    queue = ChatDeliveryQueue()
    queue.join(1)

    async with asyncio.timeout(TIMEOUT):
        await queue.join(2).wait()


async def test_who_fails_leaves_the_queue() -> None:
    queue = ChatDeliveryQueue()
    first, second = queue.join(1), queue.join(1)

    with pytest.raises(ZeroDivisionError), queue.held(first):
        raise ZeroDivisionError

    async with asyncio.timeout(TIMEOUT):
        await second.wait()


async def test_who_waits_too_long_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tgbot.answers.delivery_queue.ANSWER_QUEUE_SECONDS", 0.01)
    queue = ChatDeliveryQueue()
    queue.join(1)

    async with asyncio.timeout(TIMEOUT):
        await queue.join(1).wait()


async def test_an_empty_queue_is_forgotten() -> None:
    queue = ChatDeliveryQueue()
    first, second = queue.join(1), queue.join(1)

    for slot in (first, second):
        with queue.held(slot):
            await slot.wait()

    # Nobody sees from outside that memory is freed.
    assert queue._last == {}  # noqa: SLF001
