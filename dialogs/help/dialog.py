"""The window of the help: what the bot can do, its commands, the data it stores."""

from aiogram_dialog import Dialog, Window
from aiogram_dialog.widgets.kbd import Row

from dialogs.help.states import Help
from dialogs.kit.buttons import go_to, to_chat, to_menu
from dialogs.kit.text import Html, Label
from dialogs.settings.states import Settings


def help_dialog() -> Dialog:
    return Dialog(
        Window(
            Html("help-text"),
            to_chat(),
            Row(go_to(Label("button-settings"), Settings.main), to_menu()),
            state=Help.main,
        )
    )
