"""The life of the worker process: start, work, clean end."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial

import structlog
from dishka import AsyncContainer

from okno.assistant.service import ConversationsService
from okno.billing.service import PaymentsService
from okno.ioc import create_container
from okno.kit.db import Engine, check_database
from okno.kit.health import HealthChecks
from okno.kit.program import StopSignals, until_signal
from okno.kit.redis import Redis, check_redis
from okno.kit.schema import check_schema
from okno.kit.server import create_server, serving
from okno.kit.timeouts import WORKER_GRACE_SECONDS
from okno.settings import Settings
from worker.ioc import WorkerProvider
from worker.job import JobRunner
from worker.schedule import JOBS
from worker.scheduler import Scheduler

log = structlog.get_logger(__name__)


async def run_until_signal(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Raises `StartupError`."""
    await until_signal(partial(run, settings))


async def run(settings: Settings, signals: StopSignals) -> None:
    """Run until told to stop; then jobs in hand are finished and nothing new is begun.

    Raises `StartupError` when the process can't start.
    """
    async with AsyncExitStack() as stack:
        container = create_container(settings, WorkerProvider())
        stack.push_async_callback(container.close)
        engine = await container.get(Engine)
        await check_database(engine)
        await check_schema(engine)
        await check_redis(await container.get(Redis))
        await _build_services(container)
        if settings.worker.port:
            server = create_server(await container.get(HealthChecks))
            await stack.enter_async_context(
                serving(server, settings.worker.host, settings.worker.port, prefix="WORKER_")
            )
        scheduler = Scheduler(settings.postgres, JOBS, JobRunner(container).run)
        signals.working = True
        log.info("worker started", jobs=[job.name for job in JOBS])
        await _work(scheduler, signals.stop)


async def _build_services(container: AsyncContainer) -> None:
    """Let what is wrong with their settings be told now, and not by the first job."""
    await container.get(PaymentsService)
    await container.get(ConversationsService)


async def _work(scheduler: Scheduler, stop: asyncio.Event) -> None:
    async with asyncio.TaskGroup() as group:
        working = group.create_task(scheduler.run())
        await stop.wait()
        log.info("stopping")
        scheduler.stop()
        _, unfinished = await asyncio.wait({working}, timeout=WORKER_GRACE_SECONDS)
        for task in unfinished:
            log.warning("jobs cut off", seconds=WORKER_GRACE_SECONDS)
            task.cancel()
