"""Reads the data of the windows of the API keys."""

from typing import Any

from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from dialogs.keys.dialog_data import is_refused, key_id, name
from okno.accounts.dto import Account, ApiKey
from okno.accounts.service import ApiKeysService
from okno.accounts.service.api_keys import MAX_API_KEYS, MAX_NAME_LENGTH
from okno.billing.dto import Budget
from okno.billing.service import BillingService
from okno.billing.service.adjustments import MAX_AMOUNT

LIMITS = (1_000, 10_000, 100_000)
"""Billing units that are offered as the limit of a key."""

GONE = {"is_gone": True, "is_there": False}


@inject
async def get_keys(
    account: Account, keys: FromDishka[ApiKeysService], **_: object
) -> dict[str, Any]:
    found = await keys.list(account.actor)
    return {
        "keys": [{"id": key.id, "name": key.name, "hint": key.hint} for key in found],
        "is_empty": not found,
        "is_filled": bool(found),
        "is_full": len(found) >= MAX_API_KEYS,
        "has_room": len(found) < MAX_API_KEYS,
    }


async def get_name(dialog_manager: DialogManager, **_: object) -> dict[str, Any]:
    refused = is_refused(dialog_manager)
    return {"limit": MAX_NAME_LENGTH, "is_refused": refused, "is_asked": not refused}


async def get_limits(dialog_manager: DialogManager, **_: object) -> dict[str, Any]:
    refused = is_refused(dialog_manager)
    return {
        "name": name(dialog_manager),
        "limit": MAX_AMOUNT,
        "limits": [{"units": units} for units in LIMITS],
        "is_refused": refused,
        "is_asked": not refused,
    }


@inject
async def get_key(
    account: Account,
    dialog_manager: DialogManager,
    keys: FromDishka[ApiKeysService],
    billing: FromDishka[BillingService],
    **_: object,
) -> dict[str, Any]:
    """Read one key; `is_gone`: it was revoked meanwhile."""
    wanted = key_id(dialog_manager)
    key = next((key for key in await keys.list(account.actor) if key.id == wanted), None)
    if key is None:
        return GONE
    budgets = await billing.budgets(account.actor, [key.id])
    return {"is_gone": False, "is_there": True, **_facts(key, budgets.get(key.id))}


def _facts(key: ApiKey, budget: Budget | None) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "name": key.name,
        "hint": key.hint,
        "made": key.created_at.date(),
        "is_used": key.used_at is not None,
        "is_unused": key.used_at is None,
        "is_limited": budget is not None,
        "is_unlimited": budget is None,
    }
    if key.used_at is not None:
        facts["used"] = key.used_at.date()
    if budget is not None:
        facts |= {"spent": budget.used, "limit": budget.amount}
    return facts
