"""Reads the data of the windows of the registration."""

from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from dialogs.registration.pending_input import PendingInput
from okno.accounts.dto import Account
from okno.billing.service import BillingService


async def get_greeting(
    account: Account, dialog_manager: DialogManager, **_: object
) -> dict[str, str]:
    """Read the name; `asked`: a question waits for the end of the registration."""
    pending = PendingInput.of(dialog_manager)
    asked = "full" if pending.is_full else "yes" if pending.question else "no"
    return {"name": account.first_name, "asked": asked}


@inject
async def get_welcome(
    account: Account, billing: FromDishka[BillingService], **_: object
) -> dict[str, str | int]:
    """Read the balance; its first reading gives the welcome grant."""
    balance = await billing.balance(account.actor)
    return {"name": account.first_name, "available": balance.available}
