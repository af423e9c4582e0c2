"""Keeps replies that aiogram can't read out of the log: they hold messages of users."""

from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.exceptions import ClientDecodeError
from aiogram.methods import Response, TelegramMethod


class UnreadableReplyMiddleware(BaseRequestMiddleware):
    """Raises the error of such a reply without its content, and without the error of the parser."""

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[Any],
        bot: Bot,
        method: TelegramMethod[Any],
    ) -> Response[Any]:
        try:
            return await make_request(bot, method)
        except ClientDecodeError as error:
            reason = ValueError(type(error.original).__name__)
            raise ClientDecodeError("unreadable reply", reason, None) from None
