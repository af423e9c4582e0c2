"""The start that all programs have in common."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from dishka import AsyncContainer, Provider

from okno.ioc import create_container
from okno.kit.db import Engine, check_database
from okno.kit.nursery import Nursery
from okno.kit.redis import Redis, check_redis
from okno.kit.schema import check_schema
from okno.kit.settings import Settings


@asynccontextmanager
async def running_services(
    settings: Settings, *surface: Provider, needed: tuple[type[Any], ...] = ()
) -> AsyncIterator[AsyncContainer]:
    """Give the container of a program whose servers answer; close it at the end.

    `needed`: what is made at once, so that a wrong setting is told at the start and not by the
    first request. Background tasks end before anything that they use is closed. Raises
    `StartupError`.
    """
    container = create_container(settings, *surface)
    try:
        engine = await container.get(Engine)
        await check_database(engine)
        await check_schema(engine)
        await check_redis(await container.get(Redis))
        for service in needed:
            await container.get(service)
        try:
            yield container
        finally:
            await (await container.get(Nursery)).close()
    finally:
        await container.close()
