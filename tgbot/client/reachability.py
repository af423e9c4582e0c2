"""Notes that a user can't be reached, when Telegram answers 403."""

from typing import Any

import structlog
from aiogram import Bot
from aiogram.client.session.middlewares.base import (
    BaseRequestMiddleware,
    NextRequestMiddlewareType,
)
from aiogram.exceptions import TelegramForbiddenError
from aiogram.methods import Response, TelegramMethod

from okno.accounts.service import AccountsService
from okno.kit.actor import SYSTEM
from okno.kit.errors import TemporarilyUnavailable

log = structlog.get_logger(__name__)


class ReachabilityMiddleware(BaseRequestMiddleware):
    """Makes the note, and raises the error again."""

    def __init__(self, accounts: AccountsService) -> None:
        self._accounts = accounts

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[Any],
        bot: Bot,
        method: TelegramMethod[Any],
    ) -> Response[Any]:
        try:
            return await make_request(bot, method)
        except TelegramForbiddenError:
            chat_id = getattr(method, "chat_id", None)
            if isinstance(chat_id, int) and chat_id > 0:  # a private chat has its user's id
                await self._note(chat_id)
            raise

    async def _note(self, telegram_id: int) -> None:
        try:
            await self._accounts.mark_unreachable(SYSTEM, telegram_id)
        except TemporarilyUnavailable:
            log.warning("unreachable user not noted", telegram_id=telegram_id)
