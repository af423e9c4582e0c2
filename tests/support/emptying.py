"""Empty servers for a test, by connections that stay open for the whole run."""

import asyncpg

from okno.kit.db import connect_args
from okno.kit.redis import create_redis
from okno.kit.settings import PostgresSettings, RedisSettings, Settings
from okno.models import Base

_TABLES = sorted(Base.metadata.tables)
_SEQUENCES = """
SELECT s.seqrelid FROM pg_sequence s
JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid
WHERE d.deptype IN ('a', 'i') AND d.refobjid = ANY($1::regclass[])
"""
_DELETE = ", ".join(f"{name}_ AS (DELETE FROM {name})" for name in _TABLES)  # noqa: S608 - our own
_EMPTY = f"""
WITH {_DELETE}
SELECT setval(s.seqrelid, s.seqstart, false) FROM pg_sequence s
WHERE s.seqrelid = ANY($1::oid[]) AND pg_sequence_last_value(s.seqrelid) IS NOT NULL
"""  # noqa: S608 - our own names
"""Deletes all rows and lets the ids begin anew. TRUNCATE would make new files for every table and
index, which takes a hundred times as long, and wait for whoever still reads."""


class Servers:
    """Empties PostgreSQL and Valkey."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._redis = create_redis(settings[RedisSettings])
        self._postgres: asyncpg.Connection | None = None
        self._sequences: list[int] = []

    async def empty(self) -> None:
        """Remove the rows of all tables of the product, and all keys."""
        if self._postgres is None or self._postgres.is_closed():
            self._postgres = await self._connect()
        try:
            await self._postgres.execute(_EMPTY, self._sequences)
        except (
            asyncpg.PostgresConnectionError,
            asyncpg.InterfaceError,
            asyncpg.InternalClientError,
        ):
            # The test before has cut all connections; this one may not know it yet.
            self._postgres.terminate()
            self._postgres = await self._connect()
            await self._postgres.execute(_EMPTY, self._sequences)
        await self._redis.flushdb()

    async def close(self) -> None:
        if self._postgres is not None:
            await self._postgres.close()
        await self._redis.aclose()

    async def _connect(self) -> asyncpg.Connection:
        postgres = self._settings[PostgresSettings]
        connection = await asyncpg.connect(
            user=postgres.user,
            password=postgres.password.get_secret_value() or None,
            database=postgres.db,
            **connect_args(postgres),
        )
        # Neither foreign keys nor the trigger that protects the ledger are to look at each row.
        await connection.execute("SET session_replication_role = replica")
        self._sequences = [row[0] for row in await connection.fetch(_SEQUENCES, _TABLES)]
        return connection
