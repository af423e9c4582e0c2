"""Reads the data of the window of a confirmation: its state at this moment."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from dialogs.kit.devices import device_name
from okno.accounts.dto import Account, Confirmation, ConfirmationKind, ConfirmationState
from okno.accounts.errors import ConfirmationNotFound
from okno.accounts.service import ConfirmationsService


class Phase(StrEnum):
    """The text of the window: the request, or its outcome."""

    PASSWORD = "password"  # noqa: S105 - a kind of confirmation
    JOINING = "joining"
    PASSWORD_SET = "password-set"  # noqa: S105
    JOINED = "joined"
    REFUSED = "refused"
    EXPIRED = "expired"


GONE: dict[str, Any] = {"phase": Phase.EXPIRED, "pending": []}

_PENDING = {ConfirmationKind.PASSWORD: Phase.PASSWORD, ConfirmationKind.JOINING: Phase.JOINING}
_DONE = {ConfirmationKind.PASSWORD: Phase.PASSWORD_SET, ConfirmationKind.JOINING: Phase.JOINED}


@inject
async def get_confirmation(
    account: Account,
    dialog_manager: DialogManager,
    confirmations: FromDishka[ConfirmationsService],
    **_: object,
) -> dict[str, Any]:
    """Read the confirmation whose `id` is in the `start_data`; a missing one counts as expired.

    `pending`: the data of the buttons, as long as there is something to decide.
    """
    data = dialog_manager.start_data
    if not isinstance(data, dict):
        return GONE
    try:
        confirmation = await confirmations.get(account.actor, UUID(data["id"]))
    except ConfirmationNotFound:
        return GONE
    is_pending = confirmation.state is ConfirmationState.PENDING
    return {
        "phase": phase_of(confirmation),
        "pending": [{"id": confirmation.id.hex}] if is_pending else [],
        **_facts(confirmation),
    }


def phase_of(confirmation: Confirmation) -> Phase:
    match confirmation.state:
        case ConfirmationState.PENDING:
            return _PENDING[confirmation.kind]
        case ConfirmationState.CONFIRMED:
            return _DONE[confirmation.kind]
        case ConfirmationState.REFUSED:
            return Phase.REFUSED
        case ConfirmationState.EXPIRED:
            return Phase.EXPIRED


def _facts(confirmation: Confirmation) -> dict[str, str]:
    """Describe the request and who makes it; times are in UTC."""
    return {
        "number": "".join(map(_keycap, str(confirmation.number))),
        "asked": f"{confirmation.created_at:%H:%M}",
        "until": f"{confirmation.expires_at:%H:%M}",
        "address": confirmation.device.address,
        "device": device_name(confirmation.device),
        "login": confirmation.login or "",
        "id": str(confirmation.telegram_id),
    }


def _keycap(digit: str) -> str:
    """Draw a digit as a key, which clients show larger than letters."""
    return f"{digit}\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}"
