"""Opens a link of the web app in Telegram: it asks to join this account with that of the link."""

from aiogram_dialog import DialogManager

from dialogs.confirmation.port import ConfirmationWindows
from dialogs.kit.account import account_of
from dialogs.kit.middleware_data import bot_of, chat_id_of, i18n_of
from okno.accounts.service import ConfirmationsService
from okno.kit.errors import OknoError, TemporarilyUnavailable


async def open_link(manager: DialogManager, confirmations: ConfirmationsService, code: str) -> bool:
    """Show the window of the confirmation; tell the user and return False when the link is bad."""
    bot = bot_of(manager)
    chat_id = chat_id_of(manager)
    try:
        confirmation = await confirmations.open_link(account_of(manager).actor, code)
    except TemporarilyUnavailable:
        raise
    except OknoError as error:
        i18n = i18n_of(manager)
        await bot.send_message(chat_id, i18n.get(f"error-{error.code}", **error.values))
        return False
    windows: ConfirmationWindows = manager.middleware_data["confirmation_windows"]
    windows.show(bot, chat_id, confirmation.id)
    return True
