"""Counts the calls of the Bot API by their outcome."""

from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.methods import Response, TelegramMethod

from tgbot.metrics import TELEGRAM_CALLS


class CountMiddleware(BaseRequestMiddleware):
    """Stands inside `RetryMiddleware`, so that every attempt counts."""

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[Any],
        bot: Bot,
        method: TelegramMethod[Any],
    ) -> Response[Any]:
        outcome = "ok"
        try:
            return await make_request(bot, method)
        except Exception as error:
            outcome = type(error).__name__
            raise
        finally:
            TELEGRAM_CALLS.labels(method.__api_method__, outcome).inc()
