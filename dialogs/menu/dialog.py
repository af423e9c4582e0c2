"""The window of the menu, which leads to all other dialogs."""

from aiogram_dialog import Dialog, Window
from aiogram_dialog.widgets.kbd import Group

from dialogs.balance.states import Balance
from dialogs.help.states import Help
from dialogs.history.states import History
from dialogs.kit.buttons import go_to, to_chat
from dialogs.kit.text import Html, Label
from dialogs.menu.getters import get_menu
from dialogs.menu.states import Menu
from dialogs.models.states import Models
from dialogs.personas.states import Personas
from dialogs.settings.states import Settings


def menu_dialog() -> Dialog:
    return Dialog(
        Window(
            Html("menu-text", "name"),
            to_chat(),
            Group(
                go_to(Label("button-history"), History.conversations),
                go_to(Label("button-balance"), Balance.main),
                go_to(Label("button-model"), Models.main),
                go_to(Label("button-persona"), Personas.main),
                go_to(Label("button-settings"), Settings.main),
                go_to(Label("button-help"), Help.main),
                width=2,
            ),
            getter=get_menu,
            state=Menu.main,
        )
    )
