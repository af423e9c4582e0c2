"""Windows that are not what they were: every one of them leads to a fresh one."""

import pytest
from aiogram.fsm.state import State, StatesGroup
from aiogram_dialog import Dialog, Window
from aiogram_dialog.widgets.kbd import Button
from aiogram_dialog.widgets.text import Const
from sqlalchemy import text

from dialogs.registry import all_dialogs
from okno.kit.db import Engine
from okno.kit.settings import Settings
from sandbox.telegram import Emulator
from tests.support.stage import Stage, open_stage

OUTDATED = "This window was out of date. Here is a fresh one."


class Retired(StatesGroup):
    """A dialog of the last release."""

    main = State()


def last_release() -> tuple[Dialog, ...]:
    retired = Window(Const("Retired"), Button(Const("Press"), id="press"), state=Retired.main)
    return (*all_dialogs(), Dialog(retired))


async def test_an_older_window_points_to_the_open_one(stage: Stage) -> None:
    anna = stage.person()
    await anna.register()
    await anna.press("☰ Menu")
    old = anna.window
    stage.emulator.say(anna.id, "/settings")
    await stage.settle()
    keyboard = {"inline_keyboard": [[button_of(old, "❓ Help")]]}

    # The bot takes the buttons off an old window; a slow client may still show and press them.
    stage.emulator.call(
        "editMessageReplyMarkup",
        {"chat_id": anna.id, "message_id": old["id"], "reply_markup": keyboard},
    )
    popup = await anna.press("❓ Help", old)

    assert popup is not None
    assert popup.text == "This window is closed already. The open one is below."
    assert anna.window["text"].startswith("Settings")
    assert [message for message in anna.messages if message["keyboard"]] == [anna.window]


async def test_the_second_of_two_quick_taps_changes_nothing(stage: Stage) -> None:
    anna = stage.person()
    await anna.register()
    await anna.press("☰ Menu")

    anna.tap("⚙️ Settings")
    second = anna.tap("⚙️ Settings")
    await stage.settle()

    popup = stage.emulator.callback_answer(second)
    assert popup is None or popup.text is None
    assert anna.window["text"].startswith("Settings")
    assert [message for message in anna.messages if message["keyboard"]] == [anna.window]


def button_of(window: dict[str, object], label: str) -> dict[str, str]:
    rows = window["keyboard"]
    assert isinstance(rows, list)
    return next(
        {"text": button["text"], "callback_data": button["data"]}
        for row in rows
        for button in row
        if button["text"] == label
    )


@pytest.mark.usefixtures("clean")
async def test_a_dialog_that_a_release_removed_is_replaced(
    settings: Settings, emulator: Emulator
) -> None:
    async with open_stage(settings, emulator, last_release) as before:
        anna = before.person()
        await anna.register()
        await before.open_window(anna.id, Retired.main)
        assert anna.labels == ["Press"]

    async with open_stage(settings, emulator) as after:
        anna.stage = after
        popup = await anna.press("Press")

        assert popup is not None
        assert popup.text == OUTDATED
        assert anna.window["text"].startswith("Menu")
        assert (await anna.say("/start"))["text"].startswith("Menu")
        after.expect_clean()


@pytest.mark.usefixtures("clean")
async def test_start_works_while_a_removed_dialog_is_open(
    settings: Settings, emulator: Emulator
) -> None:
    async with open_stage(settings, emulator, last_release) as before:
        anna = before.person()
        await anna.register()
        await before.open_window(anna.id, Retired.main)

    async with open_stage(settings, emulator) as after:
        anna.stage = after
        assert (await anna.say("/start"))["text"].startswith("Menu")
        after.expect_clean()


async def test_a_window_whose_context_expired_is_replaced(stage: Stage) -> None:
    anna = stage.person()
    await anna.register()
    redis = await stage.redis()
    contexts = [key async for key in redis.scan_iter("okno:fsm:*aiogd:context:*")]
    assert contexts
    await redis.delete(*contexts)

    popup = await anna.press("☰ Menu")

    assert popup is not None
    assert popup.text == OUTDATED
    assert (await anna.press("❓ Help")) is not None
    assert anna.window["text"].startswith("Help")


async def test_a_button_of_no_window_is_answered(stage: Stage) -> None:
    anna = stage.person()
    await anna.register()
    stage.emulator.call(
        "sendMessage",
        {
            "chat_id": anna.id,
            "text": "from long ago",
            "reply_markup": {"inline_keyboard": [[{"text": "Old", "callback_data": "old"}]]},
        },
    )

    popup = await anna.press("Old")

    assert popup is not None
    assert popup.text == OUTDATED
    assert anna.window["text"].startswith("Menu")


async def test_a_tap_that_was_answered_too_late_still_gets_its_window(
    settings: Settings, clean: None
) -> None:
    emulator = Emulator(callback_seconds=0)
    async with open_stage(settings, emulator) as stage:
        anna = stage.person()
        await anna.say("/start")
        await stage.flush_redis()

        await anna.press("English ✓")

        assert "Which language" in anna.window["text"]
        assert len(anna.messages) == 3


@pytest.mark.parametrize(
    "stored", ['{"field_of_another_release": 1}', "not JSON", "[]", "5"], ids=str
)
async def test_state_that_can_not_be_read_is_taken_for_none(stage: Stage, stored: str) -> None:
    anna = stage.person()
    await anna.register()
    redis = await stage.redis()
    keys = [key async for key in redis.scan_iter("okno:fsm:*aiogd:*:data")]
    assert len(keys) == 2, "a stack and a context"
    for key in keys:
        await redis.set(key, stored)

    popup = await anna.press("☰ Menu")

    assert popup is not None
    assert popup.text == OUTDATED
    for key in keys:
        await redis.set(key, stored)
    assert (await anna.say("/start"))["text"].startswith("Menu")
    await anna.press("❓ Help")
    assert anna.window["text"].startswith("Help")


async def test_a_live_window_whose_user_is_gone_registers_nobody(stage: Stage) -> None:
    anna = stage.person()
    await anna.register()
    engine = await stage.container.get(Engine)
    async with engine.begin() as connection:
        await connection.execute(text("TRUNCATE users CASCADE"))
    redis = await stage.redis()
    await redis.delete(*[key async for key in redis.scan_iter("okno:account:*")])

    popup = await anna.press("☰ Menu")

    assert popup is not None
    assert popup.text == "We have not met yet. Send /start, please."


async def test_a_stray_button_in_a_group_opens_nobodys_menu(stage: Stage) -> None:
    anna = stage.person()
    await anna.register()
    group = stage.emulator.create_group("Team", [anna.id])
    button = {"text": "Old", "callback_data": "old"}
    stage.emulator.call(
        "sendMessage",
        {"chat_id": group.id, "text": "x", "reply_markup": {"inline_keyboard": [[button]]}},
    )
    message = stage.emulator.transcript(group.id)["messages"][-1]

    query = stage.emulator.click(group.id, message["id"], text="Old", user_id=anna.id)
    await stage.settle()

    answer = stage.emulator.callback_answer(query)
    assert answer is not None
    assert answer.text == OUTDATED
    assert len(stage.emulator.transcript(group.id)["messages"]) == 1
