"""Answers clicks, and removes buttons that must not be clicked any more."""

from contextlib import suppress

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramBadRequest
from aiogram.types import CallbackQuery

log = structlog.get_logger(__name__)


async def answer_click(
    callback: CallbackQuery, text: str | None = None, *, show_alert: bool = False
) -> None:
    """Show `text`, of at most 200 characters; with `show_alert`, until the user closes it.

    Telegram refuses the answer to an old click. Nobody waits for it, so this is no error.
    """
    with suppress(TelegramBadRequest):
        await callback.answer(text, show_alert=show_alert)


async def remove_buttons(bot: Bot, chat_id: int, message_id: int) -> bool:
    """Leave a message without its buttons; return False when Telegram could not be reached."""
    try:
        await bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id)
    except TelegramBadRequest as error:
        log.info("message has no buttons any more", reason=error.message)
    except (TelegramAPIError, ClientDecodeError) as error:
        log.warning("buttons not removed", reason=type(error).__name__)
        return False
    return True
