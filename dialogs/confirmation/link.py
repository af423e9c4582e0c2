"""A link of the web app, opened in Telegram: it asks to join this account with that of the link."""

from aiogram import Bot
from aiogram_dialog import DialogManager
from aiogram_i18n import I18nContext

from dialogs.confirmation.port import ConfirmationWindows
from dialogs.kit.account import account_of
from okno.accounts.service import ConfirmationsService
from okno.kit.errors import OknoError, TemporarilyUnavailable


async def open_link(manager: DialogManager, confirmations: ConfirmationsService, code: str) -> bool:
    """Let the window of the confirmation come; False when the link is of no use, which is said."""
    bot: Bot = manager.middleware_data["bot"]
    chat_id = manager.middleware_data["event_chat"].id
    try:
        confirmation = await confirmations.open_link(account_of(manager).actor, code)
    except TemporarilyUnavailable:
        raise
    except OknoError as error:
        i18n: I18nContext = manager.middleware_data["i18n"]
        await bot.send_message(chat_id, i18n.get(f"error-{error.code}", **error.values))
        return False
    windows: ConfirmationWindows = manager.middleware_data["confirmation_windows"]
    windows.show(bot, chat_id, confirmation.id)
    return True
