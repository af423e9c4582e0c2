"""The windows of the balance."""

from operator import itemgetter

from aiogram_dialog import Dialog, Window
from aiogram_dialog.widgets.kbd import Column, Row, Select, SwitchTo
from aiogram_dialog.widgets.text import List, Multi

from dialogs.balance.getters import ENTRIES, get_balance, get_packages, get_statement
from dialogs.balance.handlers import send_invoice
from dialogs.balance.states import Balance
from dialogs.kit.buttons import to_chat, to_menu
from dialogs.kit.pages import pager
from dialogs.kit.text import Html, ItemHtml, ItemLabel, Label


def balance_dialog() -> Dialog:
    return Dialog(main_window(), statement_window(), packages_window())


def main_window() -> Window:
    return Window(
        Multi(
            Html("balance-text", "balance"),
            Html("balance-held", "held", when="held"),
            Html("balance-used", "used"),
        ),
        Multi(Html("balance-latest"), entry_lines(), when="entries"),
        Row(
            SwitchTo(Label("button-top-up"), id="top_up", state=Balance.packages, when="is_sold"),
            SwitchTo(
                Label("button-statement"),
                id="statement",
                state=Balance.statement,
                when="has_more",
            ),
        ),
        Row(to_chat(), to_menu()),
        getter=get_balance,
        state=Balance.main,
    )


def statement_window() -> Window:
    return Window(
        Html("balance-statement", "total", "page", "pages"),
        entry_lines(),
        pager(ENTRIES, Label("button-newer"), Label("button-older")),
        back(),
        getter=get_statement,
        state=Balance.statement,
    )


def packages_window() -> Window:
    return Window(
        Html("balance-packages"),
        Column(
            Select(
                ItemLabel("balance-package", "stars", "tokens"),
                id="package",
                items="packages",
                item_id_getter=itemgetter("id"),
                on_click=send_invoice,
            )
        ),
        back(),
        getter=get_packages,
        state=Balance.packages,
    )


def entry_lines() -> List:
    return List(ItemHtml("balance-entry", "sign", "amount", "kind", "date"), items="entries")


def back() -> SwitchTo:
    return SwitchTo(Label("button-back"), id="back", state=Balance.main)
