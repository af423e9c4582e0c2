"""All dialogs. Built anew on each call, since a router can belong to one dispatcher only."""

from aiogram_dialog import Dialog

from dialogs.balance.dialog import balance_dialog
from dialogs.chat.dialog import chat_dialog
from dialogs.confirmation.dialog import confirmation_dialog
from dialogs.help.dialog import help_dialog
from dialogs.history.dialog import history_dialog
from dialogs.keys.dialog import keys_dialog
from dialogs.menu.dialog import menu_dialog
from dialogs.models.dialog import models_dialog
from dialogs.personas.dialog import personas_dialog
from dialogs.registration.dialog import registration_dialog
from dialogs.settings.dialog import settings_dialog


def all_dialogs() -> tuple[Dialog, ...]:
    return (
        registration_dialog(),
        menu_dialog(),
        chat_dialog(),
        history_dialog(),
        models_dialog(),
        personas_dialog(),
        balance_dialog(),
        settings_dialog(),
        keys_dialog(),
        confirmation_dialog(),
        help_dialog(),
    )
