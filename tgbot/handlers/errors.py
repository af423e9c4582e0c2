"""Tells the user kindly what went wrong, without the database, which may have failed itself."""

import structlog
from aiogram import Bot, Dispatcher
from aiogram.enums import ChatType
from aiogram.exceptions import TelegramForbiddenError, TelegramRetryAfter
from aiogram.filters import ExceptionTypeFilter
from aiogram.types import CallbackQuery, ErrorEvent, Message
from aiogram_dialog import DialogManager
from aiogram_i18n import I18nContext

from dialogs.confirmation.callback_data import confirmation_of
from dialogs.confirmation.port import ConfirmationWindows
from dialogs.home import go_home
from dialogs.kit.aiogram_dialog_internals import STALE_WINDOW_ERRORS, foreground_block
from dialogs.kit.clicks import answer_click, remove_buttons
from okno.accounts.dto import Account
from okno.kit.errors import OknoError
from tgbot.replies import tell

log = structlog.get_logger(__name__)


def register(dispatcher: Dispatcher) -> None:
    dispatcher.errors.register(replace_stale_window, ExceptionTypeFilter(*STALE_WINDOW_ERRORS))
    dispatcher.errors.register(ignore_blocked_bot, ExceptionTypeFilter(TelegramForbiddenError))
    dispatcher.errors.register(tell_retry_after, ExceptionTypeFilter(TelegramRetryAfter))
    dispatcher.errors.register(explain, ExceptionTypeFilter(OknoError))
    dispatcher.errors.register(apologise)


async def replace_stale_window(
    event: ErrorEvent,
    dialog_manager: DialogManager,
    account: Account | None,
    i18n: I18nContext,
    bot: Bot,
    confirmation_windows: ConfirmationWindows,
) -> None:
    """Send a fresh window instead of one that was closed, has expired or was renamed.

    If another window is open, the user is pointed to that one: the second of two quick clicks must
    not close it. A block in the foreground opens a window itself.
    """
    if foreground_block(event.update) is not None:
        await dialog_manager.reset_stack()
        return
    query = event.update.callback_query
    if query is not None and account is not None and (lost := confirmation_of(query.data)):
        await answer_click(query, i18n.get("window-outdated"))
        await _remove_buttons(query, bot)
        confirmation_windows.show(bot, query.from_user.id, lost)
        return
    if query is not None and account is not None and dialog_manager.has_context():
        await _point_to_open_window(query, dialog_manager, i18n, bot)
        return
    if query is not None:
        text = i18n.get("unknown-user" if account is None else "window-outdated")
        await answer_click(query, text, show_alert=account is None)
    chat = i18n.data.get("event_chat")
    if account is not None and chat is not None and chat.type == ChatType.PRIVATE:
        await go_home(dialog_manager, account)


async def _point_to_open_window(
    query: CallbackQuery, manager: DialogManager, i18n: I18nContext, bot: Bot
) -> None:
    """Say nothing if the open window is in the same message; else remove the old buttons."""
    message = query.message
    if message is None or message.message_id == manager.current_stack().last_message_id:
        await answer_click(query)
        return
    await answer_click(query, i18n.get("window-closed"))
    await _remove_buttons(query, bot)


async def _remove_buttons(query: CallbackQuery, bot: Bot) -> None:
    if isinstance(query.message, Message):  # else it is too old to be changed
        await remove_buttons(bot, query.message.chat.id, query.message.message_id)


async def ignore_blocked_bot(event: ErrorEvent) -> None:
    """Tell nobody: the user has blocked the bot, as `ReachabilityMiddleware` has noted."""
    log.info("user can't be reached", update_id=event.update.update_id)


async def tell_retry_after(event: ErrorEvent, i18n: I18nContext) -> None:
    """Tell the user how long Telegram refuses further calls."""
    error = event.exception
    assert isinstance(error, TelegramRetryAfter)  # noqa: S101 - the filter says so
    log.warning("telegram wants a pause", update_id=event.update.update_id, reason=str(error))
    # Telegram would refuse a message as well, but not the answer to a button.
    if (query := event.update.callback_query) is not None:
        text = i18n.get("error-telegram-busy", seconds=error.retry_after)
        await answer_click(query, text, show_alert=True)


async def explain(event: ErrorEvent, i18n: I18nContext) -> None:
    """Tell the user why a service refused, in the words of the locale."""
    error = event.exception
    assert isinstance(error, OknoError)  # noqa: S101 - the filter says so
    log.info("refused", update_id=event.update.update_id, error=str(error))
    await tell(event.update, i18n.data["bot"], i18n.get(f"error-{error.code}", **error.values))


async def apologise(event: ErrorEvent, i18n: I18nContext) -> None:
    """Log a bug with its traceback, and apologise."""
    log.error("update failed", update_id=event.update.update_id, exc_info=event.exception)
    await tell(event.update, i18n.data["bot"], i18n.get("error-unexpected"))
