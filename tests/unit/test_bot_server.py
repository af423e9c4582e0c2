"""The bot's HTTP server, in front of queues that only remember."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest
from aiogram import Bot
from aiogram.types import Update
from aiohttp import web

from okno.kit.health import HealthChecks
from okno.kit.server import create_server
from sandbox.web.server import listen
from tgbot import webhook
from tgbot.update_queues import UpdateQueues

SECRET = "secret"


class RememberingQueues:
    """Handles every update by noting its id."""

    def __init__(self) -> None:
        self.taken: list[int] = []

    async def submit(self, update: Update) -> asyncio.Future[None]:
        self.taken.append(update.update_id)
        done = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done


class Hook:
    """Sends raw requests to the webhook."""

    def __init__(self, port: int, queues: RememberingQueues) -> None:
        self._port = port
        self.queues = queues

    async def post(self, body: bytes, *, secret: bytes = SECRET.encode(), length: int = 0) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(
            b"POST /hook HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            b"X-Telegram-Bot-Api-Secret-Token: " + secret + b"\r\n"
            b"Content-Length: " + str(length or len(body)).encode() + b"\r\n\r\n" + body
        )
        status = int((await reader.readline()).split()[1])
        writer.close()
        return status


@pytest.fixture
async def hook(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Hook]:
    monkeypatch.setattr(webhook, "BODY_SECONDS", 0.05)
    queues = RememberingQueues()
    app = create_server(cast(HealthChecks, None))
    webhook.add_webhook(app, "/hook", SECRET, Bot("1:demo"), cast(UpdateQueues, queues))
    runner = web.AppRunner(app)
    await runner.setup()
    listener = listen()
    await web.SockSite(runner, listener).start()
    yield Hook(listener.getsockname()[1], queues)
    await runner.cleanup()


def update(number: int, **content: Any) -> bytes:
    return json.dumps({"update_id": number, **content}).encode()


MESSAGE = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "x"}


async def test_an_update_is_taken(hook: Hook) -> None:
    assert await hook.post(update(5, message=MESSAGE)) == 200
    assert hook.queues.taken == [5]


@pytest.mark.parametrize(
    "content",
    [{"news_of_next_year": {}}, {"message": {"text": "no chat"}}, {}],
    ids=["unknown kind", "unreadable message", "nothing"],
)
async def test_an_update_that_can_not_be_read_is_taken_and_let_go(
    hook: Hook, content: dict[str, Any]
) -> None:
    assert await hook.post(update(5, **content)) == 200
    assert hook.queues.taken == []


@pytest.mark.parametrize("secret", [b"", b"Secret", b"\xff\xfe", "секрет".encode()])
async def test_another_secret_is_refused(hook: Hook, secret: bytes) -> None:
    assert await hook.post(update(5, message=MESSAGE), secret=secret) == 401
    assert hook.queues.taken == []


async def test_a_body_that_does_not_come_is_not_waited_for(hook: Hook) -> None:
    assert await hook.post(b"{", length=100) == 408
