"""Keeps the types of Telegram's replies alive.

aiogram names them anew for every call, `Response[bool]`, and pydantic forgets a generic model that
nobody holds: it was built again, in milliseconds, while somebody waited.
"""

from functools import cache
from typing import Any

from aiogram import Bot
from aiogram.client.session.middlewares.base import BaseRequestMiddleware, NextRequestMiddlewareType
from aiogram.methods import Response
from aiogram.methods.base import TelegramMethod, TelegramType


class ReplyTypesMiddleware(BaseRequestMiddleware):
    """Holds the type of every reply that was ever expected: as many as there are methods in use."""

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
