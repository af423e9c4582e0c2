"""Gives background updates of dialogs the same lock as the user's own updates.

aiogram takes the lock of its FSM middleware by the chat and user of the event, but does not find
them in the updates of aiogram-dialog. Without a lock, such an update and a click at the same time
lose data.
"""

from aiogram import BaseMiddleware
from aiogram.dispatcher.middlewares.user_context import EVENT_CONTEXT_KEY
from aiogram.types import TelegramObject

from dialogs.kit.aiogram_dialog_internals import background_context
from tgbot.middlewares.types import Data, Handler


class DialogLockMiddleware(BaseMiddleware):
    """Stands right before the FSM middleware, which then locks as for any other update."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: Data) -> object:
        context = background_context(event)
        if context is not None:
            data[EVENT_CONTEXT_KEY] = context
        return await handler(event, data)
