"""Fetches updates by long polling: for one process, behind any firewall."""

from typing import cast

import stamina
import structlog
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from tgbot.update_queues import UpdateQueues
from tgbot.updates import GetRawUpdates, RawUpdate, read_update

log = structlog.get_logger(__name__)

POLL_SECONDS = 30
FETCH_RETRY = stamina.AsyncRetryingCaller(
    attempts=None, timeout=None, wait_initial=1.0, wait_max=30.0, wait_jitter=0
)


class Polling:
    """Fetches updates until it is cancelled, and waits out any outage."""

    def __init__(self, bot: Bot, queues: UpdateQueues, allowed_updates: list[str]) -> None:
        self._bot = bot
        self._queues = queues
        self._allowed_updates = allowed_updates
        self._offset: int | None = None
        self._confirmed: int | None = None

    async def run(self) -> None:
        """Raise `TelegramUnauthorizedError` when the token is revoked."""
        await FETCH_RETRY(_wait_before_fetch, self._bot.delete_webhook)
        while True:
            await self._submit(await FETCH_RETRY(_wait_before_fetch, self._fetch, POLL_SECONDS))

    async def confirm(self) -> None:
        """Tell Telegram which updates were taken, so that the next start does not get them again.

        Usually the last poll has told it. A second poll with the same offset would have to wait.
        """
        if self._offset != self._confirmed:
            try:
                await self._fetch(0, limit=1)
            except (TelegramAPIError, ClientDecodeError) as error:
                log.warning("last updates not confirmed", error=type(error).__name__)

    async def _submit(self, updates: list[RawUpdate]) -> None:
        for raw in updates:
            update = read_update(raw, self._bot)
            if update is not None:
                await self._queues.submit(update)
            self._offset = raw["update_id"] + 1

    async def _fetch(self, timeout: int, limit: int = 100) -> list[RawUpdate]:  # noqa: ASYNC109
        self._confirmed = self._offset
        method = GetRawUpdates(
            offset=self._offset,
            limit=limit,
            timeout=timeout,
            allowed_updates=self._allowed_updates,
        )
        # mypy knows the type of the original method, not that of `__returning__`.
        return cast(list[RawUpdate], await self._bot(method, request_timeout=timeout + 10))


def _wait_before_fetch(error: Exception) -> bool | float:
    """Tell stamina whether to fetch again, or after how many seconds if Telegram names them."""
    if isinstance(error, TelegramUnauthorizedError) or not isinstance(
        error, (TelegramAPIError, ClientDecodeError)
    ):
        return False
    if isinstance(error, TelegramConflictError):
        log.error("another process polls with the same token")
    else:
        log.warning("updates not fetched", error=str(error))
    return float(error.retry_after) if isinstance(error, TelegramRetryAfter) else True
