"""A dialog that counts its clicks: what gets lost when two updates meet shows in the number."""

from typing import Any

from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery
from aiogram_dialog import Dialog, DialogManager, Window
from aiogram_dialog.widgets.kbd import Button
from aiogram_dialog.widgets.text import Const, Format

from dialogs.registry import all_dialogs


class Counter(StatesGroup):
    """Its `dialog_data` holds `clicks`, and `pushes` that came from the background."""

    main = State()


async def count(_callback: CallbackQuery, _button: Button, manager: DialogManager) -> None:
    manager.dialog_data["clicks"] = manager.dialog_data.get("clicks", 0) + 1


async def push(manager: DialogManager) -> None:
    manager.dialog_data["pushes"] = manager.dialog_data.get("pushes", 0) + 1


async def get_counts(dialog_manager: DialogManager, **_: Any) -> dict[str, int]:
    data = dialog_manager.dialog_data
    return {"clicks": data.get("clicks", 0), "pushes": data.get("pushes", 0)}


def counter_dialog() -> Dialog:
    return Dialog(
        Window(
            Format("clicks {clicks}, pushes {pushes}"),
            Button(Const("Count"), id="count", on_click=count),
            getter=get_counts,
            state=Counter.main,
        )
    )


def dialogs_with_counter() -> tuple[Dialog, ...]:
    return (*all_dialogs(), counter_dialog())
