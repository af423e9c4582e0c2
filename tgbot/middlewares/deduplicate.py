"""Handles an update once, however often Telegram delivers it.

This middleware stands behind the lock of the user: a second delivery waits for the first one and
then finds its mark. The mark is set at the end, so that an update whose process was killed is
handled when Telegram delivers it again, as it does by webhook.
"""

from typing import cast

import structlog
from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update

from dialogs.kit.aiogram_dialog_internals import is_background_update
from okno.kit.redis import Key, Redis
from tgbot.middlewares.outage import OUTAGES
from tgbot.middlewares.types import Data, Handler

log = structlog.get_logger(__name__)

# Telegram keeps an update that it could not deliver for 24 hours.
_KEY = Key("update", ttl=24 * 3600)


class DeduplicateMiddleware(BaseMiddleware):
    """Remembers the updates of a day in Redis."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def __call__(self, handler: Handler, event: TelegramObject, data: Data) -> object:
        if is_background_update(event):
            return await handler(event, data)
        key = _KEY.of(data["bot"].id, cast(Update, event).update_id)
        if await self._redis.exists(key):
            log.info("update seen before")
            return None
        try:
            result = await handler(event, data)
        except OUTAGES:
            raise
        except Exception:
            await self._mark(key)
            raise
        await self._mark(key)
        return result

    async def _mark(self, key: str) -> None:
        await self._redis.set(key, "done", ex=_KEY.ttl)
