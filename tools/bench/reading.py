"""Reads figures from the bot and from the emulator of Telegram."""

import re
from typing import Any

from aiohttp import ClientSession

from tools.bench.errors import BenchError


async def read_metric(bot: ClientSession, name: str) -> float:
    """Read a metric of the bot's process. Raises `BenchError`: only Linux has these metrics."""
    async with bot.get("/metrics") as response:
        found = re.search(rf"^{name} (\S+)$", await response.text(), re.MULTILINE)
    if found is None:
        raise BenchError(f"the bot has no metric {name} on this system")
    return float(found[1])


async def read_calls(emulators: ClientSession) -> list[dict[str, Any]]:
    """Read all calls that the bot has made to the Bot API."""
    async with emulators.get("/sim/calls") as response:
        calls: list[dict[str, Any]] = (await response.json())["calls"]
    return calls
