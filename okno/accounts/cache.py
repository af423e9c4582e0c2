"""Accounts in Redis, so that an update of a known user costs no SQL.

A change must never be hidden by an older read that ends later. So a dropped entry leaves a short
tombstone, and `put` never overwrites anything: a reader that was overtaken by a change can't bring
the old values back.
"""

from dataclasses import asdict
from datetime import datetime
from json import dumps, loads

from okno.accounts.dto import Account, Language
from okno.kit.actor import Role
from okno.kit.redis import Key, Redis

_KEY = Key("account", ttl=3600)
_TOMBSTONE = ""
_TOMBSTONE_TTL = 60
"""Seconds: longer than any read can take, with all its timeouts."""


class AccountCache:
    """Keeps an `Account` under its Telegram id for an hour."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def get(self, telegram_id: int) -> Account | None:
        stored = await self._redis.get(_KEY.of(telegram_id))
        if not stored:
            return None
        try:
            return _decode(stored)
        except (ValueError, TypeError, KeyError):
            # Written by another release: as good as nothing.
            await self.drop(telegram_id)
            return None

    async def put(self, account: Account) -> None:
        if account.telegram_id is not None:
            await self._redis.set(
                _KEY.of(account.telegram_id), _encode(account), nx=True, ex=_KEY.ttl
            )

    async def drop(self, telegram_id: int) -> None:
        await self._redis.set(_KEY.of(telegram_id), _TOMBSTONE, ex=_TOMBSTONE_TTL)


def _encode(account: Account) -> str:
    return dumps(asdict(account), default=datetime.isoformat)


def _decode(stored: str | bytes) -> Account:
    values = loads(stored)
    return Account(
        **{
            **values,
            "language": Language(values["language"]),
            "role": Role(values["role"]),
            "registered_at": datetime.fromisoformat(values["registered_at"]),
        }
    )
