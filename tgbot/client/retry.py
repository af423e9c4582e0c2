"""Repeats a call that Telegram put off or the network lost.

A lost reply may have had its effect: the repeat can then show a window twice, which is better than
not at all. The waits are short, since a handler holds the lock of its user meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import (
    GetUpdates,
    Response,
    SendChatAction,
    SendMessageDraft,
    TelegramMethod,
)

from tgbot.client.frames import EditFrame, SendFrame

log = structlog.get_logger(__name__)

ATTEMPTS = 3
MAX_RETRY_AFTER = 10
"""Seconds that we are ready to wait at Telegram's request; a longer ban is given up at once."""
BACKOFF = (0.5, 2.0)
"""Seconds before the second and third attempt after a network error."""

Sleep = Callable[[float], Awaitable[None]]


_NOT_REPEATED = (GetUpdates, SendChatAction, SendMessageDraft, SendFrame, EditFrame)
"""The polling loop has its own patience, and what shows a moment is outdated a moment later."""


class RetryMiddleware(BaseRequestMiddleware):
    """Repeats a call at most twice."""

    def __init__(self, sleep: Sleep = asyncio.sleep) -> None:
        self._sleep = sleep

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[Any],
        bot: Bot,
        method: TelegramMethod[Any],
    ) -> Response[Any]:
        if isinstance(method, _NOT_REPEATED):
            return await make_request(bot, method)
        for attempt in range(ATTEMPTS - 1):
            try:
                return await make_request(bot, method)
            except TelegramRetryAfter as error:
                if error.retry_after > MAX_RETRY_AFTER:
                    raise
                delay: float = error.retry_after
                reason: Exception = error
            except (TelegramNetworkError, TelegramServerError, ClientDecodeError) as error:
                delay = BACKOFF[attempt]
                reason = error
            log.warning(
                "call repeated", method=method.__api_method__, delay=delay, reason=_short(reason)
            )
            await self._sleep(delay)
        return await make_request(bot, method)


def _short(error: Exception) -> str:
    """Name the error; that of an unreadable reply would quote the whole reply."""
    return type(error).__name__ if isinstance(error, ClientDecodeError) else str(error)
