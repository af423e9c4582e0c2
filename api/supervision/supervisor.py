"""The supervisor: several processes that share one socket and one folder of metrics.

They share the queue of the socket, so a process that dies loses only the requests it has accepted.
"""

import asyncio
import tempfile
from functools import partial
from pathlib import Path

import structlog

from api.config import ApiSettings
from api.sockets import listen, serving_metrics
from api.supervision.server_process import ServerProcess
from api.supervision.usage import ProcessUsage
from okno.kit.metrics import render_shared_metrics
from okno.kit.program import StopSignals, until_signal
from okno.kit.settings import Settings

log = structlog.get_logger(__name__)


async def run_until_signal(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Raises `StartupError`."""
    await until_signal(partial(run, settings))


async def run(settings: Settings, signals: StopSignals) -> None:
    """Keep the processes running until a stop signal; serve the metrics of all of them.

    Raises `StartupError` when one of them can't start at the beginning.
    """
    api = settings[ApiSettings]
    with (
        listen(api) as listener,
        tempfile.TemporaryDirectory(prefix="okno-metrics-") as folder,
    ):
        workers = [
            ServerProcess(number, listener, Path(folder)) for number in range(1, api.workers + 1)
        ]
        render = partial(render_shared_metrics, Path(folder), [ProcessUsage(workers)])
        async with serving_metrics(api, render):
            try:
                await asyncio.gather(*(worker.start() for worker in workers))
                signals.working = True
                log.info("api started", workers=api.workers)
                await _keep(workers, signals)
            finally:
                listener.close()  # new clients would wait for an answer without end
                await asyncio.gather(*(worker.stop(api.grace_seconds) for worker in workers))


async def _keep(workers: list[ServerProcess], signals: StopSignals) -> None:
    async with asyncio.TaskGroup() as tasks:
        keeping = [tasks.create_task(worker.keep()) for worker in workers]
        await signals.stop.wait()
        log.info("stopping")
        for task in keeping:
            task.cancel()
