"""Repeats a call that Telegram put off or the network lost.

A call may have had its effect though its reply was lost. The repeat can then show a window twice,
which is better than not at all. The waits are short, since a handler holds the lock of its user.
"""

from functools import partial
from typing import Any

import stamina
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

CALL_RETRY = stamina.AsyncRetryingCaller(
    attempts=3, timeout=None, wait_initial=0.5, wait_max=2.0, wait_jitter=0, wait_exp_base=4
)
MAX_RETRY_AFTER_SECONDS = 10
"""A call waits as long when Telegram asks for it; a longer ban is given up at once."""

_NOT_REPEATED = (GetUpdates, SendChatAction, SendMessageDraft, SendFrame, EditFrame)
"""The polling loop repeats by itself, and a frame of a growing answer is soon outdated."""


class RetryMiddleware(BaseRequestMiddleware):
    """Repeats a call at most twice."""

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[Any],
        bot: Bot,
        method: TelegramMethod[Any],
    ) -> Response[Any]:
        if isinstance(method, _NOT_REPEATED):
            return await make_request(bot, method)
        wait = partial(_wait_before_repeat, method.__api_method__)
        return await CALL_RETRY(wait, make_request, bot, method)


def _wait_before_repeat(method: str, error: Exception) -> bool | float:
    """Tell stamina whether to repeat the call, or after how many seconds."""
    wait: bool | float = True
    if isinstance(error, TelegramRetryAfter):
        wait = error.retry_after <= MAX_RETRY_AFTER_SECONDS and float(error.retry_after)
    elif not isinstance(error, (TelegramNetworkError, TelegramServerError, ClientDecodeError)):
        wait = False
    if wait is not False:
        log.warning("call failed", method=method, reason=str(error))
    return wait
