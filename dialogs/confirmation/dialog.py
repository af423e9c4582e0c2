"""The window of a confirmation. It has a stack of its own, beside the user's open window."""

from operator import itemgetter
from uuid import UUID

from aiogram.enums import ButtonStyle
from aiogram_dialog import Dialog, Window
from aiogram_dialog.widgets.kbd import Row, Select
from aiogram_dialog.widgets.style import Style
from aiogram_dialog.widgets.text import Case

from dialogs.confirmation.callback_data import CONFIRM, REFUSE
from dialogs.confirmation.getters import Phase, get_confirmation
from dialogs.confirmation.handlers import confirm, refuse
from dialogs.confirmation.states import Confirmation
from dialogs.kit.buttons import DANGER
from dialogs.kit.text import Html, Label


def confirmation_dialog() -> Dialog:
    return Dialog(
        Window(
            Case(
                {
                    Phase.PASSWORD: Html(
                        "confirm-password", "number", "asked", "until", "address", "device"
                    ),
                    Phase.JOINING: Html(
                        "confirm-joining", "login", "number", "asked", "until", "address", "device"
                    ),
                    Phase.PASSWORD_SET: Html("confirmed-password", "id"),
                    Phase.JOINED: Html("confirmed-joining", "login"),
                    Phase.REFUSED: Html("confirmation-refused"),
                    Phase.EXPIRED: Html("confirmation-expired"),
                },
                selector="phase",
            ),
            Row(
                Select(
                    Label("button-confirm"),
                    id=CONFIRM,
                    items="pending",
                    item_id_getter=itemgetter("id"),
                    type_factory=UUID,
                    on_click=confirm,
                    style=Style(ButtonStyle.SUCCESS),
                ),
                Select(
                    Label("button-refuse"),
                    id=REFUSE,
                    items="pending",
                    item_id_getter=itemgetter("id"),
                    type_factory=UUID,
                    on_click=refuse,
                    style=DANGER,
                ),
            ),
            getter=get_confirmation,
            state=Confirmation.main,
        )
    )
