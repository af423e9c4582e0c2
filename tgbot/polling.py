"""Long polling: for one process, behind any firewall."""

import asyncio
from typing import cast

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

from tgbot.lanes import Lanes
from tgbot.updates import GetRawUpdates, RawUpdate, read_update

log = structlog.get_logger(__name__)

POLL_SECONDS = 30
MIN_DELAY, MAX_DELAY = 1.0, 30.0


class Polling:
    """Fetches updates until it is cancelled; an outage is waited out."""

    def __init__(self, bot: Bot, lanes: Lanes, allowed_updates: list[str]) -> None:
        self._bot = bot
        self._lanes = lanes
        self._allowed_updates = allowed_updates
        self._offset: int | None = None
        self._confirmed: int | None = None

    async def run(self) -> None:
        """Raises `TelegramUnauthorizedError` when the token is revoked while we run."""
        delay = MIN_DELAY
        has_webhook = True
        while True:
            try:
                if has_webhook:
                    await self._bot.delete_webhook()
                    has_webhook = False
                updates = await self._fetch(POLL_SECONDS)
            except TelegramUnauthorizedError:
                raise
            except (TelegramAPIError, ClientDecodeError) as error:
                pause = error.retry_after if isinstance(error, TelegramRetryAfter) else delay
                _explain(error, pause)
                await asyncio.sleep(pause)
                delay = min(delay * 2, MAX_DELAY)
                continue
            delay = MIN_DELAY
            await self._submit(updates)

    async def confirm(self) -> None:
        """Tell Telegram what was taken, so that the next start does not get it again.

        Mostly the last poll has told it already, and a second one with the same offset is made to
        wait.
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
                await self._lanes.submit(update)
            self._offset = raw["update_id"] + 1

    async def _fetch(self, timeout: int, limit: int = 100) -> list[RawUpdate]:  # noqa: ASYNC109
        self._confirmed = self._offset
        method = GetRawUpdates(
            offset=self._offset,
            limit=limit,
            timeout=timeout,
            allowed_updates=self._allowed_updates,
        )
        # What `__returning__` says is known at run time only.
        return cast(list[RawUpdate], await self._bot(method, request_timeout=timeout + 10))


def _explain(error: Exception, delay: float) -> None:
    if isinstance(error, TelegramConflictError):
        log.error("another process polls with the same token", delay=delay)
    else:
        # Only the kind of a reply that can't be read: its text holds the reply, that is, messages.
        reason = "unreadable reply" if isinstance(error, ClientDecodeError) else str(error)
        log.warning("updates not fetched", error=reason, delay=delay)
