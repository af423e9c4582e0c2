"""Locks in Redis that live as long as their holder, and hardly longer.

aiogram's own isolation takes a lock for a fixed minute: when a process is killed, its user waits
for the rest of the minute, and a slower handler loses the lock while it runs. Here the lease is
short, and it is renewed while the handler runs.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from aiogram.fsm.storage.base import BaseEventIsolation, KeyBuilder, StorageKey
from redis.asyncio.lock import Lock
from redis.exceptions import LockError, RedisError

from okno.kit.nursery import Nursery
from okno.kit.redis import Redis
from okno.kit.timeouts import (
    USER_LOCK_HOLD_SECONDS,
    USER_LOCK_LEASE_SECONDS,
    USER_LOCK_WAIT_SECONDS,
)

log = structlog.get_logger(__name__)

_SLEEP = 0.02


class LeasedLocks(BaseEventIsolation):
    """The event isolation of the dispatcher and of the dialogs.

    Raises one of `REDIS_OUTAGES` when the lock can't be taken.
    """

    def __init__(
        self,
        redis: Redis,
        keys: KeyBuilder,
        nursery: Nursery,
        *,
        lease: float = USER_LOCK_LEASE_SECONDS,
    ) -> None:
        self._redis = redis
        self._keys = keys
        self._nursery = nursery
        self._lease = lease

    @asynccontextmanager
    async def lock(self, key: StorageKey) -> AsyncIterator[None]:
        name = self._keys.build(key, "lock")
        lock = self._redis.lock(name, timeout=self._lease, sleep=_SLEEP, lock_class=Lock)
        if not await lock.acquire(blocking_timeout=USER_LOCK_WAIT_SECONDS):
            raise LockError(f"{name} was not free for {USER_LOCK_WAIT_SECONDS:.0f} seconds")
        released = asyncio.Event()
        # Most handlers end long before: only a slow one gets a task for the renewal.
        renewal = asyncio.get_running_loop().call_later(
            self._lease / 3, self._start_renewal, lock, released
        )
        try:
            yield
        finally:
            renewal.cancel()
            released.set()
            await _release(lock)

    async def close(self) -> None:
        """Do nothing: the client belongs to the container."""

    def _start_renewal(self, lock: Lock, released: asyncio.Event) -> None:
        self._nursery.start(self._renew(lock, released), name="lock renewal")

    async def _renew(self, lock: Lock, released: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        given_up = loop.time() + USER_LOCK_HOLD_SECONDS
        while not released.is_set() and loop.time() < given_up:
            try:
                await lock.reacquire()
            except RedisError as error:
                log.warning("lock not renewed", error=repr(error))
            try:
                async with asyncio.timeout(self._lease / 3):
                    await released.wait()
            except TimeoutError:
                continue


async def _release(lock: Lock) -> None:
    """Release the lock. A failure must hide neither the handler's success nor its error."""
    try:
        await lock.release()
    except RedisError as error:
        # The lease has run out, or Redis is away: another update may have run at the same time.
        log.warning("lock lost while it was held", lock=lock.name, error=repr(error))
