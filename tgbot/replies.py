"""Replies to an update outside of the windows."""

from contextlib import suppress

from aiogram import Bot
from aiogram.enums import ChatType
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import CallbackQuery, Message, PreCheckoutQuery, Update


async def tell(update: Update, bot: Bot, text: str) -> None:
    """Show `text` as an alert or as a message, or give it as the reason why a payment is refused.

    Raises nothing: handlers of errors call it, and an error of Telegram is dropped.
    """
    with suppress(TelegramAPIError, ClientDecodeError):
        event = update.event
        if isinstance(event, CallbackQuery):
            await event.answer(text[:200], show_alert=True)
        elif isinstance(event, PreCheckoutQuery):
            await event.answer(ok=False, error_message=text)
        elif isinstance(event, Message) and event.chat.type == ChatType.PRIVATE:
            await bot.send_message(event.chat.id, text)
