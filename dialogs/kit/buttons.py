"""Buttons that open another dialog."""

from aiogram.enums import ButtonStyle
from aiogram.fsm.state import State
from aiogram_dialog import StartMode
from aiogram_dialog.widgets.common import WhenCondition
from aiogram_dialog.widgets.kbd import Start
from aiogram_dialog.widgets.kbd.button import OnClick
from aiogram_dialog.widgets.style import Style
from aiogram_dialog.widgets.text import Text

from dialogs.chat.states import Chat
from dialogs.kit.text import Label
from dialogs.menu.states import Menu

DANGER = Style(ButtonStyle.DANGER)

OPENED_BY_BUTTON: dict[str, str | int] = {"copy": 1}
"""Start data of a chat window that a button opened: its answer is in the chat already."""


def go_to(
    text: Text, state: State, *, on_click: OnClick | None = None, when: WhenCondition = None
) -> Start:
    """Open another dialog in place of this one. Dialogs are not stacked: there is one way back."""
    return Start(
        text,
        id=f"to_{state.state}".replace(":", "."),
        state=state,
        data=OPENED_BY_BUTTON if state == Chat.main else None,
        on_click=on_click,
        mode=StartMode.RESET_STACK,
        when=when,
    )


def to_chat() -> Start:
    return go_to(Label("button-chat"), Chat.main)


def to_menu() -> Start:
    return go_to(Label("button-menu"), Menu.main)
