"""Watches over the generations of this process: leases are renewed, stops are noticed.

One question to Redis finds the stops of all answers of the process, and one statement renews all
leases. Without Redis a stop comes with the renewal, some seconds later: PostgreSQL has it, too.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import structlog

from okno.assistant.service.growing_answer import ConversationAnswer
from okno.assistant.store import AssistantStore
from okno.kit.clock import Clock
from okno.kit.errors import TemporarilyUnavailable
from okno.kit.nursery import Nursery
from okno.kit.redis import Key, RedisError, RedisPipeline
from okno.kit.timeouts import GENERATION_LEASE_SECONDS, GENERATION_RENEWAL_SECONDS
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=GENERATION_LEASE_SECONDS)
STOP_PAUSE_SECONDS = 0.25
STOP_PAUSE_IN_OUTAGE_SECONDS = 5.0
_REDIS_TIMEOUT_SECONDS = 1.0
_STOP = Key("stop", ttl=900)


class GenerationWatch:
    """Keeps the generations of this process alive, and stops them; one per process."""

    def __init__(
        self,
        uow: UnitOfWork,
        store: AssistantStore,
        redis: RedisPipeline,
        nursery: Nursery,
        clock: Clock,
    ) -> None:
        self._uow = uow
        self._store = store
        self._redis = redis
        self._clock = clock
        self._answers: dict[UUID, ConversationAnswer] = {}
        self._renewing = _Rounds(self._renew_leases, self._answers, nursery, "renew leases")
        self._looking = _Rounds(self._look_for_stops, self._answers, nursery, "look for stops")

    @contextmanager
    def watching(self, answer: ConversationAnswer) -> Iterator[None]:
        """Renew the lease of the answer until the block ends; stop it when its user says so."""
        self._answers[answer.generation.id] = answer
        self._renewing.begin_in(GENERATION_RENEWAL_SECONDS)
        self._looking.begin_in(STOP_PAUSE_SECONDS)
        try:
            yield
        finally:
            del self._answers[answer.generation.id]

    async def send_stop(self, generation_id: UUID) -> None:
        """Stop a generation of this process, or of another one within a moment."""
        if (answer := self._answers.get(generation_id)) is not None:
            answer.stop()
            return
        try:
            async with asyncio.timeout(_REDIS_TIMEOUT_SECONDS):
                await self._redis.run("SET", _STOP.of(str(generation_id)), 1, "EX", _STOP.ttl)
        except (RedisError, TimeoutError) as error:
            log.warning("stop is delayed", generation=str(generation_id), error=repr(error))

    async def _look_for_stops(self) -> float:
        answers = tuple(self._answers.items())
        keys = (_STOP.of(str(generation_id)) for generation_id, _ in answers)
        try:
            async with asyncio.timeout(_REDIS_TIMEOUT_SECONDS):
                flags = await self._redis.run("MGET", *keys)
        except (RedisError, TimeoutError) as error:
            log.warning("stops not looked for", error=repr(error))
            return STOP_PAUSE_IN_OUTAGE_SECONDS
        for (generation_id, answer), flag in zip(answers, flags, strict=True):
            if flag is not None and generation_id in self._answers:
                answer.stop()
        return STOP_PAUSE_SECONDS

    async def _renew_leases(self) -> float:
        answers = dict(self._answers)
        try:
            async with self._uow.begin():
                found = await self._store.generations.renew(
                    tuple(answers), self._clock.now() + LEASE
                )
        except TemporarilyUnavailable as error:
            log.warning("leases not renewed", generations=len(answers), error=repr(error))
            return GENERATION_RENEWAL_SECONDS
        for generation_id, answer in answers.items():
            is_stopping = found.get(generation_id)
            if is_stopping is None:
                answer.lose()
            elif is_stopping:
                answer.stop()
        return GENERATION_RENEWAL_SECONDS


class _Rounds:
    """Repeats `work` while there are answers. It returns the seconds until the next round.

    Between two rounds there is a timer and no task: a short answer costs nothing.
    """

    def __init__(
        self,
        work: Callable[[], Awaitable[float]],
        answers: dict[UUID, ConversationAnswer],
        nursery: Nursery,
        name: str,
    ) -> None:
        self._work = work
        self._answers = answers
        self._nursery = nursery
        self._name = name
        self._timer: asyncio.TimerHandle | None = None

    def begin_in(self, seconds: float) -> None:
        if self._timer is None and self._answers:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._begin)

    def _begin(self) -> None:
        if self._answers:
            self._nursery.start(self._do(), name=self._name)
        else:
            self._timer = None

    async def _do(self) -> None:
        seconds = GENERATION_RENEWAL_SECONDS
        try:
            seconds = await self._work()
        finally:
            self._timer = None
            self.begin_in(seconds)
