"""`start-over-tcp`: how long one person waits for the bot when nobody else uses it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from itertools import cycle, islice
from typing import Final

from aiohttp import ClientSession

from tools.bench.figures import Figure, ratio, single, spread
from tools.bench.person import HELP, MENU, Person, new_person, open_http, run_people
from tools.bench.reading import read_calls
from tools.bench.stage import bare_stage, okno_stage

STARTS: Final = 200
CLICKS: Final = 200
WARM_UP: Final = 5
"""The first people are not counted: the bot still opens connections and fills caches."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Seconds of each wait; `calls`: number of Bot API calls for all clicks together."""

    starts: list[float]
    clicks: list[float]
    calls: int


def measure() -> list[Figure]:
    with bare_stage() as telegram:
        bare = run_people(_wait(telegram, _greet))
    with okno_stage() as stage:
        okno = run_people(_wait(stage.telegram, Person.register))
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
    """Measure; `begin` brings a person to a window with the buttons."""
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
    """Count the successful calls without polling, which does not depend on the clicks.

    Refused edits are left out. aiogram-dialog gives two windows opened within a second the same id
    in one case of a hundred; then it takes the window for unchanged and edits it twice.
    """
    calls = await read_calls(http)
    return sum(call["status"] == HTTPStatus.OK and call["method"] != "getUpdates" for call in calls)
