"""Buttons that lead from any window to another root."""

from aiogram.fsm.state import State
from aiogram_dialog import StartMode
from aiogram_dialog.widgets.kbd import Start
from aiogram_dialog.widgets.text import Text

from dialogs.kit.text import Label
from dialogs.states import Menu


def go_to(text: Text, state: State) -> Start:
    """Open another dialog in place of this one. Dialogs are not stacked: there is one way back."""
    return Start(text, id=f"to_{state.group.__name__}", state=state, mode=StartMode.RESET_STACK)


def to_menu() -> Start:
    return go_to(Label("button-menu"), Menu.main)
