"""Words to the user outside of any window."""

from contextlib import suppress

from aiogram import Bot
from aiogram.enums import ChatType
from aiogram.exceptions import ClientDecodeError, TelegramAPIError, TelegramBadRequest
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


async def answer_quietly(
    callback: CallbackQuery, text: str | None = None, *, show_alert: bool = False
) -> None:
    """Answer a button. One that was pressed too long ago has nobody waiting any more."""
    with suppress(TelegramBadRequest):
        await callback.answer(text, show_alert=show_alert)
