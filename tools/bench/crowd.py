"""`many-users`: how many updates the bot handles when many people click at once."""

import asyncio
from collections.abc import Awaitable, Iterable
from contextlib import AsyncExitStack
from itertools import cycle, islice
from time import perf_counter
from typing import Final

from tools.bench.figures import Figure, single, spread
from tools.bench.person import ENGLISH, HELP, MENU, Person, new_person, open_http, run_people
from tools.bench.stage import okno_stage

PEOPLE: Final = 50
CLICKS: Final = 20
"""Per person, one after another."""


def measure() -> list[Figure]:
    with okno_stage() as stage:
        return run_people(_measure(stage.telegram))


async def _measure(telegram: str) -> list[Figure]:
    async with open_http(telegram) as http, AsyncExitStack() as stack:
        people = [await stack.enter_async_context(new_person(http)) for _ in range(PEOPLE)]
        starting = await _time(person.say("/start") for person in people)
        for label in (ENGLISH, MENU):
            await _time(person.press(label) for person in people)
        waits: list[float] = []
        clicking = await _time(_click(person, waits) for person in people)
    return [
        single(
            f"/start of {PEOPLE} people at once, until all have a window", starting * 1000, "ms"
        ),
        single(f"clicks of {PEOPLE} people in parallel", len(waits) / clicking, "updates/s"),
        spread("click until the edit is seen, meanwhile", waits),
    ]


async def _click(person: Person, waits: list[float]) -> None:
    waits += [await person.press(label) for label in islice(cycle((HELP, MENU)), CLICKS)]


async def _time(actions: Iterable[Awaitable[object]]) -> float:
    """Run all at once; return the seconds until the last one is done."""
    started = perf_counter()
    await asyncio.gather(*actions)
    return perf_counter() - started
