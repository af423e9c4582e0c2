"""A process of the API that is killed while it writes an answer, and one that is told to end."""

import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from dishka import AsyncContainer
from sqlalchemy import text

from okno.assistant.dto import Origin
from okno.assistant.jobs import end_interrupted
from okno.assistant.service import AbandonedGenerations
from okno.ioc import create_container
from okno.kit.actor import SYSTEM
from okno.kit.db import Engine
from okno.kit.settings import Settings
from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from tests.e2e.conftest import StartApi
from tests.e2e.process import ApiProcess
from tests.e2e.test_interrupted import expire_leases
from tests.support.wait import until

pytestmark = pytest.mark.slow

QUESTION = "Tell me something in 200 words"


@dataclass(frozen=True, slots=True)
class Client:
    """A registered user of one process of the API."""

    api: ApiProcess
    http: aiohttp.ClientSession
    user_id: str
    token: str

    def ask(self, message: str, *, stream: bool) -> "aiohttp.client._RequestContextManager":
        return self.http.post(
            f"{self.api.address}/api/chat",
            json={"userId": self.user_id, "message": message, "stream": stream},
            headers={"Authorization": f"Bearer {self.token}"},
        )

    def at(self, api: ApiProcess) -> "Client":
        return Client(api, self.http, self.user_id, self.token)


@asynccontextmanager
async def registered(api: ApiProcess, name: str) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as http:
        body = {"username": name, "password": "a window to the sea"}
        async with http.post(f"{api.address}/api/auth/register", json=body) as response:
            assert response.status in {200, 201}, await response.text()
            made = await response.json()
        yield Client(api, http, made["userId"], made["token"])


@pytest.fixture
async def container(settings: Settings) -> AsyncIterator[AsyncContainer]:
    container = create_container(settings)
    yield container
    await container.close()


async def rows(container: AsyncContainer, query: str) -> list[tuple[Any, ...]]:
    async with (await container.get(Engine)).connect() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


async def abandoned(container: AsyncContainer, origin: Origin) -> int:
    generations = await container.get(AbandonedGenerations)
    return len(await generations.end_all(SYSTEM, origin))


async def test_what_a_killed_process_was_answering_fails_and_is_told_nowhere(
    start_api: StartApi,
    settings: Settings,
    container: AsyncContainer,
    language_models: LanguageModelEmulator,
) -> None:
    first = await start_api("first")
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60))
    async with registered(first, "anna") as anna:
        with pytest.raises(aiohttp.ClientError):
            async with anna.ask(QUESTION, stream=True) as response:
                assert await response.content.readline() == b"event: delta\n"
                first.signal(signal.SIGKILL)
                await first.wait()
                await response.read()
        await expire_leases(settings)
        assert await rows(container, "SELECT held > 0 FROM balances") == [(True,)]

        assert await abandoned(container, Origin.TELEGRAM) == 0, "nobody waits in Telegram"
        assert await end_interrupted(container) == {"ended": 1}

        assert await rows(container, "SELECT held, used_total FROM balances") == [(0, 0)]
        assert await rows(container, "SELECT * FROM holds") == []
        assert await rows(container, "SELECT status, failure FROM messages") == [
            ("failed", "answer-interrupted")
        ]
        language_models.release()
        second = await start_api("second")
        async with anna.at(second).ask("echo: Again", stream=False) as response:
            assert (await response.json())["message"] == "Again"


async def test_a_process_that_is_told_to_end_says_so_to_those_who_wait(
    start_api: StartApi, container: AsyncContainer, language_models: LanguageModelEmulator
) -> None:
    api = await start_api("ending", API_GRACE_SECONDS="0.2")
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60, after=2))
    async with registered(api, "boris") as boris, boris.ask(QUESTION, stream=True) as response:
        assert await response.content.readline() == b"event: delta\n"
        await until(lambda: language_models.stalled == 1)
        api.signal(signal.SIGTERM)
        name, data = (await response.text()).strip().split("\n\n")[-1].split("\n")
        assert name == "event: error"
        assert json.loads(data.removeprefix("data: "))["code"] == "answer-interrupted"
    assert await api.wait() == 0
    language_models.release()
    assert await rows(container, "SELECT * FROM holds") == []
    assert await rows(container, "SELECT * FROM generations") == []
    used = f"SELECT used_total > 0 FROM balances WHERE user_id = {boris.user_id}"  # noqa: S608 - a number
    assert await rows(container, used) == [(True,)]
