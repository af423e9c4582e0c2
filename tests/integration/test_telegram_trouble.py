"""Telegram puts calls off, the network loses them, users block the bot."""

import pytest

from sandbox.telegram import Fault, FaultKind
from tests.support.person import Person
from tests.support.stage import Stage
from tests.support.timing import CALL_RETRY_AT_ONCE
from tgbot.client import retry


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "CALL_RETRY", CALL_RETRY_AT_ONCE)


async def at_the_menu(stage: Stage) -> Person:
    anna = stage.person()
    await anna.register()
    await anna.press("☰ Menu")
    return anna


async def test_a_call_that_telegram_put_off_is_repeated(stage: Stage) -> None:
    anna = await at_the_menu(stage)
    stage.expect_refusals(429)
    stage.emulator.add_fault(Fault(method="editMessageText", retry_after=1))

    await anna.press("❓ Help")

    assert anna.window["text"].startswith("Help")


async def test_a_long_ban_is_told_not_waited_for_and_the_bot_goes_on(stage: Stage) -> None:
    anna = await at_the_menu(stage)
    stage.expect_refusals(429)
    stage.emulator.add_fault(Fault(method="editMessageText", retry_after=600))

    popup = await anna.press("❓ Help")

    assert popup is not None
    assert popup.text is not None
    assert "in 600 seconds" in popup.text
    assert (await anna.say("/help"))["text"].startswith("Help")


@pytest.mark.parametrize("kind", [FaultKind.DROP, FaultKind.NOT_JSON, FaultKind.ERROR])
async def test_what_the_network_lost_is_repeated(stage: Stage, kind: FaultKind) -> None:
    anna = await at_the_menu(stage)
    stage.expect_refusals(500)
    stage.emulator.add_fault(Fault(method="sendMessage", kind=kind, times=2))

    window = await anna.say("/help")

    assert window["text"].startswith("Help")


async def test_an_answer_whose_receipt_was_lost_leaves_a_window_that_works(stage: Stage) -> None:
    anna = await at_the_menu(stage)
    stage.emulator.add_fault(Fault(method="sendMessage", kind=FaultKind.LOST_REPLY))

    await anna.say("/help")

    assert anna.window["text"].startswith("Help")
    await anna.press("☰ Menu")
    assert anna.window["text"].startswith("Menu")


async def test_an_edit_whose_receipt_was_lost_is_no_failure(stage: Stage) -> None:
    anna = await at_the_menu(stage)
    stage.expect_refusals(400)  # the repeat finds the message as it should be: "not modified"
    stage.emulator.add_fault(Fault(method="editMessageText", kind=FaultKind.LOST_REPLY))

    popup = await anna.press("❓ Help")

    assert popup is not None
    assert popup.text is None
    assert anna.window["text"].startswith("Help")


async def test_a_lasting_failure_is_apologised_for_and_the_bot_goes_on(stage: Stage) -> None:
    anna = await at_the_menu(stage)
    stage.expect_refusals(500, 400)  # 400: the buttons of the last window were taken off already
    stage.emulator.add_fault(Fault(method="sendMessage", times=3, contains="Help"))

    await anna.say("/help")

    assert anna.window["text"].startswith("Something went wrong on my side")
    assert (await anna.say("/menu"))["text"].startswith("Menu")


async def test_who_blocks_the_bot_is_marked_and_who_returns_is_not(stage: Stage) -> None:
    anna = await at_the_menu(stage)

    stage.emulator.block(anna.id)
    await stage.settle()
    assert await stage.scalar("SELECT unreachable_since IS NOT NULL FROM users")

    stage.emulator.unblock(anna.id)
    await stage.settle()
    assert await stage.scalar("SELECT unreachable_since IS NULL FROM users")


async def test_a_refused_message_marks_the_user(stage: Stage) -> None:
    anna = await at_the_menu(stage)
    stage.expect_refusals(403)
    stage.emulator.say(anna.id, "/help")
    updates = stage.emulator.take_updates()
    stage.emulator.block(anna.id)
    stage.emulator.take_updates()  # the news of the block is lost

    await stage.deliver(*updates)

    assert await stage.scalar("SELECT unreachable_since IS NOT NULL FROM users")


async def test_who_writes_again_can_be_reached_even_if_the_news_was_lost(stage: Stage) -> None:
    anna = await at_the_menu(stage)
    stage.emulator.block(anna.id)
    await stage.settle()
    stage.emulator.unblock(anna.id)
    stage.emulator.take_updates()

    await anna.say("/menu")

    assert await stage.scalar("SELECT unreachable_since IS NULL FROM users")
