"""PgQueuer's table of schedules, empty, and a hand in it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import asyncpg
import pytest

from okno.kit.settings import PostgresSettings, Settings
from worker.scheduler import connected

NEVER = "0 0 29 2 *"
"""Due on the next 29th of February: not in a test."""
ALWAYS = "* * * * * *"
"""Due in every second."""


@dataclass
class Schedules:
    """The state of the jobs in PgQueuer."""

    connection: asyncpg.Connection

    async def make_due(self, name: str, cron: str = NEVER) -> None:
        """As if the moment had passed while no worker ran."""
        await self.connection.execute(
            "INSERT INTO pgqueuer_schedules (expression, entrypoint, next_run)"
            " VALUES ($1, $2, now() - interval '1 hour')",
            cron,
            name,
        )

    async def make_due_again(self, name: str) -> None:
        """Once the run before is noted as done."""
        async with asyncio.timeout(10):
            while (await self.row(name))["status"] != "queued":  # noqa: ASYNC110 - a worker's doing
                await asyncio.sleep(0.01)
        await self.connection.execute(
            "UPDATE pgqueuer_schedules SET next_run = now() WHERE entrypoint = $1", name
        )

    async def leave_behind(self, name: str) -> None:
        """As a worker that was killed in the middle of the job, some time ago."""
        await self.connection.execute(
            "INSERT INTO pgqueuer_schedules (expression, entrypoint, next_run, status, heartbeat)"
            " VALUES ($1, $2, now() + interval '1 hour', 'picked', now() - interval '1 minute')",
            NEVER,
            name,
        )

    async def row(self, name: str) -> dict[str, Any]:
        query = "SELECT * FROM pgqueuer_schedules WHERE entrypoint = $1"
        return dict(await self.connection.fetchrow(query, name))

    async def cut_others(self) -> None:
        """End all other connections, as a restart of the server does."""
        await self.connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.fixture
async def schedules(settings: Settings) -> AsyncIterator[Schedules]:
    async with connected(settings[PostgresSettings]) as connection:
        await connection.execute("TRUNCATE pgqueuer_schedules")
        yield Schedules(connection)
