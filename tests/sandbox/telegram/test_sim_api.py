"""The users' side over HTTP, its event stream, and the page."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from io import BytesIO
from typing import Any

import pytest
from aiogram import Bot
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from aiohttp import ClientSession, FormData, StreamReader

from sandbox.telegram import Emulator
from sandbox.telegram.core.people import User
from tests.sandbox.telegram.clock import FakeClock
from tests.support.wait import TIMEOUT

Call = Callable[..., Any]
MENU = InlineKeyboardMarkup(
    inline_keyboard=[
        [
            InlineKeyboardButton(text="Menu", callback_data="menu", style="primary"),
            InlineKeyboardButton(text="Site", url="https://example.org"),
        ]
    ]
)


async def ask(http: ClientSession, verb: str, path: str, **how: Any) -> tuple[int, Any]:
    async with http.request(verb, f"/sim{path}", **how) as response:
        return response.status, await response.json()


async def test_people(http: ClientSession) -> None:
    status, anna = await ask(http, "POST", "/users", json={"first_name": " Anna "})
    assert status == 201
    assert anna == {
        "id": 1001,
        "chat_id": 1001,
        "first_name": "Anna",
        "last_name": None,
        "username": None,
        "language_code": "en",
    }
    assert await ask(http, "GET", "/users") == (200, {"users": [anna]})
    team = {"title": "Team", "member_ids": [1001]}
    status, group = await ask(http, "POST", "/groups", json=team)
    assert (status, group["title"], group["chat_id"] < 0) == (201, "Team", True)


@pytest.mark.parametrize(
    ("verb", "path", "body", "status"),
    [
        ("POST", "/users", {}, 400),
        ("POST", "/users", {"first_name": " "}, 400),
        ("POST", "/users", {"first_name": "A", "typo": 1}, 400),
        ("POST", "/groups", {"title": "T", "member_ids": [77]}, 404),
        ("POST", "/chats/77/messages", {"text": "Hi"}, 404),
        ("POST", "/chats/1001/messages", {"text": ""}, 400),
        ("POST", "/chats/1001/messages", {"text": "x" * 4097}, 400),
        ("POST", "/chats/1001/messages", {"text": "😀" * 4000}, 400),
        ("POST", "/chats/1001/clicks", {"message_id": 1, "text": "Menu"}, 404),
        ("POST", "/chats/1001/stop", None, 409),
        ("GET", "/chats/77", None, 404),
        ("GET", "/chats/77/events", None, 404),
        ("GET", "/files/photo-77", None, 404),
        ("POST", "/faults", {"kind": "earthquake"}, 400),
    ],
)
async def test_refusals_tell_why(
    http: ClientSession, anna: User, verb: str, path: str, body: Any, status: int
) -> None:
    assert anna.id == 1001
    answered, answer = await ask(http, verb, path, json=body)
    assert answered == status
    assert isinstance(answer["detail"], str)


async def test_a_conversation(
    http: ClientSession, http_bot: Bot, emulator: Emulator, anna: User
) -> None:
    status, said = await ask(http, "POST", f"/chats/{anna.id}/messages", json={"text": "/start"})
    assert (status, said["author"], said["text"]) == (201, "user", "/start")
    [update] = await http_bot.get_updates()
    assert update.message
    await http_bot.send_message(anna.id, "*Hi*", parse_mode="Markdown", reply_markup=MENU)
    _, chat = await ask(http, "GET", f"/chats/{anna.id}")
    assert chat == emulator.transcript(anna.id)
    assert chat["messages"][1] == {
        "id": 2,
        "date": 1_763_700_000,
        "edited": False,
        "edit_date": None,
        "author": "bot",
        "from": {"id": 1, "first_name": "Okno"},
        "text": "Hi",
        "entities": [{"type": "bold", "offset": 0, "length": 2}],
        "reply_to": None,
        "keyboard": [
            [
                {
                    "text": "Menu",
                    "kind": "callback",
                    "data": "menu",
                    "url": None,
                    "copy": None,
                    "style": "primary",
                    "disabled": False,
                },
                {
                    "text": "Site",
                    "kind": "url",
                    "data": None,
                    "url": "https://example.org",
                    "copy": None,
                    "style": None,
                    "disabled": False,
                },
            ]
        ],
        "media": None,
        "invoice": None,
        "payment": None,
    }


async def test_a_click_waits_for_the_answer(http: ClientSession, http_bot: Bot, anna: User) -> None:
    await http_bot.send_message(anna.id, "Hi", reply_markup=MENU)
    press = {"message_id": 1, "text": "Menu"}
    clicking = asyncio.get_running_loop().create_task(
        ask(http, "POST", f"/chats/{anna.id}/clicks", json=press)
    )
    [update] = await http_bot.get_updates(timeout=10)
    assert update.callback_query
    await http_bot.answer_callback_query(update.callback_query.id, "Done", show_alert=True)
    assert await clicking == (
        200,
        {
            "callback_query_id": update.callback_query.id,
            "answered": True,
            "text": "Done",
            "show_alert": True,
            "url": None,
        },
    )


async def test_a_click_does_not_wait_for_ever(
    http: ClientSession, http_bot: Bot, anna: User
) -> None:
    await http_bot.send_message(anna.id, "Hi", reply_markup=MENU)
    press = {"message_id": 1, "data": "menu", "wait": 0}
    status, answer = await ask(http, "POST", f"/chats/{anna.id}/clicks", json=press)
    assert (status, answer["answered"], answer["text"]) == (200, False, None)


async def test_a_click_does_not_wait_beyond_a_reset(
    http: ClientSession, http_bot: Bot, emulator: Emulator, anna: User
) -> None:
    await http_bot.send_message(anna.id, "Hi", reply_markup=MENU)
    press = {"message_id": 1, "text": "Menu", "wait": 60}
    clicking = asyncio.get_running_loop().create_task(
        ask(http, "POST", f"/chats/{anna.id}/clicks", json=press)
    )
    assert await http_bot.get_updates(timeout=10)
    emulator.reset()
    status, answer = await clicking
    assert (status, answer["answered"]) == (200, False)


async def test_files(http: ClientSession, anna: User) -> None:
    form = FormData({"kind": "document", "caption": "see"}, quote_fields=False)
    form.add_field("file", b"<script>", filename="a b.html", content_type="text/html")
    status, message = await ask(http, "POST", f"/chats/{anna.id}/files", data=form)
    assert (status, message["text"]) == (201, "see")
    media = message["media"]
    assert (media["kind"], media["file_name"], media["size"]) == ("document", "a b.html", 8)
    async with http.get(media["url"]) as response:
        assert await response.read() == b"<script>"
        assert response.content_type == "application/octet-stream"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in response.headers["Content-Security-Policy"]


async def test_pictures_are_shown(http: ClientSession, anna: User) -> None:
    form = FormData({"kind": "photo"})
    form.add_field("file", b"GIF89a\x08\x00\x09\x00", filename="a.gif", content_type="image/gif")
    _, message = await ask(http, "POST", f"/chats/{anna.id}/files", data=form)
    assert (message["media"]["width"], message["media"]["height"]) == (8, 9)
    async with http.get(message["media"]["url"]) as response:
        assert response.content_type == "image/gif"
        assert response.headers["Content-Disposition"].startswith("inline")


async def test_a_file_that_is_too_large_is_refused(http: ClientSession, anna: User) -> None:
    form = FormData({"kind": "document"})
    form.add_field("file", BytesIO(b"x" * (51 * 1024 * 1024)), filename="a.bin")
    status, _ = await ask(http, "POST", f"/chats/{anna.id}/files", data=form)
    assert status == 413


async def test_block_unblock_and_stop(
    http: ClientSession, http_bot: Bot, emulator: Emulator, anna: User
) -> None:
    await http_bot.send_message_draft(chat_id=anna.id, draft_id=1, text="…", can_stop=True)
    for verb in ("stop", "block", "unblock"):
        assert await ask(http, "POST", f"/chats/{anna.id}/{verb}") == (204, None)
    kinds = [list(update)[1] for update in emulator.take_updates()]
    assert kinds == ["stopped_message_generation", "my_chat_member", "my_chat_member"]


async def test_calls_and_faults(http: ClientSession, http_bot: Bot, anna: User) -> None:
    fault = {"method": "getMe", "kind": "error", "code": 503, "times": 2}
    status, added = await ask(http, "POST", "/faults", json=fault)
    assert (status, added["kind"], added["times"]) == (201, "error", 2)
    async with http.get("/bot1:demo/getMe") as response:
        assert response.status == 503
    _, listed = await ask(http, "GET", "/faults")
    assert [item["times"] for item in listed["faults"]] == [1]
    assert await ask(http, "DELETE", "/faults") == (204, None)
    await http_bot.send_message(anna.id, "Hi")
    _, log = await ask(http, "GET", "/calls")
    assert [(call["method"], call["status"]) for call in log["calls"]] == [
        ("getMe", 503),
        ("sendMessage", 200),
    ]
    _, log = await ask(http, "GET", "/calls", params={"method": "SENDMESSAGE"})
    assert [call["params"]["text"] for call in log["calls"]] == ["Hi"]


async def test_reset_and_health(http: ClientSession, emulator: Emulator, anna: User) -> None:
    emulator.say(anna.id, "Hi")
    health = {"status": "ok", "polling": False, "webhook": False}
    assert await ask(http, "GET", "/health") == (200, health)
    assert await ask(http, "POST", "/reset") == (204, None)
    assert await ask(http, "GET", "/users") == (200, {"users": []})
    assert emulator.take_updates() == []


class Events:
    """Read the events as an EventSource in a browser does."""

    def __init__(self, stream: StreamReader) -> None:
        self._stream = stream
        self.ids: list[int] = []

    async def next(self) -> tuple[str, Any]:
        name, data = "", None
        async with asyncio.timeout(TIMEOUT):
            async for line in self._stream:
                field, _, value = line.decode().rstrip("\n").partition(": ")
                if field == "id":
                    self.ids.append(int(value))
                elif field == "event":
                    name = value
                elif field == "data":
                    data = json.loads(value)
                elif not field and name:
                    return name, data
        raise AssertionError("the stream has ended")


@pytest.fixture
async def events(http: ClientSession, anna: User) -> AsyncIterator[Events]:
    async with http.get(f"/sim/chats/{anna.id}/events") as response:
        assert response.content_type == "text/event-stream"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Accel-Buffering"] == "no"
        yield Events(response.content)


async def test_the_event_stream_tells_of_every_change(
    events: Events, http_bot: Bot, emulator: Emulator, anna: User
) -> None:
    name, snapshot = await events.next()
    assert (name, snapshot) == ("snapshot", emulator.transcript(anna.id))
    await http_bot.send_chat_action(anna.id, "typing")
    await http_bot.send_message_draft(chat_id=anna.id, draft_id=1, text="H")
    await http_bot.send_message(anna.id, "Hi", reply_markup=MENU)
    await http_bot.edit_message_text("Ho", chat_id=anna.id, message_id=1)
    await http_bot.delete_message(anna.id, 1)
    emulator.call("setMyCommands", {"commands": [{"command": "go", "description": "Go"}]})
    keyboard = {"keyboard": [["Yes"]]}
    fields = {"chat_id": anna.id, "text": "?", "reply_markup": keyboard}
    emulator.call("sendMessage", fields)
    emulator.block(anna.id)
    told = [await events.next() for _ in range(11)]
    draft = {"draft_id": 1, "text": "H", "entities": [], "can_stop": False}
    assert [name for name, _ in told] == [
        "action",
        "draft",
        "draft",
        "action",
        "message",
        "message",
        "deleted",
        "commands",
        "message",
        "reply_keyboard",
        "blocked",
    ]
    data = [item for _, item in told]
    assert data[0] == {"action": "typing"}
    assert data[1:4] == [{"draft": draft}, {"draft": None}, {"action": None}]
    assert (data[4]["text"], data[4]["keyboard"][0][0]["text"]) == ("Hi", "Menu")
    assert (data[5]["text"], data[5]["edited"]) == ("Ho", True)
    assert data[6:8] == [{"ids": [1]}, {"commands": [{"command": "go", "description": "Go"}]}]
    assert data[9]["reply_keyboard"]["rows"] == [[{"text": "Yes"}]]
    assert data[10] == {"blocked": True}
    assert events.ids == sorted(set(events.ids))


async def test_the_event_stream_tells_of_what_ends_by_itself(
    events: Events, http_bot: Bot, clock: FakeClock, anna: User
) -> None:
    await events.next()
    await http_bot.send_message_draft(chat_id=anna.id, draft_id=1, text="H")
    await events.next()
    clock.advance(30)
    assert await events.next() == ("draft", {"draft": None})


async def test_the_event_stream_is_of_one_chat(
    events: Events, emulator: Emulator, anna: User
) -> None:
    boris = emulator.create_user("Boris")
    await events.next()
    emulator.say(boris.id, "not for Anna")
    emulator.say(anna.id, "Hi")
    name, message = await events.next()
    assert (name, message["text"]) == ("message", "Hi")


async def test_the_event_stream_ends_with_a_reset(events: Events, emulator: Emulator) -> None:
    await events.next()
    emulator.reset()
    assert await events.next() == ("reset", {})
    with pytest.raises(AssertionError, match="has ended"):
        await events.next()


async def test_the_page_runs_its_own_scripts_only(http: ClientSession) -> None:
    async with http.get("/") as response:
        assert response.status == 200
        assert response.content_type == "text/html"
        policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe-inline" not in policy
    async with http.get("/page/index.html") as response:
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/page/..%2fapp.py", "/page/%2e%2e/app.py", "/page//etc/passwd"])
async def test_the_page_serves_nothing_else(http: ClientSession, path: str) -> None:
    async with http.get(path) as response:
        assert response.status == 404


async def test_the_documentation_needs_no_internet(http: ClientSession) -> None:
    async with http.get("/sim/docs") as response:
        page = await response.text()
    assert "https://" not in page
    async with http.get("/sim/openapi.json") as response:
        paths = (await response.json())["paths"]
    assert {"/users", "/chats/{chat_id}/clicks", "/faults", "/calls"} <= set(paths)
