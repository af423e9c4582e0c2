"""Reads the data of the windows of the balance."""

from typing import Any

from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from dialogs.kit.pages import page_number, page_of
from okno.accounts.dto import Account
from okno.billing.dto import LedgerEntry
from okno.billing.service import BillingService, PaymentsService

ENTRIES = "entries"
ENTRIES_PER_PAGE = 10
LATEST_ENTRIES = 5


@inject
async def get_balance(
    account: Account,
    billing: FromDishka[BillingService],
    payments: FromDishka[PaymentsService],
    **_: object,
) -> dict[str, Any]:
    balance = await billing.balance(account.actor)
    latest = await billing.statement(account.actor, 0, LATEST_ENTRIES)
    return {
        "balance": balance.balance,
        "held": balance.held,
        "used": balance.used_total,
        "entries": [_line(entry) for entry in latest.items],
        "has_more": latest.total > LATEST_ENTRIES,
        "is_sold": bool(payments.packages()),
    }


@inject
async def get_statement(
    account: Account,
    dialog_manager: DialogManager,
    billing: FromDishka[BillingService],
    **_: object,
) -> dict[str, Any]:
    number = page_number(dialog_manager, ENTRIES)
    page = await billing.statement(account.actor, number, ENTRIES_PER_PAGE)
    return {
        "entries": [_line(entry) for entry in page.items],
        "total": page.total,
        **page_of(dialog_manager, ENTRIES, page),
    }


@inject
async def get_packages(payments: FromDishka[PaymentsService], **_: object) -> dict[str, Any]:
    return {
        "packages": [
            {"id": package.id, "stars": package.stars, "tokens": package.tokens}
            for package in payments.packages()
        ]
    }


def _line(entry: LedgerEntry) -> dict[str, Any]:
    """Give the sign as a word for the locale, since Fluent writes numbers without a plus."""
    return {
        "sign": "plus" if entry.amount > 0 else "minus",
        "amount": abs(entry.amount),
        "kind": entry.kind.value,
        "date": entry.created_at.date(),
    }
