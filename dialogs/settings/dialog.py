"""The windows of the settings. An account is deleted after two confirmations."""

from aiogram_dialog import Dialog, Window
from aiogram_dialog.widgets.kbd import Button, Group, SwitchTo
from aiogram_dialog.widgets.text import List, Multi

from dialogs.balance.states import Balance
from dialogs.keys.states import Keys
from dialogs.kit.buttons import DANGER, go_to, to_menu
from dialogs.kit.languages import language_buttons, list_languages
from dialogs.kit.text import Html, ItemHtml, Label
from dialogs.models.states import Models
from dialogs.personas.states import Personas
from dialogs.settings.getters import get_access, get_settings
from dialogs.settings.handlers import change_language, delete_account, end_sessions, send_my_data
from dialogs.settings.states import Settings


def settings_dialog() -> Dialog:
    return Dialog(
        main_window(),
        language_window(),
        access_window(),
        delete_window(),
        delete_sure_window(),
    )


def main_window() -> Window:
    return Window(
        Html("settings-text", "name", "role", "registered", "days"),
        Group(
            go_to(Label("button-model"), Models.main),
            go_to(Label("button-persona"), Personas.main),
            go_to(Label("button-balance"), Balance.main),
            SwitchTo(Label("button-language"), id="language", state=Settings.language),
            width=2,
        ),
        SwitchTo(Label("button-access"), id="access", state=Settings.access),
        Button(Label("button-my-data"), id="my_data", on_click=send_my_data),
        SwitchTo(Label("button-delete-account"), id="delete", state=Settings.delete),
        to_menu(),
        getter=get_settings,
        state=Settings.main,
    )


def language_window() -> Window:
    return Window(
        Html("settings-language"),
        language_buttons(change_language),
        back(),
        getter=list_languages,
        state=Settings.language,
    )


def access_window() -> Window:
    return Window(
        Multi(
            Html("access-text", "password", "login"),
            Html("access-sessions", when="has_sessions"),
            List(ItemHtml("access-session", "device", "address", "used"), items="sessions"),
            Html("access-more", "more", when="has_more"),
            Html("access-keys-note"),
        ),
        go_to(Label("button-keys"), Keys.main),
        Button(Label("button-end-sessions"), id="end", on_click=end_sessions, when="has_sessions"),
        back(),
        getter=get_access,
        state=Settings.access,
    )


def delete_window() -> Window:
    return Window(
        Html("delete-account-what"),
        SwitchTo(
            Label("button-delete-go-on"), id="go_on", state=Settings.delete_sure, style=DANGER
        ),
        back(),
        state=Settings.delete,
    )


def delete_sure_window() -> Window:
    return Window(
        Html("delete-account-sure"),
        back(),
        Button(
            Label("button-delete-for-good"), id="for_good", on_click=delete_account, style=DANGER
        ),
        state=Settings.delete_sure,
    )


def back() -> SwitchTo:
    return SwitchTo(Label("button-back"), id="back", state=Settings.main)
