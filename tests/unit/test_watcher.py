"""The skeleton of a watch: several items at once, and no failure ends it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import cast

import structlog

from okno.kit.nursery import Nursery
from okno.kit.wakeups import Wakeups
from tests.support.wait import until
from tgbot.watcher import Watcher

BUG = 13


class FakeWakeups:
    """Gives a turn at the start and after each wake-up."""

    def __init__(self) -> None:
        self._woken = asyncio.Event()

    async def publish(self, _channel: str) -> None:
        self._woken.set()

    @asynccontextmanager
    async def listening(self, _channel: str, **_: float) -> AsyncIterator[AsyncIterator[None]]:
        yield self._turns()

    async def _turns(self) -> AsyncIterator[None]:
        while True:
            yield None
            await self._woken.wait()
            self._woken.clear()


class Numbers(Watcher[int]):
    name = "numbers"
    channel = "okno:numbers"
    items_at_once = 2

    def __init__(self, wakeups: FakeWakeups, *looks: Sequence[int] | Exception) -> None:
        super().__init__(cast(Wakeups, wakeups), interval=60)
        self.handled: list[int] = []
        self.most_at_once = 0
        self._looks = list(looks)
        self._now = 0

    async def find(self) -> Sequence[int]:
        found = self._looks.pop(0) if self._looks else ()
        if isinstance(found, Exception):
            raise found
        return found

    async def handle(self, item: int) -> None:
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        await asyncio.sleep(0)
        self._now -= 1
        if item == BUG:
            raise ZeroDivisionError
        self.handled.append(item)

    def log_fields(self, item: int) -> dict[str, str | int]:
        return {"number": item}


async def test_as_many_are_handled_at_once_as_there_is_room_for() -> None:
    numbers = Numbers(FakeWakeups(), range(7))

    await numbers.look()

    assert sorted(numbers.handled) == list(range(7))
    assert numbers.most_at_once == 2


async def test_an_item_that_fails_is_logged_and_keeps_no_other_from_its_turn() -> None:
    numbers = Numbers(FakeWakeups(), (1, BUG, 2))

    with structlog.testing.capture_logs(
        processors=[structlog.contextvars.merge_contextvars]
    ) as logs:
        await numbers.look()

    assert sorted(numbers.handled) == [1, 2]
    (line,) = [line for line in logs if line["event"] == "item not handled"]
    assert (line["watch"], line["number"]) == ("numbers", BUG)


async def test_a_look_that_fails_is_followed_by_the_next_one() -> None:
    wakeups, nursery = FakeWakeups(), Nursery(grace=5)
    numbers = Numbers(wakeups, ZeroDivisionError(), (1,))

    async with numbers.running(nursery):
        await wakeups.publish("okno:numbers")
        await until(lambda: numbers.handled == [1], "the second look")

    await until(lambda: len(nursery) == 0, "the end of the watch")


async def test_after_its_end_a_watch_looks_no_more() -> None:
    wakeups, nursery = FakeWakeups(), Nursery(grace=5)
    numbers = Numbers(wakeups, (1,), (2,))

    async with numbers.running(nursery):
        await until(lambda: numbers.handled == [1], "the first look")

    await until(lambda: len(nursery) == 0, "the end of the watch")
    assert numbers.handled == [1]
