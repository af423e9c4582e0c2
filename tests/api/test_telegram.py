"""Requests over HTTP that are confirmed in Telegram: passwords, and joined accounts."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from okno.accounts.service import ConfirmationsService
from okno.kit.actor import Actor
from okno.kit.settings import Settings
from sandbox.telegram import Emulator
from tests.support.api import PASSWORD, Api, Reply, Someone
from tests.support.bank import WELCOME
from tests.support.talking import balance_of, rows, scalar
from tests.support.telegram_over_http import ASK, decide, meet, open_api_at, open_connected

LINK = "/api/auth/telegram/link"
TELEGRAM_ID = 7001


@pytest.fixture
async def connected(settings: Settings, clean: None, emulator: Emulator) -> AsyncIterator[Api]:
    """An API that finds Telegram."""
    async with open_connected(settings, emulator) as api:
        yield api


async def ask(api: Api, telegram_id: Any = str(TELEGRAM_ID), password: Any = PASSWORD) -> Reply:
    return await api.post(ASK, {"telegramId": telegram_id, "password": password})


async def join(api: Api, someone: Someone, actor: Actor) -> None:
    """Open the link of somebody in Telegram and confirm."""
    asked = await api.post(LINK, None, someone.token)
    code = asked.body["link"].partition("=join_")[2]
    await (await api.container.get(ConfirmationsService)).open_link(actor, code)
    await decide(api, actor, asked)


async def state(api: Api, asked: Reply) -> str:
    reply = await api.get(f"{ASK}/{asked.body['id']}")
    assert reply.status == 200
    assert set(reply.body) == {"state"}
    return str(reply.body["state"])


async def sign_in(api: Api) -> Reply:
    body = {"username": str(TELEGRAM_ID), "password": PASSWORD}
    return await api.post("/api/auth/login", body)


async def test_a_confirmed_password_opens_the_account_of_the_bot(api: Api) -> None:
    anna = await meet(api, TELEGRAM_ID)
    asked = await ask(api)
    assert asked.status == 202
    assert set(asked.body) == {"id", "number", "expiresAt"}
    assert 10 <= asked.body["number"] <= 99
    assert await state(api, asked) == "pending"
    assert (await sign_in(api)).status == 401

    await decide(api, anna, asked)

    assert await state(api, asked) == "confirmed"
    signed_in = await sign_in(api)
    me = await api.get("/api/me", signed_in.body["token"])
    assert me.body["userId"] == str(anna.user_id)
    assert me.body["telegramId"] == str(TELEGRAM_ID)


async def test_a_refused_password_opens_nothing(api: Api) -> None:
    anna = await meet(api, TELEGRAM_ID)
    asked = await ask(api)
    await decide(api, anna, asked, is_confirmed=False)
    assert await state(api, asked) == "refused"
    assert (await sign_in(api)).code == "credentials-wrong"


async def test_the_answer_does_not_tell_who_uses_the_bot(api: Api) -> None:
    await meet(api, TELEGRAM_ID)
    known, unknown = await ask(api), await ask(api, "7002")
    assert known.status == unknown.status == 202
    assert set(known.body) == set(unknown.body)
    assert await state(api, unknown) == "pending"


async def test_the_bot_shows_the_number_and_who_asks(api: Api) -> None:
    await meet(api, TELEGRAM_ID)
    body = {"telegramId": str(TELEGRAM_ID), "password": PASSWORD}
    asked = await api.post(ASK, body, headers={"User-Agent": "Firefox"})
    shown = "SELECT number, address, device FROM confirmations"
    assert await rows(api, shown) == [(asked.body["number"], "127.0.0.1", "Firefox")]


@pytest.mark.parametrize("telegram_id", ["", "0", "x", "-1", "1.5", "9" * 19, "7001\0", 7001, None])
async def test_what_is_no_telegram_id_is_refused(api: Api, telegram_id: Any) -> None:
    reply = await ask(api, telegram_id)
    assert (reply.status, reply.code) == (400, "request-invalid")


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("seven77", "password-too-short"),
        ("p" * 129, "password-too-long"),
        ("password1", "password-too-common"),
        (17, "request-invalid"),
    ],
)
async def test_a_bad_password_is_not_asked_for(api: Api, password: Any, code: str) -> None:
    reply = await ask(api, password=password)
    assert (reply.status, reply.code) == (400, code)


async def test_nobody_is_asked_without_end(api: Api) -> None:
    replies = [await ask(api) for _ in range(4)]
    assert [reply.status for reply in replies] == [202, 202, 202, 429]
    assert replies[-1].code == "too-many-confirmations"


async def test_what_was_never_asked_for_is_not_found(api: Api) -> None:
    reply = await api.get(f"{ASK}/{uuid4()}")
    assert (reply.status, reply.code) == (404, "confirmation-not-found")
    assert (await api.get(f"{ASK}/17")).code == "request-invalid"


async def test_a_link_joins_the_account_to_telegram(connected: Api) -> None:
    anna, in_telegram = await connected.register(), await meet(connected, TELEGRAM_ID)
    for user_id in (anna.user_id, in_telegram.require_user()):
        assert (await balance_of(connected, replace(anna, user_id=user_id))).balance

    asked = await connected.post(LINK, None, anna.token)
    assert asked.status == 202
    assert set(asked.body) == {"id", "number", "expiresAt", "link"}
    assert asked.body["link"].startswith("https://t.me/okno_demo_bot?start=join_")
    assert await state(connected, asked) == "pending"

    await join(connected, anna, in_telegram)

    me = await connected.get("/api/me", anna.token)
    assert (me.body["userId"], me.body["telegramId"]) == (anna.id, str(TELEGRAM_ID))
    assert (await balance_of(connected, anna)).balance == 2 * WELCOME
    again = await connected.post(LINK, None, anna.token)
    assert (again.status, again.code) == (409, "already-joined")


async def test_without_telegram_nothing_is_asked_for(settings: Settings, clean: None) -> None:
    async with open_api_at(settings, "http://127.0.0.1:9") as api:
        anna = await api.register()
        reply = await api.post(LINK, None, anna.token)
        assert (reply.status, reply.code) == (503, "telegram-unavailable")
        assert await scalar(api, "SELECT count(*) FROM confirmations") == 0


async def test_a_link_is_made_by_oneself_alone(connected: Api) -> None:
    key = await connected.make_api_key(await connected.register())
    assert (await connected.post(LINK, None, key)).status == 403
    assert (await connected.post(LINK)).status == 401


async def test_links_are_not_made_without_end(connected: Api) -> None:
    anna = await connected.register()
    replies = [await connected.post(LINK, None, anna.token) for _ in range(4)]
    assert [reply.status for reply in replies] == [202, 202, 202, 429]
