"""Asking over HTTP: questions, streams of events, and the books afterwards."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

import aiohttp
from sqlalchemy import text

from okno.assistant.dto import ChatView
from okno.assistant.service import ConversationsService
from okno.billing.dto import Balance
from okno.billing.service import BillingService
from okno.kit.actor import SYSTEM
from okno.kit.db import Engine
from tests.support.api import Api, Reply, Someone
from tests.support.bank import BROKEN_CHAIN, WELCOME, WRONG_BOOKS
from tests.support.wait import TIMEOUT

CHAT = "/api/chat"
COMPLETIONS = "/v1/chat/completions"


@dataclass(frozen=True, slots=True)
class Event:
    """One Server-Sent Event; `data` as JSON where it is JSON."""

    name: str
    data: Any


async def say(
    api: Api, someone: Someone, message: str, *, key: str | None = None, **fields: Any
) -> Reply:
    """Ask the assistant."""
    headers = {} if key is None else {"Idempotency-Key": key}
    body = {"userId": someone.id, "message": message, **fields}
    return await api.post(CHAT, body, someone.token, headers=headers)


async def complete(api: Api, token: str, content: Any, **fields: Any) -> Reply:
    """Ask for a completion of one message."""
    body = {"model": "yandexgpt-lite", "messages": [user(content)], **fields}
    return await api.post(COMPLETIONS, body, token)


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def assistant(content: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": content}


@asynccontextmanager
async def stream(
    api: Api, path: str, body: Any, token: str, headers: Mapping[str, str] | None = None
) -> AsyncIterator[aiohttp.ClientResponse]:
    """Open a stream; leaving the block closes its connection."""
    async with api.client.post(
        api.address + path,
        json={**body, "stream": True},
        headers={"Authorization": f"Bearer {token}", **(headers or {})},
    ) as response:
        yield response


async def events_in(response: aiohttp.ClientResponse) -> AsyncIterator[Event]:
    """Read events as they come; comments are passed over."""
    name, data = "message", ""
    async for raw in response.content:
        line = raw.decode().rstrip("\n")
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            data = line.removeprefix("data: ")
        elif not line and data:
            yield Event(name, json.loads(data) if data.startswith("{") else data)
            name, data = "message", ""


async def read_events(
    api: Api, path: str, body: Any, token: str, headers: Mapping[str, str] | None = None
) -> list[Event]:
    """Read a stream to its end."""
    async with stream(api, path, body, token, headers) as response:
        assert response.status == 200, await response.text()
        return [event async for event in events_in(response)]


async def balance_of(api: Api, someone: Someone) -> Balance:
    return await (await api.container.get(BillingService)).balance(someone.actor)


async def leave_units(api: Api, someone: Someone, units: int) -> None:
    """Take all but so many units off the welcome grant."""
    await balance_of(api, someone)
    billing = await api.container.get(BillingService)
    await billing.adjust(SYSTEM, someone.user_id, units - WELCOME, "tests")


async def chat_of(api: Api, someone: Someone) -> ChatView:
    """Look at the conversation at hand, as the bot does."""
    return await (await api.container.get(ConversationsService)).view(someone.actor)


async def rows(api: Api, query: str) -> list[tuple[Any, ...]]:
    async with (await api.container.get(Engine)).connect() as connection:
        return [tuple(row) for row in await connection.execute(text(query))]


async def scalar(api: Api, query: str) -> Any:
    return (await rows(api, query))[0][0]


async def expect_nothing_held(api: Api) -> None:
    """Fail unless the books are right and nothing is being answered."""
    async with (await api.container.get(Engine)).connect() as connection:
        assert (await connection.execute(WRONG_BOOKS)).all() == []
        assert (await connection.execute(BROKEN_CHAIN)).all() == []
    assert await rows(api, "SELECT * FROM holds") == []
    assert await rows(api, "SELECT * FROM generations") == []
    assert await scalar(api, "SELECT coalesce(sum(held), 0) FROM balances") == 0


async def until_nothing_is_held(api: Api) -> None:
    """Wait for the end of what nobody waits for any more."""
    await until_no_rows(api, "SELECT 1 FROM holds UNION SELECT 1 FROM generations")
    await expect_nothing_held(api)


async def until_no_rows(api: Api, query: str) -> None:
    """Wait until a query finds nothing."""
    deadline = monotonic() + TIMEOUT
    while found := await rows(api, query):
        assert monotonic() < deadline, found
        await asyncio.sleep(0.01)
