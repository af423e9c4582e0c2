"""The line of a chat: first come, first sent, and nobody waits for ever."""

import asyncio

import pytest

from tests.support.wait import TIMEOUT
from tgbot.answers.line import Line, Place


class Sender:
    """Notes in which order the answers were sent; each when the test lets it."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.sent: list[str] = []

    async def send(self, place: Place, name: str, ready: asyncio.Event) -> None:
        with self.line.held(place):
            await ready.wait()
            await place.turn()
            self.sent.append(name)


async def test_the_order_is_that_of_joining() -> None:
    sender, slow, quick = Sender(Line()), asyncio.Event(), asyncio.Event()
    async with asyncio.timeout(TIMEOUT), asyncio.TaskGroup() as group:
        for name, ready in (("a", slow), ("b", quick), ("c", quick)):
            group.create_task(sender.send(sender.line.join(1), name, ready))
        quick.set()
        await asyncio.sleep(0)
        assert sender.sent == []
        slow.set()

    assert sender.sent == ["a", "b", "c"]


async def test_another_chat_has_another_line() -> None:
    line = Line()
    line.join(1)

    async with asyncio.timeout(TIMEOUT):
        await line.join(2).turn()


async def test_who_fails_leaves_the_line() -> None:
    line = Line()
    first, second = line.join(1), line.join(1)

    with pytest.raises(ZeroDivisionError), line.held(first):
        raise ZeroDivisionError

    async with asyncio.timeout(TIMEOUT):
        await second.turn()


async def test_who_waits_too_long_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tgbot.answers.line.PATIENCE", 0.01)
    line = Line()
    line.join(1)

    async with asyncio.timeout(TIMEOUT):
        await line.join(1).turn()


async def test_an_empty_line_is_forgotten() -> None:
    line = Line()
    first, second = line.join(1), line.join(1)

    for place in (first, second):
        with line.held(place):
            await place.turn()

    # Nobody sees from outside that memory is freed.
    assert line._last == {}  # noqa: SLF001
