"""Words to the user outside of any window."""

from contextlib import suppress

from aiogram import Bot
from aiogram.enums import ChatType
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.types import CallbackQuery, Message, PreCheckoutQuery, Update


async def tell(update: Update, bot: Bot, text: str) -> None:
    """Say `text` to whoever sent the update: an alert, a message, or why a payment is refused.

    The last resort must not fail itself: what Telegram refuses here is let go.
    """
    with suppress(TelegramAPIError, ClientDecodeError):
        event = update.event
        if isinstance(event, CallbackQuery):
            await event.answer(text[:200], show_alert=True)
        elif isinstance(event, PreCheckoutQuery):
            await event.answer(ok=False, error_message=text)
        elif isinstance(event, Message) and event.chat.type == ChatType.PRIVATE:
            await bot.send_message(event.chat.id, text)
