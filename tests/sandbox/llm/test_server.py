"""The models as a program of their own, and their end in the middle of answers."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
from aiohttp import ClientError, ClientSession

from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from tests.sandbox.llm.clients import YandexGpt
from tests.support.running_models import serving_models

pytestmark = pytest.mark.slow

Process: TypeAlias = "subprocess.Popen[str]"
ROOT = Path(__file__).parents[3]


@pytest.fixture
def process() -> Iterator[Process]:
    command = [sys.executable, "-m", "sandbox.llm", "--port", "0", "--tokens-per-second", "20"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_tells_its_address_and_stops_at_once(
    process: Process, number: signal.Signals
) -> None:
    """Neither a stalled answer nor one that grows holds it up."""
    assert process.stdout
    line = process.stdout.readline()
    match = re.fullmatch(r"Language model emulator on (http://127\.0\.0\.1:\d+)\n", line)
    assert match, line
    async with ClientSession(match[1]) as http:
        async with http.post("/sim/llm/faults", json={"kind": "stall_inside", "seconds": 600}):
            pass
        client = YandexGpt(http)
        async with client.open("1000 words") as stalled, client.open("1000 words") as growing:
            assert await stalled.content.readline()
            assert await growing.content.readline()
            process.send_signal(number)
            with pytest.raises(ClientError):
                await stalled.read()
            with pytest.raises(ClientError):
                await growing.read()
    assert process.wait(timeout=10) == 0
    assert process.stderr
    assert process.stderr.read() == ""


async def test_a_reset_gives_up_what_is_in_the_making() -> None:
    with serving_models() as running:
        models = running.emulator
        models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=600))
        async with ClientSession(running.address) as http:
            client = YandexGpt(http)
            async with client.open("Hi") as response:
                await response.content.readline()
                models.reset()
                with pytest.raises(ClientError):
                    await response.read()
            assert models.running == 0
            assert await client.frames("Hi")


async def test_an_emulator_can_be_served_again() -> None:
    """As a service that comes back, with what was ordered for it."""
    models = LanguageModelEmulator()
    for _ in range(2):
        with serving_models(models) as running:
            async with ClientSession(running.address) as http:
                assert await YandexGpt(http).frames("Hi")
    assert len(models.requests()) == 2
