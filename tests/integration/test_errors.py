"""Bugs and refusals: told kindly, logged with the update, and the bot goes on."""

import pytest
import structlog
from aiogram.types import CallbackQuery
from aiogram_dialog import Dialog, DialogManager, Window
from aiogram_dialog.widgets.kbd import Button
from aiogram_dialog.widgets.text import Const

from dialogs.registry import all_dialogs
from okno.kit.actor import Forbidden
from okno.kit.settings import Settings
from sandbox.telegram import Emulator
from tests.support.counter import Counter
from tests.support.stage import open_stage


async def fail(_callback: CallbackQuery, _button: Button, _manager: DialogManager) -> None:
    raise RuntimeError("a bug")


async def refuse(_callback: CallbackQuery, _button: Button, _manager: DialogManager) -> None:
    raise Forbidden


def with_trouble() -> tuple[Dialog, ...]:
    window = Window(
        Const("Trouble"),
        Button(Const("Fail"), id="fail", on_click=fail),
        Button(Const("Refuse"), id="refuse", on_click=refuse),
        state=Counter.main,
    )
    return (*all_dialogs(), Dialog(window))


@pytest.mark.usefixtures("clean")
async def test_a_bug_is_logged_with_the_update_and_apologised_for(
    settings: Settings, emulator: Emulator
) -> None:
    async with open_stage(settings, emulator, with_trouble) as stage:
        anna = stage.person()
        await anna.register()
        await stage.open_window(anna.id, Counter.main)
        query = anna.tap("Fail")
        (update,) = stage.emulator.take_updates()

        with structlog.testing.capture_logs() as logs:
            await stage.deliver(update)

        popup = stage.emulator.callback_answer(query)
        assert popup is not None
        assert popup.text is not None
        assert popup.text.startswith("Something went wrong")
        (entry,) = [entry for entry in logs if entry["event"] == "update failed"]
        assert entry["update_id"] == update["update_id"]
        assert isinstance(entry["exc_info"], RuntimeError)
        assert (await anna.say("/menu"))["text"].startswith("Menu")
        stage.expect_clean()


@pytest.mark.usefixtures("clean")
async def test_a_refusal_is_told_in_the_words_of_the_locale(
    settings: Settings, emulator: Emulator
) -> None:
    async with open_stage(settings, emulator, with_trouble) as stage:
        anna = stage.person(language_code="ru")
        await anna.register("Русский ✓")
        await stage.open_window(anna.id, Counter.main)

        popup = await anna.press("Refuse")

        assert popup is not None
        assert popup.text == "На это у вас нет прав."
        assert popup.show_alert
        stage.expect_clean()
