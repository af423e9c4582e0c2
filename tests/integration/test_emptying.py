"""Every test begins on empty servers, even after one that has cut all connections."""

import asyncpg

from okno.kit.db import connect_args
from okno.kit.redis import create_redis
from okno.kit.settings import PostgresSettings, RedisSettings, Settings
from okno.models import Base
from tests.support.emptying import Servers
from tests.support.front_door import FrontDoor


async def test_tables_and_keys_are_gone_and_ids_begin_anew(
    settings: Settings, servers: Servers, clean: None
) -> None:
    door, redis = FrontDoor(settings), create_redis(settings[RedisSettings])
    first = await door.register()
    await redis.set("okno:left", "behind")

    await servers.empty()

    for table in Base.metadata.tables:
        assert await door.scalar(f"SELECT count(*) FROM {table}") == 0  # noqa: S608 - our own name
    assert await redis.dbsize() == 0
    assert (await door.register()).user_id == first.user_id == 1
    await door.close()
    await redis.aclose()


async def test_a_connection_that_was_cut_is_replaced(settings: Settings, servers: Servers) -> None:
    await servers.empty()
    connection = await asyncpg.connect(
        user=settings[PostgresSettings].user,
        database=settings[PostgresSettings].db,
        **connect_args(settings[PostgresSettings]),
    )
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()
    await servers.empty()
