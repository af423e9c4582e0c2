"""`memory`: what the bot's process holds, before and after it has met many people."""

import asyncio
import re
from typing import Final

from aiohttp import ClientSession

from tools.bench.errors import BenchError
from tools.bench.figures import Figure, single
from tools.bench.person import drive, new_person, open_http
from tools.bench.stage import Stage, okno_stage

PEOPLE: Final = 1000
AT_ONCE: Final = 25
_RESIDENT: Final = re.compile(r"^process_resident_memory_bytes (\S+)$", re.MULTILINE)
_MB: Final = 2**20


def measure() -> list[Figure]:
    with okno_stage() as stage:
        sizes = drive(_measure(stage))
    growth = list(sizes.values())[-1] - sizes["idle"]
    return [
        Figure("resident memory of the bot", "MB", sizes),
        single("growth per 1,000 open dialogs", growth * 1000 / PEOPLE, "MB"),
    ]


async def _measure(stage: Stage) -> dict[str, float]:
    """Half way there is a stop: growth that goes on would show in the second half."""
    half = PEOPLE // 2
    async with open_http(stage.telegram) as people, open_http(stage.bot) as bot:
        sizes = {"idle": await _resident(bot)}
        for met in (half, PEOPLE):
            await _meet(people, half)
            sizes[f"after {met} people"] = await _resident(bot)
    return sizes


async def _meet(http: ClientSession, count: int) -> None:
    for _ in range(count // AT_ONCE):
        await asyncio.gather(*(_start(http) for _ in range(AT_ONCE)))


async def _start(http: ClientSession) -> None:
    async with new_person(http) as person:
        await person.say("/start")


async def _resident(bot: ClientSession) -> float:
    """Ask the bot itself, through `/metrics`; it knows on Linux alone."""
    async with bot.get("/metrics") as response:
        found = _RESIDENT.search(await response.text())
    if found is None:
        raise BenchError("the bot's process can't tell its memory on this system")
    return float(found[1]) / _MB
