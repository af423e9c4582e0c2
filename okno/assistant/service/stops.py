"""How a stop reaches the process that makes the answer: through Redis, within a moment.

One question to Redis serves all answers of a process. Without Redis the renewal of the lease
brings the stop, some seconds later: it is noted in PostgreSQL, too.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from uuid import UUID

import structlog

from okno.kit.nursery import Nursery
from okno.kit.redis import Key, Redis, RedisError

log = structlog.get_logger(__name__)

_KEY = Key("stop", ttl=900)
_PATIENCE = 1.0
_INTERVAL = 0.25
_INTERVAL_IN_OUTAGE = 5.0


class Stops:
    """Tells the answers of this process when they are to stop; one per process."""

    def __init__(self, redis: Redis, nursery: Nursery) -> None:
        self._redis = redis
        self._nursery = nursery
        self._watched: dict[UUID, Callable[[], None]] = {}
        self._nobody = asyncio.Event()
        self._is_watching = False

    async def send(self, generation_id: UUID) -> None:
        """Stop an answer, whichever process makes it."""
        if (stop := self._watched.get(generation_id)) is not None:
            stop()
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._redis.set(_KEY.of(str(generation_id)), 1, ex=_KEY.ttl)
        except (RedisError, TimeoutError) as error:
            log.warning("stop is delayed", generation=str(generation_id), error=repr(error))

    @contextmanager
    def watching(self, generation_id: UUID, stop: Callable[[], None]) -> Iterator[None]:
        """Call `stop` when the answer is to stop."""
        self._watched[generation_id] = stop
        self._nobody.clear()
        if not self._is_watching:
            self._is_watching = True
            self._nursery.start(self._watch(), name="watch for stops")
        try:
            yield
        finally:
            del self._watched[generation_id]
            if not self._watched:
                self._nobody.set()

    async def _watch(self) -> None:
        try:
            while self._watched:
                pause = await self._look()
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._nobody.wait()
        finally:
            self._is_watching = False

    async def _look(self) -> float:
        """Look once; return after how many seconds to look again."""
        generations = tuple(self._watched)
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await self._redis.mget(_KEY.of(str(one)) for one in generations)
        except (RedisError, TimeoutError) as error:
            log.warning("stops not looked for", error=repr(error))
            return _INTERVAL_IN_OUTAGE
        for generation_id, flag in zip(generations, found, strict=True):
            if flag is not None and (stop := self._watched.get(generation_id)) is not None:
                stop()
        return _INTERVAL
