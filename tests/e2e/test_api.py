"""The API as an operator runs it: several processes that look like one, and how it ends."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest

from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from sandbox.ports import free_port
from tests.e2e.conftest import StartApi
from tests.e2e.process import ApiProcess
from tests.support.wait import TIMEOUT, until

pytestmark = pytest.mark.slow

PASSWORD = "a window to the sea"


@dataclass(frozen=True, slots=True)
class Client:
    """A registered user with a connection of their own."""

    http: aiohttp.ClientSession
    user_id: str

    async def ask(self, message: str, *, stream: bool = False) -> str:
        body = {"userId": self.user_id, "message": message, "stream": stream}
        async with self.http.post("/api/chat", json=body) as response:
            assert response.status == 200, await response.text()
            return await response.text()


@asynccontextmanager
async def registered(api: ApiProcess, name: str) -> AsyncIterator[Client]:
    body = {"username": name, "password": PASSWORD}
    async with (
        aiohttp.ClientSession(api.address) as http,
        http.post("/api/auth/register", json=body) as response,
    ):
        made = await response.json()
        http.headers["Authorization"] = f"Bearer {made['token']}"
        yield Client(http, made["userId"])


@dataclass(frozen=True, slots=True)
class Metrics:
    """The metrics, read as Prometheus reads them."""

    port: int

    async def lines(self) -> list[str]:
        async with (
            aiohttp.ClientSession() as http,
            http.get(f"http://127.0.0.1:{self.port}/metrics") as response,
        ):
            assert response.status == 200
            return (await response.text()).splitlines()

    async def reach(self, sample: str, count: int) -> None:
        """Wait until so much is counted, which comes after the answer; fail when it is more."""
        async with asyncio.timeout(TIMEOUT):
            while True:
                found = await self._value(sample)
                if found >= count:
                    break
                await asyncio.sleep(0.02)
        assert found == count

    async def _value(self, sample: str) -> float:
        found = [line for line in await self.lines() if line.startswith(f"{sample} ")]
        return sum(float(line.rpartition(" ")[2]) for line in found)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(free_port(0))


def children_of(api: ApiProcess) -> list[int]:
    file = Path(f"/proc/{api.pid}/task/{api.pid}/children")
    return [int(number) for number in file.read_text().split()]


async def get(api: ApiProcess, path: str) -> int:
    """Ask by a new connection, which either process may take."""
    return (await api.get(path))[0]


async def test_two_processes_are_one(start_api: StartApi, metrics: Metrics) -> None:
    api = await start_api("two", API_WORKERS="2", API_METRICS_PORT=str(metrics.port))
    assert len(children_of(api)) == 2
    asked = 'okno_http_requests_total{method="GET",route="/health",status="200"}'

    assert set(await asyncio.gather(*(get(api, "/health") for _ in range(30)))) == {200}

    await metrics.reach(asked, 30)
    async with registered(api, "anna") as anna:
        await anna.ask("echo: Hello")
    answered = 'okno_http_requests_total{method="POST",route="/api/chat",status="200"}'
    await metrics.reach(answered, 1)
    shown = await metrics.lines()
    for number in ("1", "2"):
        for figure in ("process_cpu_seconds_total", "process_resident_memory_bytes"):
            assert [line for line in shown if line.startswith(f'{figure}{{worker="{number}"}}')]
    assert not [line for line in shown if "pid=" in line]
    assert await get(api, "/metrics") == 404, "strangers could read them"

    assert await api.stop() == 0
    assert not [line for line in api.log_lines() if "Traceback" in line]


async def test_a_process_that_dies_is_replaced(start_api: StartApi, metrics: Metrics) -> None:
    api = await start_api("dying", API_WORKERS="2", API_METRICS_PORT=str(metrics.port))
    before = children_of(api)
    asked = 'okno_http_requests_total{method="GET",route="/health",status="200"}'
    await get(api, "/health")
    await metrics.reach(asked, 1)

    os.kill(before[0], signal.SIGKILL)

    # Nobody notices, not even while there is one process only.
    await until(lambda: before[0] not in children_of(api), "the end of the process")
    assert set(await asyncio.gather(*(get(api, "/health") for _ in range(10)))) == {200}
    await until(lambda: api.count("worker died") == 1, "the note of it")
    await until(lambda: len(children_of(api)) == 2, "the next process")
    await metrics.reach(asked, 11)  # what a dead process has counted stays counted

    assert await api.stop() == 0


async def test_the_processes_end_with_their_supervisor(start_api: StartApi, tmp_path: Path) -> None:
    # Nobody is left to clear away the folder of the metrics.
    api = await start_api("orphans", API_WORKERS="2", TMPDIR=str(tmp_path))
    children = children_of(api)

    api.signal(signal.SIGKILL)
    await api.wait()

    await until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children), "their end")


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_a_stream_is_finished_before_the_end(
    start_api: StartApi, language_models: LanguageModelEmulator, workers: str
) -> None:
    api = await start_api(f"finishing-{workers}", API_WORKERS=workers)
    async with registered(api, f"streaming{workers}") as anna:
        language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=2))
        asking = asyncio.create_task(anna.ask("Tell me 60 words", stream=True))  # noqa: TID251 - awaited below
        await until(lambda: language_models.stalled == 1, "the middle of the answer")

        api.signal(signal.SIGTERM)
        await until_refused(api)
        language_models.release()

        events = await asking
    assert events.rstrip().split("\n\n")[-1].startswith("event: done\n")
    assert await api.wait() == 0
    assert not [line for line in api.log_lines() if "Traceback" in line]


async def until_refused(api: ApiProcess) -> None:
    """Wait until nothing new is taken."""
    async with asyncio.timeout(TIMEOUT):
        while True:
            try:
                await get(api, "/health")
            except aiohttp.ClientError:
                return
            await asyncio.sleep(0.02)
