"""The bot as a process that polls, over TCP."""

import json
from collections.abc import AsyncIterator

import pytest

from sandbox.telegram import Fault, FaultKind
from tests.e2e.conftest import StartBot, Telegram
from tests.e2e.process import BotProcess
from tests.support.client import Client
from tests.support.wait import until
from tgbot.handlers.commands import COMMANDS

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("emptied")]


@pytest.fixture(scope="module")
async def bot(start_bot: StartBot) -> AsyncIterator[BotProcess]:
    """One process for all tests that leave it alive."""
    started = await start_bot(LOG_LEVEL="DEBUG")
    yield started
    await started.stop()


@pytest.mark.usefixtures("bot")
async def test_a_person_registers_and_comes_to_the_menu(telegram: Telegram) -> None:
    anna = Client(telegram.emulator)

    await anna.say("/start", "Hello, Anna!")
    await anna.press("English ✓", "Welcome, Anna!")
    await anna.press("☰ Menu", "Menu")

    await until(lambda: telegram.emulator.unanswered() == [], "the answers to the buttons")
    assert [call for call in telegram.emulator.calls() if call.unknown or call.status != 200] == []


@pytest.mark.usefixtures("bot")
async def test_the_commands_are_published_in_both_languages(telegram: Telegram) -> None:
    for language, first in (("en", "A new conversation"), ("ru", "Новый разговор")):
        user = telegram.emulator.create_user("Anna", language_code=language)
        commands = telegram.emulator.transcript(user.id)["commands"]
        names = [command["command"] for command in commands]
        assert names == list(COMMANDS)
        assert commands[0]["description"] == first


async def test_an_outage_of_telegram_is_waited_out(telegram: Telegram, bot: BotProcess) -> None:
    anna = Client(telegram.emulator)
    telegram.emulator.add_fault(Fault(method="getUpdates", kind=FaultKind.NOT_JSON))

    await anna.say("/start", "Hello, Anna!")
    await until(lambda: bot.said("updates not fetched"), "the outage in the log")

    await anna.press("English ✓", "Welcome, Anna!")


async def test_an_update_that_nobody_can_read_holds_up_no_other(
    telegram: Telegram, bot: BotProcess
) -> None:
    anna = Client(telegram.emulator)
    updates = telegram.emulator.world.updates
    updates.add("message", {"text": "a message of another age"}, chat_id=anna.id)

    await anna.say("/start", "Hello, Anna!")

    assert bot.said("update not readable")
    assert not [line for line in bot.log_lines() if "another age" in line]


async def test_health_and_metrics_are_told_over_http(telegram: Telegram, bot: BotProcess) -> None:
    await Client(telegram.emulator).say("/start", "Hello, Anna!")

    status, body = await bot.get("/health")
    assert status == 200
    health = json.loads(body)
    assert health["status"] == "ok"
    assert {check["name"]: check["ok"] for check in health["checks"]} == {
        "postgres": True,
        "redis": True,
    }
    assert all(check["latency_ms"] > 0 for check in health["checks"])

    status, body = await bot.get("/metrics")
    assert status == 200
    assert 'okno_update_seconds_count{outcome="handled",type="message"}' in body
    assert 'okno_telegram_calls_total{method="sendMessage",outcome="ok"}' in body
    assert "process_resident_memory_bytes" in body


async def test_the_token_is_in_no_log_line(telegram: Telegram, bot: BotProcess) -> None:
    telegram.emulator.add_fault(Fault(method="sendMessage", kind=FaultKind.DROP))
    await Client(telegram.emulator).say("/start", "Hello, Anna!")

    assert bot.said("call failed")
    assert [line for line in bot.log_lines() if "1:demo" in line] == []
