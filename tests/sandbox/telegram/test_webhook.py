"""The webhook: how it is set, and how updates get there."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiogram import Bot
from aiohttp import ClientSession, FormData, web

from sandbox.telegram import Emulator
from sandbox.telegram.core.people import User
from sandbox.telegram.webhook import Backoff
from tests.support.wait import TIMEOUT

Call = Callable[..., Any]
LOCAL = "http://127.0.0.1:9/hook"


@dataclass
class Receiver:
    """The bot's side: keeps what it is sent and answers as it is told."""

    url: str = ""
    received: asyncio.Queue[tuple[dict[str, Any], str | None]] = field(
        default_factory=asyncio.Queue
    )
    answers: list[Callable[[], web.Response]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        self.received.put_nowait((await request.json(), secret))
        return self.answers.pop(0)() if self.answers else web.json_response({})

    async def next_text(self) -> str:
        update, _ = await self.received.get()
        return str(update["message"]["text"])


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0]
    receiver.url = f"http://{host}:{port}/hook"
    yield receiver
    await runner.cleanup()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(TIMEOUT):
        while not condition():  # noqa: ASYNC110 - of what is waited for here nobody is told
            await asyncio.sleep(0.001)


def pending(emulator: Emulator) -> int:
    _, body = emulator.call("getWebhookInfo")
    return int(body["result"]["pending_update_count"])


def test_setting_and_deleting(emulator: Emulator, result: Call) -> None:
    def described(method: str, **fields: Any) -> str:
        status, body = emulator.call(method, fields)
        assert (status, body["ok"], body["result"]) == (200, True, True)
        return str(body["description"])

    url = "https://example.org:8443/hook"
    assert described("deleteWebhook") == "Webhook is already deleted"
    assert described("setWebhook", url=url, max_connections=500) == "Webhook was set"
    assert described("setWebhook", url=url, max_connections=100) == "Webhook is already set"
    assert described("setWebhook", url=url, secret_token="s") == "Webhook was set"
    assert result("getWebhookInfo") == {
        "url": url,
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 40,
    }
    assert described("setWebhook") == "Webhook was deleted"
    assert result("getWebhookInfo")["url"] == ""


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (
            {"url": "http://example.org"},
            "bad webhook: An HTTPS URL must be provided for webhook",
        ),
        (
            {"url": "https://example.org:1234"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "ftp://example.org"}, "invalid webhook URL specified"),
        ({"url": "https://"}, "invalid webhook URL specified"),
        ({"url": "https://example.org:port"}, "invalid webhook URL specified"),
        (
            {"url": "https://example.org", "secret_token": "with space"},
            "secret token contains unallowed characters",
        ),
    ],
)
def test_what_can_not_be_a_webhook(refused: Call, result: Call, fields: Any, words: str) -> None:
    assert refused("setWebhook", **fields) == words
    assert result("getWebhookInfo")["url"] == ""


@pytest.mark.parametrize("url", ["http://localhost:5000/x", LOCAL, "http://[::1]:80/"])
def test_plain_http_is_fine_on_this_machine(result: Call, url: str) -> None:
    assert result("setWebhook", url=url) is True


def test_pending_updates_can_be_dropped(emulator: Emulator, result: Call, anna: User) -> None:
    for method in ("setWebhook", "deleteWebhook"):
        emulator.say(anna.id, "Hi")
        assert pending(emulator) == 1
        result(method, url=LOCAL, drop_pending_updates=True)
        assert pending(emulator) == 0


def test_only_what_is_asked_for_is_queued(emulator: Emulator, result: Call, anna: User) -> None:
    result("setWebhook", url=LOCAL, allowed_updates=["callback_query"])
    emulator.say(anna.id, "Hi")
    info = result("getWebhookInfo")
    assert (info["pending_update_count"], info["allowed_updates"]) == (0, ["callback_query"])


async def test_updates_arrive_in_order_with_the_secret(
    http_bot: Bot, receiver: Receiver, emulator: Emulator, anna: User
) -> None:
    emulator.say(anna.id, "0")
    await http_bot.set_webhook(receiver.url, secret_token="s3cret")
    for number in range(1, 5):
        emulator.say(anna.id, str(number))
    first, secret = await receiver.received.get()
    assert (first["message"]["text"], secret) == ("0", "s3cret")
    assert [await receiver.next_text() for _ in range(4)] == ["1", "2", "3", "4"]
    await until(lambda: pending(emulator) == 0)


