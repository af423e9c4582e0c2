"""One run of a job: bounded in time, logged, never fatal."""

import asyncio
from time import perf_counter

import structlog
from dishka import AsyncContainer

from okno.kit.errors import ErrorKind, OknoError
from okno.kit.jobs import Job
from okno.kit.timeouts import JOB_SECONDS
from worker.metrics import JOB_DURATION

log = structlog.get_logger(__name__)


class JobRunner:
    """Runs a job once; a failure is logged, and the next run comes in its time."""

    def __init__(self, container: AsyncContainer, *, max_seconds: float = JOB_SECONDS) -> None:
        self._container = container
        self._max_seconds = max_seconds

    async def run(self, job: Job) -> None:
        started = perf_counter()
        outcome = "cancelled"
        try:
            async with asyncio.timeout(self._max_seconds):
                done = await job.run(self._container)
            outcome = "ok"
            log.info("job done", job=job.name, ms=_ms_since(started), **done)
        except Exception as error:
            outcome = type(error).__name__
            if _is_transient(error):
                log.warning("job put off", job=job.name, ms=_ms_since(started), reason=outcome)
            else:
                log.exception("job failed", job=job.name, ms=_ms_since(started))
        finally:
            JOB_DURATION.labels(job.name, outcome).observe(perf_counter() - started)


def _is_transient(error: Exception) -> bool:
    """Tell whether this is an outage or a run that took too long, and no bug."""
    if isinstance(error, OknoError):
        return error.kind is ErrorKind.UNAVAILABLE
    return isinstance(error, TimeoutError)


def _ms_since(started: float) -> int:
    return round((perf_counter() - started) * 1000)
