"""A short word over the window about what a button has done."""

from contextlib import suppress

from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery


async def toast(callback: CallbackQuery, text: str) -> None:
    """Show `text`, of at most 200 characters, unless the button was pressed too long ago."""
    with suppress(TelegramBadRequest):
        await callback.answer(text)
