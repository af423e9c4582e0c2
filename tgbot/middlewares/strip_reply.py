"""Turns a reply in a private chat into a message without a reply.

aiogram-dialog takes a reply for an input to the window that it replies to, and refuses it when that
window was closed. In Okno a text is a question, whatever it replies to.
"""

from typing import cast

from aiogram import BaseMiddleware
from aiogram.enums import ChatType
from aiogram.types import Message, TelegramObject

from tgbot.middlewares.types import Data, Handler


class StripReplyMiddleware(BaseMiddleware):
    """Stands before the middlewares of aiogram-dialog."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: Data) -> object:
        message = cast(Message, event)
        if message.reply_to_message is not None and message.chat.type == ChatType.PRIVATE:
            message = message.model_copy(update={"reply_to_message": None})
        return await handler(message, data)
