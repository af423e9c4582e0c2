"""Paying with Stars what was chosen over HTTP."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from okno.kit.settings import Settings
from sandbox.telegram import Emulator
from tests.support.api import Api, Reply
from tests.support.telegram_over_http import open_api_at, open_connected, sign_in_from_telegram

INVOICE = "/api/billing/invoice"
SMALL = {"packageId": "small"}


@pytest.fixture
async def connected(settings: Settings, clean: None, emulator: Emulator) -> AsyncIterator[Api]:
    """An API that finds Telegram."""
    async with open_connected(settings, emulator) as api:
        yield api


async def test_a_link_opens_the_invoice(connected: Api, emulator: Emulator) -> None:
    person = emulator.create_user("Anna")
    token = await sign_in_from_telegram(connected, person.id)
    reply = await connected.post(INVOICE, SMALL, token, headers={"Accept-Language": "ru"})
    assert reply.status == 201
    assert set(reply.body) == {"link", "stars", "tokens"}
    assert (reply.body["stars"], reply.body["tokens"]) == (50, 50_000)
    (call,) = emulator.calls("createInvoiceLink")
    assert call.params["title"] == "50 000 единиц"
    assert "50 000" in call.params["description"].replace("\u00a0", " ")
    assert call.params["payload"] == "topup:small:50000"
    assert emulator.pay_link(person.id, reply.body["link"])


async def test_stars_need_an_account_in_telegram(connected: Api, emulator: Emulator) -> None:
    anna = await connected.register()
    reply = await connected.post(INVOICE, SMALL, anna.token)
    assert (reply.status, reply.code) == (409, "telegram-needed")
    assert emulator.calls("createInvoiceLink") == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"packageId": "giant"}, 409, "invoice-outdated"),
        ({"packageId": "Small"}, 400, "request-invalid"),
        ({"packageId": "a\0b"}, 400, "request-invalid"),
        ({"packageId": None}, 400, "request-invalid"),
        ({}, 400, "request-invalid"),
    ],
)
async def test_what_is_not_sold_has_no_invoice(
    connected: Api, body: Any, status: int, code: str
) -> None:
    reply = await connected.post(INVOICE, body, await sign_in_from_telegram(connected, 7001))
    assert (reply.status, reply.code) == (status, code)


async def test_without_telegram_there_is_no_link(settings: Settings, clean: None) -> None:
    async with open_api_at(settings, "http://127.0.0.1:9") as api:
        token = await sign_in_from_telegram(api, 7001)
        reply: Reply = await api.post(INVOICE, SMALL, token)
        assert (reply.status, reply.code) == (503, "telegram-unavailable")


async def test_it_is_for_people_who_have_signed_in(api: Api) -> None:
    key = await api.make_api_key(await api.register())
    program = await api.make_service()
    for token in (key, program.assertion()):
        assert (await api.post(INVOICE, SMALL, token)).code == "forbidden"
