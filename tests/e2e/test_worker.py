"""The worker as a process: it does what is due, shares it with others, and loses nothing."""

import asyncio
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from okno.capabilities import JOBS
from okno.kit.settings import PostgresSettings, Settings
from sandbox import postgres
from sandbox.programs import migrate
from sandbox.server import Server
from sandbox.telegram import Fault, FaultKind
from tests.e2e.conftest import StartWorker, Telegram
from tests.e2e.process import WorkerProcess
from tests.support.wait import until
from worker.scheduler import connected

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("emptied")]

CRONS = {job.name: job.cron for job in JOBS}
RARE = "forget-conversations"
OVER_TELEGRAM = "reconcile-stars"


@dataclass
class Database:
    """The tables that an operator looks at."""

    connection: asyncpg.Connection

    async def make_due(self, *names: str) -> None:
        """As if their moment had passed while no worker ran."""
        await self.connection.executemany(
            "INSERT INTO pgqueuer_schedules (entrypoint, expression, next_run)"
            " VALUES ($1, $2, now() - interval '1 hour')"
            " ON CONFLICT (entrypoint, expression) DO UPDATE SET next_run = EXCLUDED.next_run",
            [(name, CRONS[name]) for name in names],
        )

    async def pass_half_a_minute(self) -> None:
        """Without a sign of life from whoever has claimed a job."""
        await self.connection.execute(
            "UPDATE pgqueuer_schedules SET heartbeat = heartbeat - interval '31 seconds'"
        )

    async def status(self, name: str) -> str:
        query = "SELECT status::text FROM pgqueuer_schedules WHERE entrypoint = $1"
        return str(await self.connection.fetchval(query, name))


@dataclass
class OwnPostgres:
    """A server of one test, which may be stopped."""

    server: Server
    variables: dict[str, str]

    @property
    def settings(self) -> PostgresSettings:
        found = {name.removeprefix("POSTGRES_").lower(): v for name, v in self.variables.items()}
        return PostgresSettings.model_validate(found)


@pytest.fixture
def own_postgres(tmp_path: Path) -> Iterator[OwnPostgres]:
    with tempfile.TemporaryDirectory(prefix="okno-") as name:
        sockets = Path(name)
        server = postgres.create_postgres(tmp_path / "postgres", sockets, durable=False)
        server.start()
        postgres.create_database(sockets, postgres.DATABASE)
        variables = postgres.postgres_environment(sockets)
        migrate(tmp_path, variables)
        yield OwnPostgres(server, variables)
        server.stop()


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    async with connected(settings[PostgresSettings]) as connection:
        await connection.execute("TRUNCATE pgqueuer_schedules")
        yield Database(connection)


def done(name: str, *workers: WorkerProcess) -> int:
    """Count the runs of the job that came to their end."""
    return sum(
        entry["message"] == "job done" and entry["okno.job"] == name
        for worker in workers
        for entry in worker.log_entries()
    )


def slow_down(telegram: Telegram, seconds: float) -> None:
    telegram.emulator.add_fault(
        Fault(method="getStarTransactions", kind=FaultKind.SLOW, delay=seconds)
    )


async def test_an_old_hold_is_ended(start_worker: StartWorker, database: Database) -> None:
    await database.connection.execute(
        "WITH anna AS ("
        " INSERT INTO users (telegram_id, first_name, language, registered_at, last_seen_at)"
        " VALUES (7001, 'Anna', 'en', now(), now()) RETURNING id"
        "), hers AS (INSERT INTO balances (user_id, balance, held) SELECT id, 100, 30 FROM anna)"
        " INSERT INTO holds (id, user_id, amount, purpose, expires_at)"
        " SELECT gen_random_uuid(), id, 30, 'an answer', now() - interval '1 second' FROM anna"
    )
    await database.make_due("expire-holds")

    worker = await start_worker("holds")
    await until(lambda: done("expire-holds", worker) > 0, "the job")

    assert await database.connection.fetchval("SELECT held FROM balances") == 0
    assert await database.connection.fetchval("SELECT count(*) FROM holds") == 0
    status, health = await worker.get("/health")
    assert status == 200
    assert '"ok"' in health
    _, metrics = await worker.get("/metrics")
    assert 'okno_job_seconds_count{job="expire-holds",outcome="ok"}' in metrics
    assert await worker.stop() == 0
    assert not [line for line in worker.log_lines() if "Traceback" in line]


async def test_two_workers_do_what_is_due_once(
    start_worker: StartWorker, database: Database
) -> None:
    await database.make_due(*CRONS)

    workers = await asyncio.gather(start_worker("one"), start_worker("two"))
    await until(lambda: all(done(name, *workers) for name in CRONS), "all jobs")
    assert [await worker.stop() for worker in workers] == [0, 0]

    assert done(RARE, *workers) == 1


async def test_the_job_in_hand_is_finished_on_sigterm(
    telegram: Telegram, start_worker: StartWorker, database: Database
) -> None:
    await database.make_due(OVER_TELEGRAM)
    slow_down(telegram, 0.7)

    worker = await start_worker("stopped")
    await until(lambda: not list(telegram.emulator.faults), "the job to begin")
    worker.signal(signal.SIGTERM)

    assert await worker.wait() == 0
    messages = [entry["message"] for entry in worker.log_entries()]
    assert messages.index("stopping") < messages.index("job done")
    assert done(OVER_TELEGRAM, worker) == 1
    assert await database.status(OVER_TELEGRAM) == "queued"


async def test_the_job_of_a_killed_worker_is_done_by_the_next(
    telegram: Telegram, start_worker: StartWorker, database: Database
) -> None:
    await database.make_due(OVER_TELEGRAM)
    slow_down(telegram, 5)

    killed = await start_worker("killed")
    await until(lambda: not list(telegram.emulator.faults), "the job to begin")
    killed.signal(signal.SIGKILL)
    await killed.wait()
    assert await database.status(OVER_TELEGRAM) == "picked"
    await database.pass_half_a_minute()
    heir = await start_worker("heir")
    await until(lambda: done(OVER_TELEGRAM, heir) == 1, "the job of the killed worker")

    assert done(OVER_TELEGRAM, killed) == 0
    assert await heir.stop() == 0


async def test_a_restart_of_postgres_is_survived(
    start_worker: StartWorker, own_postgres: OwnPostgres
) -> None:
    worker = await start_worker("survivor", **own_postgres.variables)
    async with connected(own_postgres.settings) as connection:
        await Database(connection).make_due(RARE)

    own_postgres.server.stop()
    await until(lambda: worker.said("jobs wait for the database"), "the outage to be noticed")
    own_postgres.server.start()
    await until(lambda: done(RARE, worker) == 1, "the job that was due meanwhile")

    assert await worker.stop() == 0
    assert not [line for line in worker.log_lines() if "Traceback" in line]
