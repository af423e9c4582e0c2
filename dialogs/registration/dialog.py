"""The windows of the registration."""

from aiogram_dialog import Dialog, Window
from aiogram_dialog.widgets.kbd import Row

from dialogs.kit.buttons import to_chat, to_menu
from dialogs.kit.languages import language_buttons, list_languages
from dialogs.kit.text import Html
from dialogs.registration.getters import get_greeting, get_welcome
from dialogs.registration.handlers import confirm_language
from dialogs.registration.states import Registration


def registration_dialog() -> Dialog:
    return Dialog(
        Window(
            Html("registration-language", "name", "asked"),
            language_buttons(confirm_language),
            getter=[get_greeting, list_languages],
            state=Registration.language,
        ),
        Window(
            Html("registration-welcome", "name", "available"),
            Row(to_chat(), to_menu()),
            getter=get_welcome,
            state=Registration.welcome,
        ),
    )
