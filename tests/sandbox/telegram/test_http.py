"""The Bot API over HTTP for clients of any language: no aiogram here."""

import asyncio
import json
from typing import Any
from urllib.request import urlopen

import pytest
from aiohttp import ClientSession, FormData

from sandbox.telegram import Emulator
from sandbox.telegram.core.people import User
from tests.support.wait import TIMEOUT

API = "/bot1:demo/"


async def reply(http: ClientSession, path: str, verb: str = "GET", **how: Any) -> tuple[int, Any]:
    async with http.request(verb, path, **how) as response:
        return response.status, await response.json()


async def test_a_call_by_address_alone(http: ClientSession, anna: User) -> None:
    query = {"chat_id": str(anna.id), "text": "<i>Hi</i> & bye", "parse_mode": "html"}
    status, body = await reply(http, API + "sendmessage", params=query)
    assert (status, body["ok"]) == (200, True)
    assert body["result"]["text"] == "Hi & bye"
    assert body["result"]["chat"]["id"] == anna.id


async def test_a_call_with_the_standard_library(server: str) -> None:
    def ask() -> Any:
        with urlopen(f"{server}{API}getMe") as response:  # noqa: S310 - our own server
            return json.load(response)

    assert (await asyncio.to_thread(ask))["result"]["is_bot"] is True


async def test_a_call_in_json(http: ClientSession, anna: User) -> None:
    markup = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    call = {"chat_id": anna.id, "text": "Hi", "reply_markup": markup, "protect_content": True}
    _, body = await reply(http, API + "sendMessage", "POST", json=call)
    assert body["result"]["reply_markup"] == markup
    assert body["result"]["has_protected_content"] is True


async def test_a_call_as_a_form(http: ClientSession, anna: User) -> None:
    call = {"chat_id": str(anna.id), "text": "Привет", "entities": "[]"}
    _, body = await reply(http, API + "sendMessage", "POST", data=call)
    assert body["result"]["text"] == "Привет"


async def test_a_call_with_a_file(http: ClientSession, emulator: Emulator, anna: User) -> None:
    form = FormData()
    form.add_field("chat_id", str(anna.id))
    form.add_field("document", b"content", filename="notes.txt", content_type="text/plain")
    _, body = await reply(http, API + "sendDocument", "POST", data=form)
    document = body["result"]["document"]
    assert (document["file_name"], document["file_size"]) == ("notes.txt", 7)
    _, body = await reply(http, API + "getFile", params={"file_id": document["file_id"]})
    async with http.get(f"/file{API}{body['result']['file_path']}") as response:
        assert await response.read() == b"content"
    assert emulator.calls("sendDocument")[0].params["document"] == {
        "file_name": "notes.txt",
        "size": 7,
    }


async def test_the_body_goes_before_the_address(http: ClientSession, anna: User) -> None:
    path = f"{API}sendMessage?chat_id={anna.id}&text=address"
    _, body = await reply(http, path, "POST", json={"text": "body"})
    assert body["result"]["text"] == "body"


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("/bot1:wrong/getMe", 401, "Unauthorized"),
        ("/file/bot1:wrong/photos/file_1.jpg", 401, "Unauthorized"),
        ("/file/bot1:demo/photos/file_1.jpg", 404, "Not Found"),
        (API + "getMee", 404, "Not Found: method not found"),
        (API + "sendMessage", 400, "Bad Request: chat_id is empty"),
        (API + "getAvailableGifts", 501, "Not Implemented: the emulator can't answer"),
    ],
)
async def test_refusals_have_the_official_shape(
    http: ClientSession, path: str, status: int, description: str
) -> None:
    answered, body = await reply(http, path)
    assert answered == body["error_code"] == status
    assert body["ok"] is False
    assert body["description"].startswith(description)


@pytest.mark.parametrize("path", ["..", "%2e%2e/%2e%2e/app.py", "/etc/passwd"])
async def test_only_stored_files_are_served(http: ClientSession, path: str) -> None:
    async with http.get(f"/file/bot1:demo/{path}") as response:
        assert response.status in (400, 404)


async def test_a_body_that_is_too_large_is_refused(http: ClientSession) -> None:
    """Its length alone is enough: nothing of it is read."""
    headers = {"Content-Length": str(60 * 1024 * 1024), "Expect": "100-continue"}
    status, body = await reply(http, API + "sendMessage", "POST", headers=headers)
    assert (status, body["error_code"]) == (413, 413)
    assert body["description"] == "Request Entity Too Large"


async def test_so_is_one_that_does_not_tell_its_length(http: ClientSession) -> None:
    async def endless() -> Any:
        for _ in range(51):
            yield b"x" * 1024 * 1024

    status, body = await reply(http, API + "sendMessage", "POST", data=endless())
    assert (status, body["description"]) == (413, "Request Entity Too Large")


async def test_a_body_that_can_not_be_read_is_refused(http: ClientSession) -> None:
    headers = {"Content-Type": "application/json"}
    status, body = await reply(http, API + "sendMessage", "POST", data=b"{", headers=headers)
    assert (status, body["description"]) == (400, "Bad Request: can't parse request body as JSON")


async def test_a_second_poll_makes_the_first_one_fail(
    http: ClientSession, emulator: Emulator, anna: User
) -> None:
    async def poll() -> tuple[int, Any]:
        return await reply(http, API + "getUpdates", params={"timeout": "50"})

    async with asyncio.TaskGroup() as tasks:
        polls = {tasks.create_task(poll()), tasks.create_task(poll())}
        failed, _ = await asyncio.wait(polls, return_when=asyncio.FIRST_COMPLETED)
        emulator.say(anna.id, "Hi")
    [first] = failed
    [second] = polls - failed
    assert first.result()[0] == 409
    assert second.result()[1]["result"][0]["message"]["text"] == "Hi"


async def test_the_poll_of_a_bot_that_is_gone_waits_no_longer(
    http: ClientSession, server: str
) -> None:
    async def is_polling() -> bool:
        return bool((await reply(http, "/sim/health"))[1]["polling"])

    async with ClientSession(server) as killed:
        poll = asyncio.get_running_loop().create_task(
            reply(killed, API + "getUpdates", params={"timeout": "50"})
        )
        async with asyncio.timeout(TIMEOUT):
            while not await is_polling():
                pass
        poll.cancel()
    async with asyncio.timeout(TIMEOUT):
        while await is_polling():
            pass
