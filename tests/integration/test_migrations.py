"""Every migration, up and down and up again; the models equal to what they make."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from pgqueuer import AsyncpgDriver, Queries
from sqlalchemy import CheckConstraint, Connection, NullPool, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from okno.kit.db import Engine, connect_args, database_url
from okno.kit.schema import is_ours
from okno.kit.settings import PostgresSettings, Settings
from okno.models import Base
from sandbox.postgres import create_database
from tests.conftest import ROOT

CONFIG = Config(ROOT / "alembic.ini")
REVISIONS = [script.revision for script in ScriptDirectory.from_config(CONFIG).walk_revisions()][
    ::-1
]


@pytest.fixture
async def engine(settings: Settings) -> AsyncIterator[Engine]:
    """An empty database of this test."""
    postgres = settings[PostgresSettings].model_copy(update={"db": "migrations"})
    await asyncio.to_thread(create_database, Path(postgres.host), postgres.db)
    engine = create_async_engine(
        database_url(postgres), poolclass=NullPool, connect_args=connect_args(postgres)
    )
    await migrate(engine, command.downgrade, "base")
    yield engine
    await engine.dispose()


async def migrate(engine: Engine, run: Callable[[Config, str], None], revision: str) -> None:
    def on_connection(connection: Connection) -> None:
        config = Config(ROOT / "alembic.ini")
        config.attributes["connection"] = connection
        run(config, revision)

    async with engine.connect() as connection:
        await connection.run_sync(on_connection)
        await connection.commit()


async def tables(engine: Engine) -> set[str]:
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    return set(names) - {"alembic_version"}


async def routines_and_types(engine: Engine) -> set[str]:
    """Functions and enumerations, which dropping the tables leaves behind."""
    query = text(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        " UNION ALL"
        " SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'"
    )
    async with engine.connect() as connection:
        return set(await connection.scalars(query))


@pytest.mark.parametrize("revision", REVISIONS)
async def test_a_migration_goes_up_down_and_up(engine: Engine, revision: str) -> None:
    await migrate(engine, command.upgrade, revision)
    upgraded = await tables(engine)

    await migrate(engine, command.downgrade, "-1")
    await migrate(engine, command.upgrade, revision)

    assert await tables(engine) == upgraded


async def test_all_the_way_down_leaves_nothing(engine: Engine) -> None:
    await migrate(engine, command.upgrade, "head")
    assert await tables(engine)
    assert await routines_and_types(engine)

    await migrate(engine, command.downgrade, "base")

    assert await tables(engine) == set()
    assert await routines_and_types(engine) == set()


async def test_the_models_are_what_the_migrations_make(engine: Engine) -> None:
    await migrate(engine, command.upgrade, "head")

    def compare(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "compare_server_default": True, "include_name": is_ours},
        )
        return list(compare_metadata(context, Base.metadata))

    async with engine.connect() as connection:
        differences = await connection.run_sync(compare)
        constraints = await connection.run_sync(
            lambda sync: inspect(sync).get_check_constraints("users")
        )
    assert differences == []
    # alembic does not compare these.
    declared = {
        constraint.name
        for constraint in Base.metadata.tables["users"].constraints
        if isinstance(constraint, CheckConstraint)
    }
    assert {constraint["name"] for constraint in constraints} == declared


async def test_the_job_engine_finds_the_schema_that_it_wants(engine: Engine) -> None:
    await migrate(engine, command.upgrade, "head")

    async with engine.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        assert raw is not None
        plan = await Queries(AsyncpgDriver(raw)).plan_upgrade()

    assert plan.statements == (), "a new release of PgQueuer: make these the next migration"
