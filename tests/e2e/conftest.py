"""The emulator behind HTTP in the loop of the tests; programs as processes of their own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from sandbox.telegram import Emulator
from sandbox.telegram.app import create_app
from sandbox.telegram.webhook import Backoff
from sandbox.web.server import EmulatorServer, listen
from tests.e2e.process import ApiProcess, BotProcess, ProgramProcess, WorkerProcess
from tests.support.emptying import Servers

P = TypeVar("P", bound=ProgramProcess)
StartApi = Callable[..., Awaitable[ApiProcess]]
StartBot = Callable[..., Awaitable[BotProcess]]
StartWorker = Callable[..., Awaitable[WorkerProcess]]


@dataclass
class Telegram:
    """The emulator and where it listens."""

    emulator: Emulator
    address: str


@pytest.fixture(scope="module")
async def telegram() -> AsyncIterator[Telegram]:
    emulator = Emulator()
    server = EmulatorServer(create_app(emulator, backoff=Backoff(first=0.05, last=0.2)))
    listener = listen()
    serving = asyncio.create_task(server.serve(sockets=[listener]))  # noqa: TID251 - awaited below
    await server.ready.wait()
    yield Telegram(emulator, f"http://127.0.0.1:{listener.getsockname()[1]}")
    server.should_exit = True
    await serving


@pytest.fixture
async def emptied(telegram: Telegram) -> None:
    """Forget the calls and faults of the test before; people stay, since windows are open."""
    telegram.emulator.clear_faults()
    telegram.emulator.clear_calls()


class Programs:
    """Starts programs on the servers of the tests and this Telegram, and stops them at the end."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._environment = environment
        self._folder = folder
        self._stack = AsyncExitStack()

    async def start(self, kind: type[P], name: str, **variables: str) -> P:
        """Variables given by name are added to the environment."""
        program = kind({**self._environment, **variables}, self._folder / f"{name}.log")
        self._stack.push_async_callback(program.stop)
        await program.start()
        return program

    async def stop(self) -> None:
        await self._stack.aclose()


@pytest.fixture(scope="module")
async def programs(
    telegram: Telegram,
    environment: dict[str, str],
    servers: Servers,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Programs]:
    await servers.empty()
    programs = Programs(
        {**environment, "TELEGRAM_API_BASE": telegram.address}, tmp_path_factory.mktemp("programs")
    )
    yield programs
    await programs.stop()


@pytest.fixture(scope="module")
def start_api(programs: Programs) -> StartApi:
    async def start(name: str = "api", **variables: str) -> ApiProcess:
        return await programs.start(ApiProcess, name, **{"API_METRICS_PORT": "0", **variables})

    return start


@pytest.fixture(scope="module")
def start_bot(programs: Programs) -> StartBot:
    async def start(name: str = "bot", **variables: str) -> BotProcess:
        return await programs.start(BotProcess, name, **variables)

    return start


@pytest.fixture(scope="module")
def start_worker(programs: Programs) -> StartWorker:
    async def start(name: str = "worker", **variables: str) -> WorkerProcess:
        return await programs.start(WorkerProcess, name, **variables)

    return start
