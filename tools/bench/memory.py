"""`memory`: memory of the bot's process before and after many people have started it."""

import asyncio
from typing import Final

from aiohttp import ClientSession

from tools.bench.figures import Figure, single
from tools.bench.person import new_person, open_http, run_people
from tools.bench.reading import read_metric
from tools.bench.stage import Stage, okno_stage

PEOPLE: Final = 1000
STARTS_AT_ONCE: Final = 25
_MB: Final = 2**20


def measure() -> list[Figure]:
    with okno_stage() as stage:
        sizes = run_people(_measure(stage))
    growth = list(sizes.values())[-1] - sizes["idle"]
    return [
        Figure("resident memory of the bot", "MB", sizes),
        single("growth per 1,000 open dialogs", growth * 1000 / PEOPLE, "MB"),
    ]


async def _measure(stage: Stage) -> dict[str, float]:
    """Return the memory at the start, after half of the people and after all of them.

    A leak shows as growth in the second half.
    """
    half = PEOPLE // 2
    async with open_http(stage.telegram) as people, open_http(stage.bot) as bot:
        sizes = {"idle": await _resident_mb(bot)}
        for met in (half, PEOPLE):
            await _meet(people, half)
            sizes[f"after {met} people"] = await _resident_mb(bot)
    return sizes


async def _meet(http: ClientSession, count: int) -> None:
    for _ in range(count // STARTS_AT_ONCE):
        await asyncio.gather(*(_start(http) for _ in range(STARTS_AT_ONCE)))


async def _start(http: ClientSession) -> None:
    async with new_person(http) as person:
        await person.say("/start")


async def _resident_mb(bot: ClientSession) -> float:
    return await read_metric(bot, "process_resident_memory_bytes") / _MB
