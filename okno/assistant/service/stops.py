"""How a stop reaches the process that makes the answer: through Redis, within a moment.

One question to Redis serves all answers of a process. Without Redis the renewal of the lease
brings the stop, some seconds later: it is noted in PostgreSQL, too.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import structlog

from okno.kit.nursery import Nursery
from okno.kit.redis import Key, RedisError, RedisPipeline

log = structlog.get_logger(__name__)

_KEY = Key("stop", ttl=900)
_PATIENCE = 1.0
_INTERVAL = 0.25
_INTERVAL_IN_OUTAGE = 5.0


class Stops:
    """Tells the answers of this process when they are to stop; one per process.

    A timer costs an answer that is short nothing.
    """

    def __init__(self, redis: RedisPipeline, nursery: Nursery) -> None:
        self._redis = redis
        self._nursery = nursery
        self._watched: dict[UUID, Callable[[], None]] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def send(self, generation_id: UUID) -> None:
        """Stop an answer, whichever process makes it."""
        if (stop := self._watched.get(generation_id)) is not None:
            stop()
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._redis.run("SET", _KEY.of(str(generation_id)), 1, "EX", _KEY.ttl)
        except (RedisError, TimeoutError) as error:
            log.warning("stop is delayed", generation=str(generation_id), error=repr(error))

    @contextmanager
    def watching(self, generation_id: UUID, stop: Callable[[], None]) -> Iterator[None]:
        """Call `stop` when the answer is to stop."""
        self._watched[generation_id] = stop
        self._wait(_INTERVAL)
        try:
            yield
        finally:
            del self._watched[generation_id]

    def _wait(self, seconds: float) -> None:
        if self._timer is None and self._watched:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._begin)

    def _begin(self) -> None:
        if generations := tuple(self._watched):
            self._nursery.start(self._look(generations), name="look for stops")
        else:
            self._timer = None

    async def _look(self, generations: Sequence[UUID]) -> None:
        pause = _INTERVAL
        try:
            async with asyncio.timeout(_PATIENCE):
                found = await self._redis.run("MGET", *(_KEY.of(str(one)) for one in generations))
        except (RedisError, TimeoutError) as error:
            log.warning("stops not looked for", error=repr(error))
            pause = _INTERVAL_IN_OUTAGE
            return
        finally:
            self._timer = None
            self._wait(pause)
        for generation_id, flag in zip(generations, found, strict=True):
            if flag is not None and (stop := self._watched.get(generation_id)) is not None:
                stop()
