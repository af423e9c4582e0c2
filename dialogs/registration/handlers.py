"""Handles the end of the registration."""

from aiogram.types import CallbackQuery
from aiogram_dialog import DialogManager, ShowMode
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from dialogs.chat.asking import ask
from dialogs.confirmation.link import open_link
from dialogs.kit.account import account_changed, account_of
from dialogs.registration.pending_input import PendingInput
from dialogs.registration.states import Registration
from okno.accounts.dto import Language
from okno.accounts.service import AccountsService, ConfirmationsService
from okno.assistant.service import QuestionsService


@inject
async def confirm_language(
    _callback: CallbackQuery,
    _select: object,
    manager: DialogManager,
    language: Language,
    accounts: FromDishka[AccountsService],
    questions: FromDishka[QuestionsService],
    confirmations: FromDishka[ConfirmationsService],
) -> None:
    """Finish the registration and welcome the user in the chosen language.

    Then earlier questions are asked, and a link that was opened is followed.
    """
    pending = PendingInput.of(manager)
    account = await accounts.finish_registration(account_of(manager).actor, language)
    account_changed(manager, account)
    await manager.switch_to(Registration.welcome)
    await manager.show()
    manager.show_mode = ShowMode.NO_UPDATE
    if pending.code:
        await open_link(manager, confirmations, pending.code)
    if pending.question:
        await ask(manager, questions, pending.question)
