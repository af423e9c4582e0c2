"""Runs every job when it is due: once, whatever the number of workers.

PgQueuer keeps one row per job in PostgreSQL and claims what is due with SKIP LOCKED. The row of a
worker that died is claimed again when its heartbeat is 30 seconds old; what was due while no worker
ran is run at the start.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from time import monotonic

import asyncpg
import structlog
from pgqueuer import AsyncpgDriver, Queries, SchedulerManager
from pgqueuer.models import Schedule

from okno.kit.db import connect_args, is_outage
from okno.kit.jobs import Job
from okno.kit.settings import PostgresSettings

log = structlog.get_logger(__name__)

MAX_PAUSE_SECONDS = 30.0
_CLOSE_SECONDS = 5.0


class Scheduler:
    """PgQueuer's scheduler on a connection of its own; both are made anew when it is lost."""

    def __init__(
        self,
        postgres: PostgresSettings,
        jobs: Sequence[Job],
        run: Callable[[Job], Awaitable[None]],
    ) -> None:
        self._postgres = postgres
        self._jobs = jobs
        self._run = run
        self._stopped = asyncio.Event()
        self._manager: SchedulerManager | None = None

    async def run(self) -> None:
        """Run jobs until `stop`, then wait for those in hand."""
        # A loop and not stamina: `stop` ends a pause, and a connection that has lasted begins the
        # count of failures anew.
        failures = 0
        while not self._stopped.is_set():
            started = monotonic()
            try:
                async with connected(self._postgres) as connection:
                    await self._run_jobs(connection)
            except Exception as error:  # noqa: BLE001 - logged; nobody would start us again
                failures = 1 if monotonic() - started > MAX_PAUSE_SECONDS else failures + 1
                await self._pause(error, min(2.0 ** (failures - 1), MAX_PAUSE_SECONDS))

    def stop(self) -> None:
        self._stopped.set()
        if self._manager is not None:
            self._manager.shutdown.set()

    async def _run_jobs(self, connection: asyncpg.Connection) -> None:
        """Return at `stop`; raises `OSError` when the connection is lost, as soon as it is."""
        if self._stopped.is_set():  # while we were connecting
            return
        manager = self._manager = SchedulerManager(Queries(AsyncpgDriver(connection)))
        connection.add_termination_listener(lambda _connection: manager.shutdown.set())
        for job in self._jobs:
            manager.schedule(job.name, job.cron)(partial(self._run_job, job))
        await manager.run()
        if not self._stopped.is_set():
            raise ConnectionError("PostgreSQL has ended the connection")

    async def _run_job(self, job: Job, _schedule: Schedule) -> None:
        await self._run(job)

    async def _pause(self, error: Exception, seconds: float) -> None:
        if is_outage(error) or isinstance(error, asyncpg.InterfaceError):
            log.warning("jobs wait for the database", error=repr(error), delay=seconds)
        else:
            log.error("scheduler failed", exc_info=error, delay=seconds)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopped.wait()


@asynccontextmanager
async def connected(settings: PostgresSettings) -> AsyncIterator[asyncpg.Connection]:
    """Open a connection outside the pool of the services."""
    connection = await asyncpg.connect(
        user=settings.user,
        password=settings.password.get_secret_value() or None,
        database=settings.db,
        **connect_args(settings),
    )
    try:
        yield connection
    finally:
        with suppress(OSError, asyncpg.InterfaceError, asyncpg.PostgresError):
            await connection.close(timeout=_CLOSE_SECONDS)
