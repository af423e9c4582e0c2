"""Runs the migrations with the settings of Okno, all of them in one transaction."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from okno.kit.db import connect_args, database_url
from okno.kit.schema import is_ours
from okno.kit.settings import PostgresSettings, load
from okno.models import Base


def run_migrations(connection: Connection) -> None:
    # A migration that waits for a lock would block all later queries of the running programs.
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_server_default=True,
        include_name=is_ours,
    )
    with context.begin_transaction():
        context.run_migrations()


async def connect_and_run() -> None:
    settings = load(PostgresSettings)
    engine = create_async_engine(
        database_url(settings), poolclass=NullPool, connect_args=connect_args(settings)
    )
    async with engine.connect() as connection:
        await connection.run_sync(run_migrations)
    await engine.dispose()


def main() -> None:
    """Use the connection that a test passes, or open one."""
    connection = context.config.attributes.get("connection")
    if connection is not None:
        run_migrations(connection)
    else:
        asyncio.run(connect_and_run())


main()
