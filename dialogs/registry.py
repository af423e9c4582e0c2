"""All dialogs: a new one gets a line here."""

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
    """Build the dialogs anew: each is a router, which can belong to one dispatcher only.

    A window that is open in Telegram while its state is renamed becomes stale: see `home`.
    """
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
