"""A text belongs to the open window when that has an input, and nobody has to list such windows."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import Message
from aiogram_dialog import Dialog, DialogManager, Window
from aiogram_dialog.widgets.input import MessageInput, TextInput
from aiogram_dialog.widgets.text import Const, Format

from dialogs.history.states import History
from dialogs.keys.states import Keys
from dialogs.kit.aiogram_dialog_internals import states_with_input
from dialogs.kit.buttons import to_menu
from dialogs.registry import all_dialogs
from okno.kit.settings import Settings
from sandbox.llm import LanguageModelEmulator
from sandbox.telegram import Emulator
from tests.support.stage import Stage, open_stage


class Notes(StatesGroup):
    """A dialog that the product has never heard of."""

    silent = State()
    one_input = State()
    filtered_input = State()
    two_inputs = State()


async def keep(_message: Message, _input: Any, manager: DialogManager, text: str) -> None:
    manager.dialog_data["text"] = text


async def keep_message(message: Message, _input: Any, manager: DialogManager) -> None:
    manager.dialog_data["text"] = message.text


async def get_note(dialog_manager: DialogManager, **_: object) -> dict[str, str]:
    return {"note": dialog_manager.dialog_data.get("text", "none")}


def never(_message: Message) -> bool:
    return False


def notes_dialog() -> Dialog:
    return Dialog(
        Window(Const("Silent"), to_menu(), state=Notes.silent),
        Window(
            Format("Note: {note}"),
            TextInput(id="text", on_success=keep),
            to_menu(),
            getter=get_note,
            state=Notes.one_input,
        ),
        Window(
            Format("Note: {note}"),
            MessageInput(keep_message, filter=never),
            to_menu(),
            getter=get_note,
            state=Notes.filtered_input,
        ),
        Window(
            Format("Note: {note}"),
            TextInput(id="text", on_success=keep, filter=never),
            MessageInput(keep_message),
            to_menu(),
            getter=get_note,
            state=Notes.two_inputs,
        ),
    )


@pytest.fixture
async def stage(settings: Settings, emulator: Emulator, clean: None) -> AsyncIterator[Stage]:
    async with open_stage(settings, emulator, lambda: (*all_dialogs(), notes_dialog())) as opened:
        yield opened
        opened.expect_clean()


@pytest.mark.parametrize(
    ("state", "note"),
    [
        (Notes.one_input, "hello"),
        (Notes.filtered_input, "none"),
        (Notes.two_inputs, "hello"),
    ],
    ids=str,
)
async def test_a_window_with_an_input_gets_the_text_and_nothing_is_charged(
    stage: Stage, language_models: LanguageModelEmulator, state: State, note: str
) -> None:
    anna = stage.person()
    await anna.register()
    await stage.open_window(anna.id, state)

    window = await anna.ask("hello")

    assert window["text"] == f"Note: {note}"
    assert language_models.requests() == []
    assert await stage.scalar("SELECT count(*) FROM generations") == 0
    assert await stage.scalar("SELECT count(*) FROM holds") == 0


async def test_a_window_without_an_input_leaves_the_text_to_the_model(
    stage: Stage, language_models: LanguageModelEmulator
) -> None:
    anna = stage.person()
    await anna.register()
    await stage.open_window(anna.id, Notes.silent)

    window = await anna.ask("echo: hello")

    assert window["text"] == "hello"
    assert len(language_models.requests()) == 1


def test_the_windows_of_the_product_that_take_text() -> None:
    assert states_with_input(all_dialogs()) == {
        History.rename,
        History.search,
        Keys.name,
        Keys.limit,
    }
