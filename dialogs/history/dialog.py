"""The windows of the history: the list, one exchange, the search, and changes of a conversation."""

from operator import itemgetter

from aiogram_dialog import Dialog, Window
from aiogram_dialog.widgets.input import TextInput
from aiogram_dialog.widgets.kbd import Button, Column, Group, Row, Select, SwitchTo
from aiogram_dialog.widgets.link_preview import LinkPreview
from aiogram_dialog.widgets.text import Format, List, Multi

from dialogs.history.dialog_data import CONVERSATIONS, EXCHANGES, RESULTS, Hit
from dialogs.history.getters import get_conversations, get_exchange, get_found, get_title
from dialogs.history.handlers import (
    ask_title,
    continue_conversation,
    delete_conversation,
    export_conversation,
    read_conversation,
    read_found,
    rename_conversation,
    search_conversations,
)
from dialogs.history.states import History
from dialogs.kit.buttons import DANGER, to_chat, to_menu
from dialogs.kit.pages import pager
from dialogs.kit.text import Html, ItemHtml, ItemLabel, Label


def history_dialog() -> Dialog:
    return Dialog(
        conversations_window(),
        exchange_window(),
        rename_window(),
        delete_window(),
        search_window(),
        found_window(),
    )


def conversations_window() -> Window:
    return Window(
        Html("history-empty", when="is_empty"),
        Html("history-list", "total", "page", "pages", when="is_filled"),
        Column(
            Select(
                ItemLabel("history-conversation", "title", "date"),
                id="conversation",
                items="conversations",
                item_id_getter=itemgetter("id"),
                type_factory=int,
                on_click=read_conversation,
            )
        ),
        pager(CONVERSATIONS, Label("button-newer"), Label("button-older")),
        SwitchTo(Label("button-search"), id="search", state=History.search, when="is_filled"),
        Row(to_chat(), to_menu()),
        getter=get_conversations,
        state=History.conversations,
    )


def exchange_window() -> Window:
    return Window(
        Html("conversation-gone", when="is_gone"),
        Multi(
            Html("exchange-head", "title", "date", "model", "page", "pages"),
            Format("<blockquote>{question.html}</blockquote>"),
            Format("{answer.html}", when="is_answered"),
            Html("exchange-running", when="is_running"),
            Html("exchange-unanswered", when="is_unanswered"),
            Html("exchange-cut", when="is_cut"),
            sep="\n\n",
            when="is_there",
        ),
        pager(EXCHANGES, Label("button-earlier"), Label("button-later")),
        Group(
            Button(Label("button-go-on-here"), id="go_on", on_click=continue_conversation),
            Button(Label("button-export"), id="export", on_click=export_conversation),
            SwitchTo(Label("button-rename"), id="rename", state=History.rename, on_click=ask_title),
            SwitchTo(Label("button-delete"), id="delete", state=History.delete),
            width=2,
            when="is_there",
        ),
        SwitchTo(Label("button-back"), id="found", state=History.found, when="was_searched"),
        SwitchTo(Label("button-back"), id="list", state=History.conversations, when="was_listed"),
        LinkPreview(is_disabled=True),
        getter=get_exchange,
        state=History.exchange,
    )


def rename_window() -> Window:
    return Window(
        Html("conversation-gone", when="is_gone"),
        Html("rename-refused", "limit", when="is_refused"),
        Html("rename-text", "title", "limit", when="is_asked"),
        TextInput(id="title", on_success=rename_conversation),
        _back_to_exchange(),
        getter=get_title,
        state=History.rename,
    )


def delete_window() -> Window:
    return Window(
        Html("conversation-gone", when="is_gone"),
        Html("delete-conversation", "title", when="is_there"),
        Row(
            _back_to_exchange(),
            Button(
                Label("button-delete"),
                id="delete",
                on_click=delete_conversation,
                style=DANGER,
                when="is_there",
            ),
        ),
        getter=get_title,
        state=History.delete,
    )


def search_window() -> Window:
    return Window(
        Html("search-text"),
        TextInput(id="query", on_success=search_conversations),
        SwitchTo(Label("button-back"), id="back", state=History.conversations),
        state=History.search,
    )


def found_window() -> Window:
    return Window(
        Html("search-empty", "query", when="is_empty"),
        Multi(
            Html("search-found", "query", "total", "page", "pages"),
            List(ItemHtml("search-line", "number", "title", "date", "excerpt"), "found", "\n\n"),
            sep="\n\n",
            when="is_filled",
        ),
        Row(
            Select(
                Format("{item[number]}"),
                id="hit",
                items="found",
                item_id_getter=itemgetter("hit"),
                type_factory=Hit.parse,
                on_click=read_found,
            )
        ),
        pager(RESULTS, Label("button-newer"), Label("button-older")),
        Row(
            SwitchTo(Label("button-back"), id="list", state=History.conversations),
            SwitchTo(Label("button-search-again"), id="search", state=History.search),
        ),
        LinkPreview(is_disabled=True),
        getter=get_found,
        state=History.found,
    )


def _back_to_exchange() -> SwitchTo:
    return SwitchTo(Label("button-back"), id="back", state=History.exchange)
