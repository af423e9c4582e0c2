"""All dialogs. Built anew on each call, since a router can belong to one dispatcher only."""

from aiogram_dialog import Dialog

from dialogs.help.dialog import help_dialog
from dialogs.menu.dialog import menu_dialog
from dialogs.registration.dialog import registration_dialog
from dialogs.settings.dialog import settings_dialog


def all_dialogs() -> tuple[Dialog, ...]:
    return (registration_dialog(), menu_dialog(), settings_dialog(), help_dialog())
