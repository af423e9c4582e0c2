"""`start-over-tcp`: how long one person waits for the bot, with nobody else there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from itertools import cycle, islice
from typing import Final

from aiohttp import ClientSession

from tools.bench.figures import Figure, ratio, single, spread
from tools.bench.person import HELP, MENU, Person, drive, new_person, open_http
from tools.bench.stage import bare_stage, okno_stage

STARTS: Final = 200
CLICKS: Final = 200
WARM_UP: Final = 5
"""The first people meet connections and caches that are not there yet: they are not counted."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds, one after another; `calls` are those of the Bot API for all clicks together."""

    starts: list[float]
    clicks: list[float]
    calls: int


def measure() -> list[Figure]:
    with bare_stage() as telegram:
        bare = drive(_wait(telegram, _greet))
    with okno_stage() as stage:
        okno = drive(_wait(stage.telegram, Person.register))
    return [
        spread("/start until the window is seen", okno.starts),
        spread("click until the edit is seen", okno.clicks),
        single("Bot API calls per click", okno.calls / CLICKS, "calls"),
        spread("the same /start with a bare bot", bare.starts),
        spread("the same click with a bare bot", bare.clicks),
        ratio("/start, Okno to bare bot", okno.starts, bare.starts),
        ratio("click, Okno to bare bot", okno.clicks, bare.clicks),
    ]


async def _greet(person: Person) -> None:
    await person.say("/start")


async def _wait(telegram: str, begin: Callable[[Person], Awaitable[None]]) -> Waits:
    """`begin` brings a person to a window that has the buttons."""
    async with open_http(telegram) as http:
        starts = [await _start(http) for _ in range(WARM_UP + STARTS)]
        async with new_person(http) as person:
            await begin(person)
            before = await _count_calls(http)
            clicks = [await person.press(label) for label in islice(cycle((HELP, MENU)), CLICKS)]
        return Waits(starts[WARM_UP:], clicks, await _count_calls(http) - before)


async def _start(http: ClientSession) -> float:
    async with new_person(http) as person:
        return await person.say("/start")


async def _count_calls(http: ClientSession) -> int:
    """Count what had an effect, without the polls, which do not depend on what people do.

    A refused edit is no one's wait: of two windows opened within a second, aiogram-dialog gives
    one in a hundred the id of the other, takes it for unchanged, and shows it once more.
    """
    async with http.get("/sim/calls") as response:
        calls = (await response.json())["calls"]
    return sum(call["status"] == HTTPStatus.OK and call["method"] != "getUpdates" for call in calls)
