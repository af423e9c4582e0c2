"""The window of the models."""

from operator import itemgetter

from aiogram_dialog import Dialog, Window
from aiogram_dialog.widgets.kbd import Column, Row, Select
from aiogram_dialog.widgets.text import List, Multi

from dialogs.kit.buttons import to_chat, to_menu
from dialogs.kit.text import Html, ItemHtml, ItemLabel
from dialogs.models.getters import get_models
from dialogs.models.handlers import choose_model
from dialogs.models.states import Models


def models_dialog() -> Dialog:
    return Dialog(
        Window(
            Multi(
                Html("models-text"),
                List(ItemHtml("model-line", "name", "price_in", "price_out"), items="models"),
                Html("models-note"),
                sep="\n\n",
            ),
            Column(
                Select(
                    ItemLabel("model-name", "name", "chosen"),
                    id="model",
                    items="models",
                    item_id_getter=itemgetter("id"),
                    on_click=choose_model,
                )
            ),
            Row(to_chat(), to_menu()),
            getter=get_models,
            state=Models.main,
        )
    )
