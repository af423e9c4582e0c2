"""The embedded servers as a program."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from tests.conftest import ROOT

pytestmark = pytest.mark.slow


@contextmanager
def running(folder: Path) -> Iterator[dict[str, str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "sandbox.servers", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        yield json.loads(program.stdout.readline())
        program.send_signal(signal.SIGTERM)
        assert program.wait(60) == 0


async def test_the_data_outlives_the_servers_which_end_cleanly(tmp_path: Path) -> None:
    folder = tmp_path / "папка с пробелом"
    folder.mkdir()

    with running(folder) as places:
        await write(places)
    with running(folder) as places:
        assert await read(places) == ("kept", "kept")

    expect_clean_ends(folder, Path(places["POSTGRES_HOST"]))


def expect_clean_ends(folder: Path, sockets: Path) -> None:
    assert (folder / "valkey.log").read_text().count("bye bye") == 2
    assert (folder / "postgres.log").read_text().count("database system is shut down") == 2
    assert not sockets.exists()


async def write(places: dict[str, str]) -> None:
    database = await connect(places)
    await database.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('kept')")
    await database.close()
    async with Redis(unix_socket_path=places["REDIS_HOST"]) as cache:
        await cache.set("word", "kept")


async def read(places: dict[str, str]) -> tuple[str, str]:
    database = await connect(places)
    row = await database.fetchval("SELECT word FROM kept")
    await database.close()
    async with Redis(unix_socket_path=places["REDIS_HOST"], decode_responses=True) as cache:
        return str(row), str(await cache.get("word"))


async def connect(places: dict[str, str]) -> asyncpg.Connection:
    return await asyncpg.connect(
        host=places["POSTGRES_HOST"],
        user=places["POSTGRES_USER"],
        database=places["POSTGRES_DB"],
    )
