"""Handles the clicks in the windows of the settings."""

from aiogram.types import BufferedInputFile, CallbackQuery
from aiogram_dialog import DialogManager, ShowMode
from aiogram_dialog.widgets.kbd import Button
from dishka import FromDishka
from dishka.integrations.aiogram_dialog import inject

from dialogs.kit.account import account_changed, account_of
from dialogs.kit.clicks import answer_click
from dialogs.kit.middleware_data import bot_of, i18n_of
from dialogs.settings.states import Settings
from okno.accounts.dto import Language
from okno.accounts.service import AccountsService, PersonalDataService, SessionsService


@inject
async def change_language(
    _callback: CallbackQuery,
    _select: object,
    manager: DialogManager,
    language: Language,
    accounts: FromDishka[AccountsService],
) -> None:
    account = await accounts.change_language(account_of(manager).actor, language)
    account_changed(manager, account)
    await manager.switch_to(Settings.main)


@inject
async def send_my_data(
    callback: CallbackQuery,
    _button: Button,
    manager: DialogManager,
    personal_data: FromDishka[PersonalDataService],
) -> None:
    """Send everything that is stored about the user as a file; the window follows below it."""
    bot = bot_of(manager)
    i18n = i18n_of(manager)
    data = await personal_data.export(account_of(manager).actor)
    await bot.send_document(
        callback.from_user.id,
        BufferedInputFile(data, filename="okno-data.json"),
        caption=i18n.get("my-data-caption"),
    )
    manager.show_mode = ShowMode.DELETE_AND_SEND


@inject
async def end_sessions(
    callback: CallbackQuery,
    _button: Button,
    manager: DialogManager,
    sessions: FromDishka[SessionsService],
) -> None:
    """Sign out all devices; API keys stay valid."""
    account = account_of(manager)
    await sessions.end_all(account.actor, account.user_id)
    i18n = i18n_of(manager)
    await answer_click(callback, i18n.get("sessions-ended"))


@inject
async def delete_account(
    callback: CallbackQuery,
    _button: Button,
    manager: DialogManager,
    personal_data: FromDishka[PersonalDataService],
) -> None:
    """Delete the account; the last window says so and keeps no buttons."""
    bot = bot_of(manager)
    i18n = i18n_of(manager)
    await personal_data.delete(account_of(manager).actor)
    await manager.reset_stack(remove_keyboard=True)
    await bot.send_message(callback.from_user.id, i18n.get("account-deleted"))
