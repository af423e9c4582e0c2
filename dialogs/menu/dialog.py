"""The menu: the ways to everything else."""

from aiogram_dialog import Dialog, Window

from dialogs.kit.buttons import go_to
from dialogs.kit.text import Html, Label
from dialogs.menu.getters import get_menu
from dialogs.states import Help, Menu, Settings


def menu_dialog() -> Dialog:
    return Dialog(
        Window(
            Html("menu-text", "name"),
            go_to(Label("button-settings"), Settings.main),
            go_to(Label("button-help"), Help.main),
            getter=get_menu,
            state=Menu.main,
        )
    )
