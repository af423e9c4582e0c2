"""Data in Redis that every update and request needs, so that it costs no SQL.

A change must never be hidden by an older read that ends later. So dropping an entry leaves a
tombstone for a short time, and `put` never overwrites an entry: a reader that a change has
overtaken can't bring the old values back.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import chain
from json import dumps, loads
from typing import cast

import structlog

from okno.accounts.dto import Account, Language
from okno.kit.actor import Role
from okno.kit.batch import Batcher
from okno.kit.nursery import Nursery
from okno.kit.redis import Key, Redis, RedisError

log = structlog.get_logger(__name__)

_KEY = Key("account", ttl=3600)
_TOMBSTONE = ""
_TOMBSTONE_TTL = 60
"""Seconds: longer than any read takes, with all its timeouts."""

_STATE_TTL = 60
USER = Key("principal:user", _STATE_TTL)
SESSION = Key("principal:session", _STATE_TTL)
API_KEY = Key("principal:api-key", _STATE_TTL)
SERVICE_KEY = Key("principal:service-key", _STATE_TTL)
"""Keys by the ids; the values are written by `okno.accounts.service.principal_lookup`."""
_REDIS_TIMEOUT_SECONDS = 0.5
"""Seconds to wait for Redis, because PostgreSQL has the data, too."""
_MAX_READERS_AT_ONCE = 500


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
            # Another release has written it.
            await self.drop(telegram_id)
            return None

    async def put(self, account: Account) -> None:
        if account.telegram_id is not None:
            await self._redis.set(
                _KEY.of(account.telegram_id), _encode(account), nx=True, ex=_KEY.ttl
            )

    async def drop(self, telegram_id: int) -> None:
        await self._redis.set(_KEY.of(telegram_id), _TOMBSTONE, ex=_TOMBSTONE_TTL)


class PrincipalCache:
    """Keeps for a minute the facts about users and credentials that every request needs.

    Every change of them drops the entry after the commit. If Redis can't be reached then, the
    change is seen a minute later.
    """

    def __init__(self, redis: Redis, nursery: Nursery) -> None:
        self._redis = redis
        self._reads: Batcher[tuple[str, ...], list[str | None]] = Batcher(
            self._read_together, nursery, most=_MAX_READERS_AT_ONCE
        )

    async def get(self, *names: str) -> list[str | None]:
        """Return the values of these keys; None for a missing one, and for all without Redis."""
        return await self._reads.do(names)

    async def put(self, states: Mapping[str, str]) -> None:
        """Store what PostgreSQL has answered, unless it was changed meanwhile."""
        try:
            async with asyncio.timeout(_REDIS_TIMEOUT_SECONDS):
                async with self._redis.pipeline(transaction=False) as pipeline:
                    for name, state in states.items():
                        pipeline.set(name, state, nx=True, ex=_STATE_TTL)
                    await pipeline.execute()
        except (RedisError, TimeoutError) as error:
            log.warning("callers are not kept in Redis", error=repr(error))

    async def _read_together(self, readers: Sequence[tuple[str, ...]]) -> list[list[str | None]]:
        """Read the keys of many callers by one command, which costs a third of single ones."""
        try:
            async with asyncio.timeout(_REDIS_TIMEOUT_SECONDS):
                read = await self._redis.mget(chain.from_iterable(readers))
        except (RedisError, TimeoutError) as error:
            log.warning("callers are looked up in PostgreSQL", error=repr(error))
            return [[None] * len(names) for names in readers]
        stored = iter(cast("list[str | None]", read))  # the client decodes
        return [[next(stored) or None for _ in names] for names in readers]

    async def drop(self, *names: str) -> None:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for name in names:
                pipeline.set(name, _TOMBSTONE, ex=_TOMBSTONE_TTL)
            await pipeline.execute()


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
