"""The emulator as a program of its own."""

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from aiohttp import ClientSession

pytestmark = pytest.mark.slow

Process: TypeAlias = "subprocess.Popen[str]"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def process() -> Iterator[Process]:
    command = [sys.executable, "-m", "sandbox.telegram", "--port", "0", "--token", "7:x"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def address(process: Process) -> str:
    assert process.stdout
    line = process.stdout.readline()
    match = re.fullmatch(r"Telegram Bot API emulator on (http://127\.0\.0\.1:\d+)\n", line)
    assert match, line
    return match[1]


async def updates(http: ClientSession) -> Any:
    async with http.get("/bot7:x/getUpdates", params={"timeout": "50"}) as response:
        return await response.json()


async def until_polling(http: ClientSession) -> None:
    is_polling = False
    while not is_polling:
        async with http.get("/sim/health") as response:
            is_polling = (await response.json())["polling"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_tells_its_address_and_stops_at_once(
    process: Process, number: signal.Signals
) -> None:
    """Neither a waiting poll nor an open event stream holds it up."""
    async with ClientSession(address(process)) as http:
        async with http.get("/bot7:x/getMe") as response:
            assert (await response.json())["result"]["id"] == 7
        async with http.post("/sim/users", json={"first_name": "Anna"}) as response:
            chat_id = (await response.json())["chat_id"]
        async with http.get(f"/sim/chats/{chat_id}/events") as stream:
            assert await stream.content.readline() == b"id: 1\n"
            poll = asyncio.get_running_loop().create_task(updates(http))
            await until_polling(http)
            process.send_signal(number)
            assert await poll == {"ok": True, "result": []}
    assert process.wait(timeout=10) == 0
    assert process.stderr
    assert process.stderr.read() == ""
