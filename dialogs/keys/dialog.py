"""The windows of the API keys: the list, a new key in two steps, one key, its revocation."""

from operator import itemgetter

from aiogram_dialog import Dialog, Window
from aiogram_dialog.widgets.input import TextInput
from aiogram_dialog.widgets.kbd import Button, Column, Row, Select, SwitchTo
from aiogram_dialog.widgets.text import Multi

from dialogs.keys.getters import get_key, get_keys, get_limits, get_name
from dialogs.keys.handlers import (
    begin_key,
    make_key,
    make_key_up_to,
    make_key_with,
    name_key,
    read_key,
    revoke_key,
)
from dialogs.keys.states import Keys
from dialogs.kit.buttons import DANGER, go_to, to_menu
from dialogs.kit.text import Html, ItemLabel, Label
from dialogs.settings.states import Settings


def keys_dialog() -> Dialog:
    return Dialog(main_window(), name_window(), limit_window(), key_window(), revoke_window())


def main_window() -> Window:
    return Window(
        Multi(
            Html("keys-empty", when="is_empty"),
            Html("keys-list", when="is_filled"),
            Html("keys-full", when="is_full"),
            sep="\n\n",
        ),
        Column(
            Select(
                ItemLabel("key-line", "name", "hint"),
                id="key",
                items="keys",
                item_id_getter=itemgetter("id"),
                type_factory=int,
                on_click=read_key,
            )
        ),
        SwitchTo(
            Label("button-new-key"),
            id="new",
            state=Keys.name,
            on_click=begin_key,
            when="has_room",
        ),
        Row(go_to(Label("button-back"), Settings.access), to_menu()),
        getter=get_keys,
        state=Keys.main,
    )


def name_window() -> Window:
    return Window(
        Html("key-name-refused", "limit", when="is_refused"),
        Html("key-name-text", "limit", when="is_asked"),
        TextInput(id="name", on_success=name_key),
        _back_to_list(),
        getter=get_name,
        state=Keys.name,
    )


def limit_window() -> Window:
    return Window(
        Html("key-limit-refused", "limit", when="is_refused"),
        Html("key-limit-text", "name", when="is_asked"),
        TextInput(id="limit", on_success=make_key_up_to),
        Column(
            Select(
                ItemLabel("key-limit-choice", "units"),
                id="units",
                items="limits",
                item_id_getter=itemgetter("units"),
                type_factory=int,
                on_click=make_key_with,
            )
        ),
        Button(Label("button-no-limit"), id="no_limit", on_click=make_key),
        _back_to_list(),
        getter=get_limits,
        state=Keys.limit,
    )


def key_window() -> Window:
    return Window(
        Html("key-gone", when="is_gone"),
        Multi(
            Html("key-text", "name", "hint", "made"),
            Html("key-used", "used", when="is_used"),
            Html("key-unused", when="is_unused"),
            Html("key-spent", "spent", "limit", when="is_limited"),
            Html("key-unlimited", when="is_unlimited"),
            when="is_there",
        ),
        SwitchTo(
            Label("button-revoke"), id="revoke", state=Keys.revoke, style=DANGER, when="is_there"
        ),
        _back_to_list(),
        getter=get_key,
        state=Keys.key,
    )


def revoke_window() -> Window:
    return Window(
        Html("key-gone", when="is_gone"),
        Html("key-revoke", "name", when="is_there"),
        Row(
            SwitchTo(Label("button-back"), id="back", state=Keys.key),
            Button(
                Label("button-revoke"),
                id="revoke",
                on_click=revoke_key,
                style=DANGER,
                when="is_there",
            ),
        ),
        getter=get_key,
        state=Keys.revoke,
    )


def _back_to_list() -> SwitchTo:
    return SwitchTo(Label("button-back"), id="list", state=Keys.main)
