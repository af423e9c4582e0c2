"""Recognises the account of the sender; the first message in a private chat registers it."""

from typing import cast

from aiogram import BaseMiddleware
from aiogram.enums import ChatType
from aiogram.types import TelegramObject, Update, User
from dishka.integrations.aiogram import CONTAINER_NAME

from dialogs.kit.aiogram_dialog_internals import is_background_update
from okno.accounts.dto import Account, TelegramProfile
from okno.accounts.service import AccountsService
from tgbot.middlewares.types import Data, Handler


class AccountMiddleware(BaseMiddleware):
    """Puts the `account` into the data of the update; None for an unknown user."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: Data) -> object:
        user: User | None = data.get("event_from_user")
        data["account"] = None
        if user is not None and not user.is_bot:
            accounts = await data[CONTAINER_NAME].get(AccountsService)
            account = await _recognise(accounts, user, cast(Update, event))
            if account is not None:
                data["account"] = account
                data["i18n"].locale = account.language
        return await handler(event, data)


async def _recognise(accounts: AccountsService, user: User, update: Update) -> Account | None:
    if is_background_update(update):
        # Such an update knows only the id of the user: its empty names must not be stored.
        return await accounts.find(user.id)
    profile = TelegramProfile(
        telegram_id=user.id,
        first_name=user.first_name,
        last_name=user.last_name,
        username=user.username,
        language_code=user.language_code,
    )
    account = await accounts.recognise(profile)
    if account is None and update.message and update.message.chat.type == ChatType.PRIVATE:
        account = await accounts.register(profile)
    return account