@pytest.mark.usefixtures("server")
async def test_a_refused_update_is_sent_again_before_the_next_one(
    receiver: Receiver, emulator: Emulator, result: Call, anna: User
) -> None:
    receiver.answers = [
        lambda: web.Response(status=500),
        lambda: web.Response(status=302, headers={"Location": "/"}),
        lambda: web.Response(status=204),
    ]
    result("setWebhook", url=receiver.url)
    for text in ("a", "b"):
        emulator.say(anna.id, text)
    assert [await receiver.next_text() for _ in range(4)] == ["a", "a", "a", "b"]
    info = result("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 302 Found"
    assert info["last_error_date"] == 1_763_700_000
    await until(lambda: pending(emulator) == 0)


@pytest.mark.usefixtures("server")
async def test_one_slow_chat_does_not_stop_another(
    receiver: Receiver, emulator: Emulator, result: Call, anna: User
) -> None:
    boris = emulator.create_user("Boris")
    later = web.Response(status=429, headers={"Retry-After": "3600"})
    receiver.answers = [lambda: later]
    result("setWebhook", url=receiver.url)
    emulator.say(anna.id, "stuck")
    assert await receiver.next_text() == "stuck"
    emulator.say(boris.id, "free")
    assert await receiver.next_text() == "free"
    await until(lambda: pending(emulator) == 1)


@pytest.mark.usefixtures("server")
async def test_nobody_there_is_an_error_to_be_read(
    emulator: Emulator, result: Call, anna: User
) -> None:
    result("setWebhook", url=LOCAL)
    emulator.say(anna.id, "Hi")
    await until(lambda: "last_error_message" in result("getWebhookInfo"))
    assert "Connection failed" in result("getWebhookInfo")["last_error_message"]
    assert pending(emulator) == 1


@pytest.mark.usefixtures("server")
async def test_a_new_webhook_gets_what_the_old_one_did_not_take(
    receiver: Receiver, emulator: Emulator, result: Call, anna: User
) -> None:
    result("setWebhook", url=LOCAL)
    emulator.say(anna.id, "Hi")
    await until(lambda: "last_error_message" in result("getWebhookInfo"))
    result("setWebhook", url=receiver.url)
    assert await receiver.next_text() == "Hi"
    await until(lambda: pending(emulator) == 0)
    assert "last_error_message" not in result("getWebhookInfo")


def reply_json(call: dict[str, Any]) -> web.Response:
    return web.json_response(call)


def reply_form(call: dict[str, Any]) -> web.Response:
    return web.Response(body=FormData(call)())


def reply_multipart(call: dict[str, Any]) -> web.Response:
    form = FormData(call, default_to_multipart=True)
    return web.Response(body=form())


@pytest.mark.parametrize("reply", [reply_json, reply_form, reply_multipart])
@pytest.mark.usefixtures("server")
async def test_a_call_in_the_answer_is_carried_out(
    receiver: Receiver,
    emulator: Emulator,
    result: Call,
    anna: User,
    reply: Callable[[dict[str, Any]], web.Response],
) -> None:
    call = {"method": "sendMessage", "chat_id": str(anna.id), "text": "from the webhook"}
    receiver.answers = [lambda: reply(call)]
    result("setWebhook", url=receiver.url)
    emulator.say(anna.id, "Hi")
    await until(lambda: len(emulator.transcript(anna.id)["messages"]) == 2)
    assert emulator.transcript(anna.id)["messages"][1]["text"] == "from the webhook"


@pytest.mark.parametrize("method", ["getMe", "setWebhook", "deleteWebhook", "close", "logOut"])
@pytest.mark.usefixtures("server")
async def test_some_calls_are_not_for_an_answer(
    receiver: Receiver, emulator: Emulator, result: Call, anna: User, method: str
) -> None:
    receiver.answers = [lambda: reply_json({"method": method})]
    result("setWebhook", url=receiver.url)
    emulator.say(anna.id, "Hi")
    await receiver.received.get()
    await until(lambda: pending(emulator) == 0)
    calls = [call for call in emulator.calls(method) if not call.params]
    assert calls == []


async def test_polling_works_again_after_the_webhook(
    http_bot: Bot, http: ClientSession, emulator: Emulator, anna: User
) -> None:
    await http_bot.set_webhook(LOCAL)
    async with http.get("/sim/health") as response:
        assert (await response.json())["webhook"] is True
    await http_bot.delete_webhook()
    emulator.say(anna.id, "Hi")
    [update] = await http_bot.get_updates()
    assert update.message
    assert update.message.text == "Hi"


def test_pauses_double_up_to_a_limit() -> None:
    backoff = Backoff()
    pauses = [backoff.pause(failures) for failures in range(1, 9)]
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
    assert json.dumps(backoff.pause(10_000)) == "60.0"
