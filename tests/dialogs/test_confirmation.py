"""Confirmations: the bot shows them, and only the owner of the account decides on them."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from okno.accounts.dto import Confirmation, Device
from okno.kit.nursery import Nursery
from sandbox.llm import Fault, FaultKind, LanguageModelEmulator
from sandbox.telegram import Fault as TelegramFault
from tests.support.access import ask_for_password, confirmations, outcome
from tests.support.person import Message, Person, labels_of
from tests.support.stage import Stage
from tests.support.timing import CALL_RETRY_AT_ONCE
from tests.support.wait import TIMEOUT, until

CONFIRM, REFUSE = "Confirm", "Refuse"
OVER = "This request is over: it was decided already, or its ten minutes have passed."


@pytest.fixture
async def anna(stage: Stage) -> Person:
    person = stage.person("Anna")
    await person.register()
    await person.press("☰ Menu")
    return person


@pytest.fixture
async def nursery() -> AsyncIterator[Nursery]:
    nursery = Nursery(grace=5)
    yield nursery
    await nursery.close()


async def asked(stage: Stage, person: Person, device: str = "Firefox") -> Message:
    """Ask for a password over HTTP; return the window that comes."""
    await ask_for_password(stage, person.id, Device("203.0.113.7", device))
    await (await confirmations(stage)).look()
    return person.window


def now(person: Person, window: Message) -> Message:
    """Return the window as it is now."""
    return next(message for message in person.messages if message["id"] == window["id"])


def keycaps(confirmation: Confirmation) -> str:
    return "".join(f"{digit}\ufe0f\u20e3" for digit in str(confirmation.number))


async def test_the_window_says_who_asks_for_what(stage: Stage, anna: Person) -> None:
    device = Device("203.0.113.7", "Mozilla <5.0>")
    confirmation = await ask_for_password(stage, anna.id, device)

    await (await confirmations(stage)).look()

    text = anna.window["text"]
    assert text.startswith("Somebody wants to use your account outside Telegram")
    assert keycaps(confirmation) in text
    assert "Address: 203.0.113.7\nDevice: Mozilla <5.0>" in text
    assert f"Asked: {confirmation.created_at:%H:%M} UTC" in text
    assert f"good until {confirmation.expires_at:%H:%M} UTC" in text
    assert anna.labels == [CONFIRM, REFUSE]


@pytest.mark.parametrize(
    ("device", "shown"),
    [("", "?"), ("curl\n\nPress Confirm!", "curlPress Confirm!"), ("x" * 300, "x" * 80 + "…")],
    ids=["none", "lines", "long"],
)
async def test_a_device_says_little_of_itself(
    stage: Stage, anna: Person, device: str, shown: str
) -> None:
    window = await asked(stage, anna, device)

    assert f"\nDevice: {shown}\n\n" in window["text"]


async def test_what_is_confirmed_counts_from_then_on(stage: Stage, anna: Person) -> None:
    window = await asked(stage, anna)
    assert await stage.scalar("SELECT password_hash IS NULL FROM users")

    await anna.press(CONFIRM, window)

    assert await stage.scalar("SELECT password_hash LIKE '$argon2id$%' FROM users")
    assert now(anna, window)["text"].startswith("Confirmed")
    assert str(anna.id) in now(anna, window)["text"]
    assert now(anna, window)["keyboard"] == []


async def test_what_is_refused_changes_nothing(stage: Stage, anna: Person) -> None:
    window = await asked(stage, anna)

    await anna.press(REFUSE, window)

    assert await outcome(stage) == "refused"
    assert await stage.scalar("SELECT password_hash IS NULL FROM users")
    assert now(anna, window)["text"].startswith("Refused")
    assert now(anna, window)["keyboard"] == []


async def test_the_window_that_was_open_stays_as_it_is(stage: Stage, anna: Person) -> None:
    menu = anna.window

    window = await asked(stage, anna)

    assert now(anna, menu) == menu
    await anna.press("❓ Help", menu)
    assert now(anna, menu)["text"].startswith("Help")
    await anna.press(CONFIRM, window)
    await anna.press("⚙️ Settings", now(anna, menu))
    assert now(anna, menu)["text"].startswith("Settings")


async def test_an_answer_that_is_being_written_is_not_disturbed(
    stage: Stage, language_models: LanguageModelEmulator, anna: Person
) -> None:
    language_models.add_fault(Fault(FaultKind.STALL_INSIDE, seconds=60))
    await anna.say("echo: one two three")
    await until(lambda: language_models.stalled == 1, "the model to stall")

    window = await asked(stage, anna)
    language_models.release()
    await stage.answered()

    assert anna.window["text"] == "one two three"
    assert "🧠 Model" in anna.labels
    await anna.press(CONFIRM, window)
    assert now(anna, window)["text"].startswith("Confirmed")
    await anna.press("☰ Menu")
    assert anna.window["text"].startswith("Menu")


@pytest.mark.parametrize("command", ["/start", "/menu", "/new"])
async def test_a_command_leaves_it_alone(stage: Stage, anna: Person, command: str) -> None:
    window = await asked(stage, anna)
    await anna.say(command)

    await anna.press(CONFIRM, window)

    assert await outcome(stage) == "confirmed"


async def test_a_restart_leaves_it_alone(stage: Stage, anna: Person) -> None:
    window = await asked(stage, anna)
    await stage.restart()

    await anna.press(CONFIRM, window)

    assert await outcome(stage) == "confirmed"


async def test_what_redis_has_lost_is_asked_anew(stage: Stage, anna: Person) -> None:
    window = await asked(stage, anna)
    await stage.flush_redis()

    popup = await anna.press(CONFIRM, window)
    await stage.answered()

    assert popup is not None
    assert popup.text == "This window was out of date. Here is a fresh one."
    assert await outcome(stage) is None, "a lost window decides nothing"
    assert now(anna, window)["keyboard"] == []
    assert anna.window["text"] == window["text"]
    await anna.press(CONFIRM)
    assert await outcome(stage) == "confirmed"


async def test_two_at_once_are_decided_apart(stage: Stage, anna: Person) -> None:
    first = await asked(stage, anna, "First")
    second = await asked(stage, anna, "Second")

    await anna.press(REFUSE, first)
    await anna.press(CONFIRM, second)

    assert now(anna, first)["text"].startswith("Refused")
    assert now(anna, second)["text"].startswith("Confirmed")
    outcomes = "SELECT string_agg(outcome, ' ' ORDER BY created_at) FROM confirmations"
    assert await stage.scalar(outcomes) == "refused confirmed"


async def test_too_late_is_told_kindly(stage: Stage, anna: Person) -> None:
    window = await asked(stage, anna)
    await stage.execute("UPDATE confirmations SET expires_at = now()")

    popup = await anna.press(CONFIRM, window)

    assert popup is not None
    assert popup.text == OVER
    assert now(anna, window)["text"].startswith("This request is over")
    assert now(anna, window)["keyboard"] == []
    assert await stage.scalar("SELECT password_hash IS NULL FROM users")


async def test_the_second_of_two_taps_decides_nothing(stage: Stage, anna: Person) -> None:
    stage.expect_refusals(400)  # the second redraw finds the window as it should be
    window = await asked(stage, anna)

    anna.tap(REFUSE, window)
    second = anna.tap(CONFIRM, window)
    await stage.settle()

    popup = stage.emulator.callback_answer(second)
    assert popup is not None
    assert popup.text == OVER
    assert now(anna, window)["text"].startswith("Refused")


async def test_one_that_is_gone_is_told_kindly(stage: Stage, anna: Person) -> None:
    window = await asked(stage, anna)
    await stage.execute("TRUNCATE confirmations")

    popup = await anna.press(CONFIRM, window)

    assert popup is not None
    assert popup.text == "There is no such request, or it is not meant for you."
    assert now(anna, window)["text"].startswith("This request is over")


async def test_each_is_shown_once_though_several_look(stage: Stage, anna: Person) -> None:
    boris = stage.person("Boris")
    await boris.register()
    count = len(anna.messages) + len(boris.messages)
    for person in (anna, boris):
        await ask_for_password(stage, person.id)

    at_once = [await confirmations(stage) for _ in range(4)]
    await asyncio.gather(*(one.look() for one in at_once))
    await forget_claims(stage)
    await (await confirmations(stage)).look()

    assert len(anna.messages) + len(boris.messages) == count + 2
    assert anna.labels == boris.labels == [CONFIRM, REFUSE]


async def test_nobody_is_asked_for_an_unknown_account(stage: Stage, anna: Person) -> None:
    count = len(stage.emulator.calls())

    await ask_for_password(stage, 123_456_789)
    await (await confirmations(stage)).look()

    assert len(stage.emulator.calls()) == count


async def test_who_blocked_the_bot_is_left_in_peace_and_the_others_are_asked(
    stage: Stage, anna: Person
) -> None:
    stage.expect_refusals(403)
    boris = stage.person("Boris")
    await boris.register()
    stage.emulator.block(anna.id)
    await stage.settle()
    await ask_for_password(stage, anna.id)
    await ask_for_password(stage, boris.id)

    await (await confirmations(stage)).look()
    await forget_claims(stage)
    await (await confirmations(stage)).look()

    assert boris.labels == [CONFIRM, REFUSE]
    refused = [call for call in stage.emulator.calls("sendMessage") if call.status == 403]
    assert len(refused) == 1


async def test_what_telegram_does_not_take_now_is_shown_later(
    stage: Stage, anna: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tgbot.client.retry.CALL_RETRY", CALL_RETRY_AT_ONCE)
    stage.expect_refusals(502)
    stage.emulator.add_fault(TelegramFault("sendMessage", code=502, times=3))
    menu = anna.window

    assert await asked(stage, anna) == menu
    await forget_claims(stage)
    await (await confirmations(stage)).look()

    assert anna.labels == [CONFIRM, REFUSE]


async def forget_claims(stage: Stage) -> None:
    """Make all claims older than half a minute."""
    await stage.execute("UPDATE confirmations SET claimed_until = now()")


async def test_a_wake_up_brings_it_at_once(stage: Stage, anna: Person, nursery: Nursery) -> None:
    async with (await confirmations(stage, interval=60.0)).running(nursery):
        await until_listened(stage)
        await ask_for_password(stage, anna.id)
        await until(lambda: labels_of(anna.window) == [CONFIRM, REFUSE], "the window", timeout=5)

    await until(lambda: len(nursery) == 0, "the end of the watch", timeout=2)


async def until_listened(stage: Stage) -> None:
    """Wait until the watch waits: it has looked once, and found nothing."""
    redis = await stage.redis()
    async with asyncio.timeout(TIMEOUT):
        while not await redis.publish("okno:confirmations", ""):
            pass


async def test_it_comes_without_a_wake_up_too(stage: Stage, anna: Person, nursery: Nursery) -> None:
    await ask_for_password(stage, anna.id)
    await stage.execute("ALTER TABLE confirmations RENAME TO confirmations_away")

    try:
        async with (await confirmations(stage, interval=0.05)).running(nursery):
            await stage.execute("SELECT pg_sleep(0.1)")
            await stage.execute("ALTER TABLE confirmations_away RENAME TO confirmations")
            await until(lambda: labels_of(anna.window) == [CONFIRM, REFUSE], "the window")
    finally:
        await stage.execute("ALTER TABLE IF EXISTS confirmations_away RENAME TO confirmations")


async def test_the_window_speaks_the_language_of_the_user(stage: Stage) -> None:
    anna = stage.person("Анна", language_code="ru")
    await anna.register("Русский ✓")

    window = await asked(stage, anna)

    assert window["text"].startswith("Кто-то хочет пользоваться вашей учётной записью")
    await anna.press("Подтвердить", window)
    assert now(anna, window)["text"].startswith("Подтверждено")


async def test_who_has_not_finished_the_registration_can_decide_too(stage: Stage) -> None:
    boris = stage.person("Boris")
    await boris.say("/start")

    window = await asked(stage, boris)
    await boris.press(REFUSE, window)

    assert await outcome(stage) == "refused"
    await boris.press("English ✓", boris.messages[1])
    assert now(boris, boris.messages[1])["text"].startswith("Welcome")
