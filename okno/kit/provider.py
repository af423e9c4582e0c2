"""Connections, unit of work, clock and background tasks, for all capabilities."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from dishka import Provider, Scope, provide

from okno.kit.clock import Clock, SystemClock
from okno.kit.db import Engine, SessionFactory, create_engine, create_session_factory
from okno.kit.health import HealthChecks
from okno.kit.nursery import Nursery
from okno.kit.redis import Redis, RedisPipeline, create_redis
from okno.kit.settings import PostgresSettings, RedisSettings
from okno.kit.timeouts import POSTGRES_DISPOSE_SECONDS
from okno.kit.uow import UnitOfWork
from okno.kit.wakeups import Wakeups


class KitProvider(Provider):
    scope = Scope.APP

    health = provide(HealthChecks)
    clock = provide(SystemClock, provides=Clock)
    pipeline = provide(RedisPipeline)
    wakeups = provide(Wakeups)
    uow = provide(UnitOfWork)

    @provide
    async def engine(self, settings: PostgresSettings) -> AsyncIterator[Engine]:
        engine = create_engine(settings)
        yield engine
        # A server that hangs must not hang our end.
        with suppress(TimeoutError):
            async with asyncio.timeout(POSTGRES_DISPOSE_SECONDS):
                await engine.dispose()

    @provide
    def session_factory(self, engine: Engine) -> SessionFactory:
        return create_session_factory(engine)

    @provide
    async def redis(self, settings: RedisSettings) -> AsyncIterator[Redis]:
        redis = create_redis(settings)
        yield redis
        await redis.aclose()

    @provide
    async def nursery(self) -> AsyncIterator[Nursery]:
        nursery = Nursery()
        yield nursery
        await nursery.close()
