"""Handles the decision on a confirmation."""

from uuid import UUID

from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from dialogs.kit.account import account_changed, account_of
from dialogs.kit.clicks import answer_click
from dialogs.kit.middleware_data import i18n_of
from okno.accounts.errors import ConfirmationNotFound, ConfirmationOver
from okno.accounts.service import AccountsService, ConfirmationsService


@inject
async def confirm(
    callback: CallbackQuery,
    _select: object,
    manager: DialogManager,
    confirmation_id: UUID,
    confirmations: FromDishka[ConfirmationsService],
    accounts: FromDishka[AccountsService],
) -> None:
    """Do what is asked for. After a joining another account is that of the user."""
    try:
        await confirmations.decide(account_of(manager).actor, confirmation_id, is_confirmed=True)
    except (ConfirmationNotFound, ConfirmationOver) as error:
        await _tell(callback, manager, error.code)
        return
    account = await accounts.find(callback.from_user.id)
    if account is not None:
        account_changed(manager, account)


@inject
async def refuse(
    callback: CallbackQuery,
    _select: object,
    manager: DialogManager,
    confirmation_id: UUID,
    confirmations: FromDishka[ConfirmationsService],
) -> None:
    try:
        await confirmations.decide(account_of(manager).actor, confirmation_id, is_confirmed=False)
    except (ConfirmationNotFound, ConfirmationOver) as error:
        await _tell(callback, manager, error.code)


async def _tell(callback: CallbackQuery, manager: DialogManager, code: str) -> None:
    """Say why nothing was decided; the redraw shows the state."""
    i18n = i18n_of(manager)
    await answer_click(callback, i18n.get(f"error-{code}"))
