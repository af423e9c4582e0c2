"""The life of the worker process: start, work, clean end."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial

import structlog

from okno.assistant.service import ConversationsService
from okno.billing.service import PaymentsService
from okno.capabilities import JOBS
from okno.kit.health import HealthChecks
from okno.kit.program import StopSignals, until_signal
from okno.kit.server import create_server, serving
from okno.kit.settings import PostgresSettings, Settings
from okno.kit.timeouts import WORKER_GRACE_SECONDS
from okno.program import running_services
from worker.config import WorkerSettings
from worker.ioc import WorkerProvider
from worker.job import JobRunner
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
        container = await stack.enter_async_context(
            running_services(
                settings, WorkerProvider(), needed=(PaymentsService, ConversationsService)
            )
        )
        worker = settings[WorkerSettings]
        if worker.port:
            server = create_server(await container.get(HealthChecks))
            await stack.enter_async_context(
                serving(server, worker.host, worker.port, prefix="WORKER_")
            )
        scheduler = Scheduler(settings[PostgresSettings], JOBS, JobRunner(container).run)
        signals.working = True
        log.info("worker started", jobs=[job.name for job in JOBS])
        await _work(scheduler, signals.stop)


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
