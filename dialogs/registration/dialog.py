"""The windows of the first contact."""

from aiogram_dialog import Dialog, Window

from dialogs.kit.buttons import to_menu
from dialogs.kit.languages import language_buttons, list_languages
from dialogs.kit.text import Html
from dialogs.registration.getters import get_name
from dialogs.registration.handlers import confirm_language
from dialogs.states import Registration


def registration_dialog() -> Dialog:
    return Dialog(
        Window(
            Html("registration-language", "name"),
            language_buttons(confirm_language),
            getter=[get_name, list_languages],
            state=Registration.language,
        ),
        Window(
            Html("registration-welcome", "name"),
            to_menu(),
            getter=get_name,
            state=Registration.welcome,
        ),
    )
