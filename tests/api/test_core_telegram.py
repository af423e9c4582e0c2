"""The API's calls to Telegram, also when Telegram does not answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientTimeout
from pydantic import SecretStr

from api import telegram as telegram_module
from api.config import BotApiSettings
from api.errors import TelegramUnavailable
from api.telegram import Telegram
from okno.kit.settings import Settings
from sandbox.telegram import Emulator, Fault, FaultKind
from sandbox.telegram.app import create_app
from sandbox.web.server import EmulatorServer, listen
from tests.support.secrets import BOT_TOKEN


@asynccontextmanager
async def asked(base: str, token: str = BOT_TOKEN) -> AsyncIterator[Telegram]:
    telegram = Telegram(BotApiSettings(bot_token=SecretStr(token), api_base=base))
    try:
        yield telegram
    finally:
        await telegram.close()


@pytest.fixture
async def base(emulator: Emulator) -> AsyncIterator[str]:
    listener = listen()
    server = EmulatorServer(create_app(emulator))
    serving = asyncio.create_task(server.serve(sockets=[listener]))  # noqa: TID251 - awaited below
    await server.ready.wait()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    await serving


async def test_the_name_of_the_bot_is_asked_once(emulator: Emulator, base: str) -> None:
    async with asked(base) as telegram:
        links = [await telegram.link("join_abc"), await telegram.link("join_xyz")]

    name = "okno_demo_bot"
    assert links == [f"https://t.me/{name}?start=join_abc", f"https://t.me/{name}?start=join_xyz"]
    assert [call.method for call in emulator.calls()] == ["getMe"]


async def test_an_invoice_has_a_link(emulator: Emulator, base: str) -> None:
    async with asked(base) as telegram:
        link = await telegram.invoice_link(
            title="Small", description="100 units", payload="small:100", stars=50
        )

    assert link.startswith("https://t.me/")
    [call] = emulator.calls()
    assert (call.method, call.status, call.unknown) == ("createInvoiceLink", 200, [])
    assert call.params["currency"] == "XTR"


@pytest.mark.parametrize("kind", [FaultKind.ERROR, FaultKind.NOT_JSON, FaultKind.DROP])
async def test_trouble_of_telegram_is_told(emulator: Emulator, base: str, kind: FaultKind) -> None:
    emulator.add_fault(Fault(method="getMe", kind=kind))
    async with asked(base) as telegram:
        with pytest.raises(TelegramUnavailable):
            await telegram.link("join_abc")

        # It was not the last time.
        assert await telegram.link("join_abc")


async def test_nobody_waits_for_telegram_for_ever(
    emulator: Emulator, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_module, "_TIMES", ClientTimeout(total=0.1))
    emulator.add_fault(Fault(method="getMe", kind=FaultKind.SLOW, delay=5))
    async with asked(base) as telegram:
        with pytest.raises(TelegramUnavailable):
            await telegram.link("join_abc")


@pytest.mark.parametrize("base_of_nobody", ["http://127.0.0.1:9", "http://nowhere.invalid"])
async def test_the_token_stays_hidden(
    base_of_nobody: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    token = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
    async with asked(base_of_nobody, token) as telegram:
        with pytest.raises(TelegramUnavailable) as caught:
            await telegram.link("join_abc")

    assert token not in caplog.text
    assert "telegram not asked" in caplog.text
    assert caught.value.__cause__ is None


async def test_without_a_token_telegram_is_not_offered() -> None:
    telegram = Telegram(BotApiSettings(bot_token=None))
    with pytest.raises(TelegramUnavailable):
        await telegram.link("join_abc")
