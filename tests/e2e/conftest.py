"""The emulator behind HTTP in the loop of the tests; bots as processes of their own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest

from okno.settings import Settings
from sandbox.telegram import Emulator
from sandbox.telegram.app import create_app
from sandbox.telegram.webhook import Backoff
from sandbox.web.server import EmulatorServer, listen
from tests.conftest import wipe
from tests.e2e.process import BotProcess

StartBot = Callable[..., Awaitable[BotProcess]]


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


@pytest.fixture(scope="module")
async def start_bot(
    telegram: Telegram,
    environment: dict[str, str],
    settings: Settings,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[StartBot]:
    """Start bot processes; variables given by name are added to their environment."""
    await wipe(settings)
    folder = tmp_path_factory.mktemp("bots")
    async with AsyncExitStack() as stack:

        async def start(name: str = "bot", **variables: str) -> BotProcess:
            bot = BotProcess(
                {**environment, "TELEGRAM_API_BASE": telegram.address, **variables},
                folder / f"{name}.log",
            )
            stack.push_async_callback(bot.stop)
            await bot.start()
            return bot

        yield start
