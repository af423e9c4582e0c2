"""Logs and counts every update with its type, outcome and duration."""

from time import perf_counter
from typing import cast

import structlog
from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update, User
from structlog.contextvars import bound_contextvars

from tgbot.metrics import UPDATE_SECONDS
from tgbot.middlewares.types import Data, Handler

log = structlog.get_logger(__name__)


class ObserveMiddleware(BaseMiddleware):
    """Puts the update's id and sender into every log line that is written while it is handled."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: Data) -> object:
        update = cast(Update, event)
        user: User | None = data.get("event_from_user")
        started = perf_counter()
        with bound_contextvars(update_id=update.update_id, telegram_id=user and user.id):
            outcome = "failed"
            try:
                result = await handler(event, data)
                outcome = "handled"
            finally:
                seconds = perf_counter() - started
                UPDATE_SECONDS.labels(update.event_type, outcome).observe(seconds)
                log.info(
                    "update", type=update.event_type, outcome=outcome, ms=round(seconds * 1000, 1)
                )
        return result
