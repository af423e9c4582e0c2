"""Tells the user when PostgreSQL or Redis is out of reach."""

from typing import cast

import structlog
from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update

from dialogs.kit.aiogram_dialog_internals import foreground_block
from okno.kit.errors import TemporarilyUnavailable
from okno.kit.redis import REDIS_OUTAGES
from tgbot.middlewares.types import Data, Handler
from tgbot.replies import tell

log = structlog.get_logger(__name__)

OUTAGES = (TemporarilyUnavailable, *REDIS_OUTAGES)


class OutageMiddleware(BaseMiddleware):
    """Stands before everything that needs a server, and needs none itself."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: Data) -> object:
        try:
            return await handler(event, data)
        except OUTAGES as error:
            if foreground_block(event) is not None:
                raise  # the opener of the block deals with it
            log.error("service out of reach", error=repr(error))  # noqa: TRY400 - no bug of ours
            update = cast(Update, event)
            await tell(update, data["bot"], data["i18n"].get(_text_key(update)))
            return None


def _text_key(update: Update) -> str:
    """Choose the text. The reconciliation finds a payment that could not be credited now."""
    if update.message is not None and update.message.successful_payment is not None:
        return "payment-delayed"
    return f"error-{TemporarilyUnavailable.code}"
