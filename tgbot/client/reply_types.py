"""Keeps the types of Telegram's replies in memory.

aiogram asks for a type such as `Response[bool]` at every call, and pydantic forgets a generic model
that nobody holds. To build it again takes milliseconds, while a user waits.
"""

from functools import cache
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.methods import Response
from aiogram.methods.base import TelegramMethod, TelegramType


class ReplyTypesMiddleware(BaseRequestMiddleware):
    """Holds one type for each method that is in use."""

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
    ) -> Response[TelegramType]:
        reply_type(method.__returning__)
        return await make_request(bot, method)


@cache
def reply_type(returning: Any) -> type[Response[Any]]:  # noqa: ANN401 - whatever a method returns
    return Response[returning]
