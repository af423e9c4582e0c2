"""The window of the personas."""

from operator import itemgetter

from aiogram_dialog import Dialog, Window
from aiogram_dialog.widgets.kbd import Group, Row, Select

from dialogs.kit.buttons import to_chat, to_menu
from dialogs.kit.text import Html, ItemLabel
from dialogs.personas.getters import get_personas
from dialogs.personas.handlers import choose_persona
from dialogs.personas.states import Personas


def personas_dialog() -> Dialog:
    return Dialog(
        Window(
            Html("personas-text"),
            Group(
                Select(
                    ItemLabel("persona-name", "name", "chosen"),
                    id="persona",
                    items="personas",
                    item_id_getter=itemgetter("id"),
                    on_click=choose_persona,
                ),
                width=2,
            ),
            Row(to_chat(), to_menu()),
            getter=get_personas,
            state=Personas.main,
        )
    )
