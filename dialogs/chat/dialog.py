"""The chat window, and the window of a question that was refused.

An answer is shown as the model gave it: nothing is added to its text. When its window is left, it
stays in the chat without the buttons.
"""

from aiogram.fsm.state import State
from aiogram_dialog import Dialog, Window
from aiogram_dialog.widgets.kbd import Button, Group, Row, Start
from aiogram_dialog.widgets.link_preview import LinkPreview
from aiogram_dialog.widgets.text import Case, Format

from dialogs.balance.states import Balance
from dialogs.chat.getters import Phase, get_chat, get_refusal
from dialogs.chat.handlers import (
    answer_again,
    ask_again,
    begin_anew,
    go_on,
    leave,
    reset_context,
    stop,
)
from dialogs.chat.states import Chat
from dialogs.history.states import History
from dialogs.kit.buttons import go_to, to_chat, to_menu
from dialogs.kit.text import Html, Label
from dialogs.menu.states import Menu
from dialogs.models.states import Models
from dialogs.personas.states import Personas


def chat_dialog() -> Dialog:
    return Dialog(chat_window(), refused_window())


def chat_window() -> Window:
    return Window(
        Case(
            {
                Phase.EMPTY: Html("chat-empty", "name", "model", "persona"),
                Phase.RUNNING: Html("chat-running"),
                Phase.FAILED: Html("chat-failed", "failure"),
                Phase.ANSWERED: Format("{answer}"),
            },
            selector="phase",
        ),
        Button(Label("button-continue"), id="go_on", on_click=go_on, when="is_cut"),
        Button(Label("button-stop"), id="stop", on_click=stop, when="is_running"),
        Button(Label("button-try-again"), id="again", on_click=answer_again, when="is_failed"),
        Group(
            Button(Label("button-new"), id="new", on_click=begin_anew, when="may_begin_anew"),
            Button(Label("button-reset"), id="reset", on_click=reset_context, when="may_reset"),
            _away(Label("button-history"), History.conversations),
            _away(Label("button-model"), Models.main),
            _away(Label("button-persona"), Personas.main, when="is_empty"),
            _away(Label("button-balance"), Balance.main),
            _away(Label("button-menu"), Menu.main),
            width=2,
        ),
        LinkPreview(is_disabled=True),
        getter=get_chat,
        state=Chat.main,
    )


def _away(text: Label, state: State, *, when: str | None = None) -> Start:
    return go_to(text, state, on_click=leave, when=when)


def refused_window() -> Window:
    return Window(
        Html("chat-refused", "refusal"),
        Button(Label("button-try-again"), id="again", on_click=ask_again, when="may_retry"),
        go_to(Label("button-top-up"), Balance.packages, when="must_pay"),
        go_to(Label("button-model"), Models.main),
        Row(to_chat(), to_menu()),
        getter=get_refusal,
        state=Chat.refused,
    )
