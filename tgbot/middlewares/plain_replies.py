"""Takes a reply in a private chat for a message like any other.

aiogram-dialog takes it for an input to the window that is replied to, and refuses it when that
window was closed; but a question is a question, whatever it replies to.
"""

from typing import Any, cast

from aiogram import BaseMiddleware
from aiogram.enums import ChatType
from aiogram.types import Message, TelegramObject

from tgbot.middlewares.types import Data, Handler


class PlainRepliesMiddleware(BaseMiddleware):
    """Stands before the middlewares of aiogram-dialog."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: Data) -> Any:  # noqa: ANN401
        message = cast(Message, event)
        if message.reply_to_message is not None and message.chat.type == ChatType.PRIVATE:
            message = message.model_copy(update={"reply_to_message": None})
        return await handler(message, data)
