"""The life of one process that answers requests: start, work, clean end."""

import asyncio
import gc
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial

import structlog
from dishka import AsyncContainer

from api.app import create_app
from api.draining import Draining
from api.ioc import ApiProvider
from api.measuring import Measuring
from api.server import ApiServer
from api.sockets import listen, serving_metrics
from okno.assistant.service import QuestionsService
from okno.billing.service import PaymentsService
from okno.ioc import create_container
from okno.kit.db import Engine, check_database
from okno.kit.nursery import Nursery
from okno.kit.program import StopSignals, until_signal
from okno.kit.redis import Redis, check_redis
from okno.kit.schema import check_schema
from okno.llm.service import LanguageModels
from okno.settings import Settings

log = structlog.get_logger(__name__)


async def run_until_signal(settings: Settings) -> None:
    """Be the only process, until SIGTERM or SIGINT. Raises `StartupError`."""
    await until_signal(partial(run_alone, settings))


async def run_alone(settings: Settings, signals: StopSignals) -> None:
    """Answer requests, and show the metrics of this process. Raises `StartupError`."""
    with listen(settings.api) as listener:
        async with serving_metrics(settings.api):
            await run(settings, signals, listener, partial(log.info, "api started"))


async def run(
    settings: Settings, signals: StopSignals, listener: socket.socket, started: Callable[[], None]
) -> None:
    """Answer the requests that come by this socket until told to stop; then finish them.

    Raises `StartupError` when the process can't start.
    """
    settings.identity.require_secret()
    async with AsyncExitStack() as stack:
        container = create_container(settings, ApiProvider())
        stack.push_async_callback(container.close)
        engine = await container.get(Engine)
        await check_database(engine)
        await check_schema(engine)
        await check_redis(await container.get(Redis))
        models = await _build_services(container)
        nursery = await container.get(Nursery)
        stack.push_async_callback(nursery.close)
        nursery.start(models.check(), name="check of the models")
        app = create_app(container, settings.api)
        server = ApiServer(app, settings.api, await container.get(Draining))
        _settle_memory()
        await asyncio.sleep(0)  # a signal that came meanwhile ends us before anything is begun
        async with asyncio.TaskGroup() as tasks:
            answering = tasks.create_task(server.serve(sockets=[listener]))
            measuring = tasks.create_task((await container.get(Measuring)).run())
            await server.ready.wait()
            signals.working = True
            started()
            await signals.stop.wait()
            log.info("stopping")
            server.should_exit = True
            await answering
            measuring.cancel()


async def _build_services(container: AsyncContainer) -> LanguageModels:
    """Build what reads settings, so that a wrong one ends the start and not the first request."""
    await container.get(PaymentsService)
    await container.get(QuestionsService)
    return await container.get(LanguageModels)


def _settle_memory() -> None:
    """Spare the garbage collector what the imports have made, for it never becomes garbage.

    And let it look less often than it would: dozens of requests in work are thousands of objects
    that are alive, and are freed without it. That takes 15 MB and gives a twentieth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
