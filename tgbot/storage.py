"""Stores the state of the windows in Redis, under a lock per user and chat."""

from datetime import timedelta
from typing import Any

import structlog
from aiogram.fsm.storage.base import DefaultKeyBuilder, StorageKey
from aiogram.fsm.storage.redis import RedisStorage

from dialogs.kit.aiogram_dialog_internals import is_readable
from okno.kit.nursery import Nursery
from okno.kit.redis import Redis
from tgbot.locks import LeasedLocks

log = structlog.get_logger(__name__)

STATE_TTL = timedelta(days=30)

# aiogram-dialog keeps data per stack ("destiny"). The demo and a real bot may share a Redis.
_KEYS = DefaultKeyBuilder(prefix="okno:fsm", with_destiny=True, with_bot_id=True)


class WindowStorage(RedisStorage):
    """Returns no data in place of unreadable data: the user then gets a fresh window.

    Another release of aiogram-dialog may have written other fields. The library would fail at every
    update of the user, who could do nothing about it.
    """

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        try:
            data: object = await super().get_data(key)
        except ValueError:
            data = None
        if isinstance(data, dict) and (not data or is_readable(key.destiny, data)):
            return data
        log.warning("state of a window is not readable", destiny=key.destiny, chat=key.chat_id)
        return {}


def create_storage(redis: Redis) -> RedisStorage:
    return WindowStorage(redis, _KEYS, state_ttl=STATE_TTL, data_ttl=STATE_TTL)


def create_locks(redis: Redis, nursery: Nursery) -> LeasedLocks:
    return LeasedLocks(redis, _KEYS, nursery)
