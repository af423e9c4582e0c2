"""Clicks of the registration."""

from typing import Any

from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from dialogs.chat.asking import ask
from dialogs.kit.account import account_changed, account_of
from dialogs.states import Registration
from okno.accounts.dto import Language
from okno.accounts.service import AccountsService
from okno.assistant.service import AskingService


@inject
async def confirm_language(
    _callback: CallbackQuery,
    _select: Any,  # noqa: ANN401 - dishka and aiogram-dialog disagree on its type
    manager: DialogManager,
    language: Language,
    accounts: FromDishka[AccountsService],
    asking: FromDishka[AskingService],
) -> None:
    """Finish the registration and welcome the user in the chosen language.

    A question that was asked before is answered now: `start_data` has kept it.
    """
    account = await accounts.finish_registration(account_of(manager).actor, language)
    account_changed(manager, account)
    await manager.switch_to(Registration.welcome)
    if isinstance(manager.start_data, dict):
        await manager.show()
        await ask(manager, asking, manager.start_data["question"])
