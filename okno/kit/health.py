"""Checks that PostgreSQL and Redis answer, and measures how fast."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from time import perf_counter

import structlog

from okno.kit.redis import Redis
from okno.kit.uow import UnitOfWork

log = structlog.get_logger(__name__)

_CHECK_TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Health:
    """The health of one dependency."""

    name: str
    ok: bool
    latency_ms: float


class HealthChecks:
    """Asks PostgreSQL and Redis side by side; no answer within two seconds is a failure."""

    def __init__(self, uow: UnitOfWork, redis: Redis) -> None:
        self._uow = uow
        self._redis = redis

    async def run(self) -> list[Health]:
        return list(
            await asyncio.gather(
                _timed("postgres", self._ask_postgres()), _timed("redis", self._ask_redis())
            )
        )

    async def _ask_postgres(self) -> None:
        async with self._uow.begin():
            await self._uow.fetch("SELECT 1")

    async def _ask_redis(self) -> None:
        await self._redis.ping()


async def _timed(name: str, check: Awaitable[None]) -> Health:
    started = perf_counter()
    try:
        async with asyncio.timeout(_CHECK_TIMEOUT_SECONDS):
            await check
        ok = True
    except Exception as error:  # noqa: BLE001 - any failure means: not healthy
        log.warning("dependency is not healthy", dependency=name, error=repr(error))
        ok = False
    return Health(name, ok, round((perf_counter() - started) * 1000, 1))
