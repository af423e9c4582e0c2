"""An emulator whose time stands still, somebody to talk to it, and the ways into it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import ClientSession
from pydantic import BaseModel

from sandbox.telegram import Emulator, EmulatorSession
from sandbox.telegram.app import create_app
from sandbox.telegram.core.people import User
from sandbox.telegram.webhook import Backoff
from sandbox.telegram.wire.serialise import to_wire
from sandbox.telegram.wire.unknown import unknown_fields
from sandbox.web.server import EmulatorServer, listen
from tests.sandbox.telegram.clock import FakeClock

TOKEN = "1:demo"
BAD_REQUEST = "Bad Request: "


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def emulator(clock: FakeClock) -> Emulator:
    return Emulator(TOKEN, clock=clock)


@pytest.fixture
def anna(emulator: Emulator) -> User:
    return emulator.create_user("Anna", username="anna", language_code="en")


@pytest.fixture
def bot(emulator: Emulator) -> Bot:
    """Aiogram in the same process as the emulator."""
    return Bot(TOKEN, session=EmulatorSession(emulator))


@pytest.fixture
async def server(emulator: Emulator) -> AsyncIterator[str]:
    """The emulator behind real HTTP; gives its address."""
    server = EmulatorServer(create_app(emulator, backoff=Backoff(first=0.01, last=0.02)))
    listener = listen()
    serving = asyncio.get_running_loop().create_task(server.serve(sockets=[listener]))
    await server.ready.wait()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await serving


@pytest.fixture
async def http(server: str) -> AsyncIterator[ClientSession]:
    """Any client, with the emulator's address as its base."""
    async with ClientSession(server) as session:
        yield session


@pytest.fixture
async def http_bot(server: str) -> AsyncIterator[Bot]:
    """Aiogram over TCP, as the product runs it."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(server))
    connections = await session.create_session()
    yield Bot(TOKEN, session=session)
    await connections.close()  # aiogram's own way to close takes a pause first


@pytest.fixture
def result(emulator: Emulator) -> Callable[..., Any]:
    """Makes a call that must succeed; returns its result."""

    def call(method: str, **fields: Any) -> Any:
        status, reply = emulator.call(method, fields)
        assert (status, reply["ok"]) == (200, True), reply
        return reply["result"]

    return call


@pytest.fixture
def refused(emulator: Emulator) -> Callable[..., str]:
    """Makes a call that must be refused with 400; returns why."""

    def call(method: str, **fields: Any) -> str:
        status, reply = emulator.call(method, fields)
        assert (status, reply["ok"], reply.get("error_code")) == (400, False, 400), reply
        description: str = reply["description"]
        assert description.startswith(BAD_REQUEST)
        return description.removeprefix(BAD_REQUEST)

    return call


@pytest.fixture
def expect_official() -> Callable[[type[BaseModel], Any], None]:
    """Fails unless the wire form is that of the class: no field too many, none too few."""

    def expect(shape: type[BaseModel], wire: Any) -> None:
        parsed = shape.model_validate(wire)
        assert list(unknown_fields(parsed)) == []
        assert to_wire(parsed) == wire

    return expect
