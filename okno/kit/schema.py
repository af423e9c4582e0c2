"""Checks that the database has the schema of this release, and tells our own tables."""

import asyncio
from pathlib import Path

import structlog
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from okno.kit.db import Engine
from okno.kit.errors import StartupError

log = structlog.get_logger(__name__)

MIGRATIONS = Path(__file__).parents[2] / "migrations"
JOB_ENGINE_PREFIX = "pgqueuer"
"""The names of PgQueuer's tables begin so: migrations make them, models do not know them."""


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Tell alembic's comparison which tables of the database to look at."""
    return kind != "table" or name is None or not name.startswith(JOB_ENGINE_PREFIX)


async def check_schema(engine: Engine) -> None:
    """Raise `StartupError` when migrations of this release are missing.

    A schema that is newer than this release is fine: it is so while releases are being exchanged.
    """
    scripts = await asyncio.to_thread(ScriptDirectory, str(MIGRATIONS))
    async with engine.connect() as connection:
        present = await connection.run_sync(
            lambda sync: MigrationContext.configure(sync).get_current_revision()
        )
    if present == scripts.get_current_head():
        return
    known = {script.revision for script in scripts.walk_revisions()}
    if present is not None and present not in known:
        log.warning("schema is newer than this release", revision=present)
        return
    raise StartupError(
        f"the database is at revision {present or 'none'}, this release needs "
        f"{scripts.get_current_head()}: run `make migrate`."
    )
