"""Several processes that answer as one: they share a socket and a folder of metrics.

The socket's queue is theirs together, so a process that dies takes with it the requests in its
hands, and no other.
"""

import asyncio
import tempfile
from functools import partial
from pathlib import Path

import structlog

from api.config import ApiSettings
from api.sockets import listen, serving_metrics
from api.supervision.usage import WorkerProcesses
from api.supervision.worker import Worker
from okno.kit.metrics import render_shared_metrics
from okno.kit.program import StopSignals, until_signal
from okno.kit.settings import Settings

log = structlog.get_logger(__name__)


async def run_until_signal(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Raises `StartupError`."""
    await until_signal(partial(run, settings))


async def run(settings: Settings, signals: StopSignals) -> None:
    """Keep the processes running until told to stop; show the metrics of all of them.

    Raises `StartupError` when one of them can't start at first.
    """
    api = settings[ApiSettings]
    with (
        listen(api) as listener,
        tempfile.TemporaryDirectory(prefix="okno-metrics-") as folder,
    ):
        workers = [Worker(number, listener, Path(folder)) for number in range(1, api.workers + 1)]
        render = partial(render_shared_metrics, Path(folder), [WorkerProcesses(workers)])
        async with serving_metrics(api, render):
            try:
                await asyncio.gather(*(worker.start() for worker in workers))
                signals.working = True
                log.info("api started", workers=api.workers)
                await _keep(workers, signals)
            finally:
                listener.close()  # or who still came would wait for nobody
                await asyncio.gather(*(worker.stop(api.grace_seconds) for worker in workers))


async def _keep(workers: list[Worker], signals: StopSignals) -> None:
    async with asyncio.TaskGroup() as tasks:
        keeping = [tasks.create_task(worker.keep()) for worker in workers]
        await signals.stop.wait()
        log.info("stopping")
        for task in keeping:
            task.cancel()
