"""PostgreSQL or Redis goes away while the bot runs, and comes back: nothing has to be restarted."""

import asyncio
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from okno.billing.service import PaymentsService
from okno.kit.actor import SYSTEM
from okno.kit.db import Engine
from okno.kit.errors import TemporarilyUnavailable
from okno.kit.redis import REDIS_OUTAGES, create_redis
from okno.kit.settings import RedisSettings, Settings
from sandbox import postgres, valkey
from sandbox.server import Server
from sandbox.telegram import Emulator
from tests.conftest import ROOT
from tests.support.person import Person
from tests.support.settings import load_all_settings
from tests.support.stage import Stage, open_stage
from tgbot.background import user_locked

TEMPORARY = "I can't reach my memory for the moment"


@dataclass
class OwnServers:
    """Servers of this module, which may be stopped."""

    database: Server
    cache: Server
    settings: Settings


@pytest.fixture(scope="module")
def servers(
    tmp_path_factory: pytest.TempPathFactory, environment: dict[str, str]
) -> Iterator[OwnServers]:
    folder = tmp_path_factory.mktemp("own")
    with (
        tempfile.TemporaryDirectory(prefix="okno-") as name,
        pytest.MonkeyPatch.context() as patch,
    ):
        sockets = Path(name)
        database = postgres.create_postgres(folder / "postgres", sockets, durable=False)
        cache = valkey.create_valkey(folder / "valkey", sockets)
        database.start()
        cache.start()
        postgres.create_database(sockets, postgres.DATABASE)
        for key, value in {
            **environment,
            **postgres.postgres_environment(sockets),
            **valkey.valkey_environment(sockets),
        }.items():
            patch.setenv(key, value)
        command.upgrade(Config(ROOT / "alembic.ini"), "head")
        yield OwnServers(database, cache, load_all_settings())
        database.stop()
        cache.stop()


@pytest.fixture
async def anna(servers: OwnServers) -> AsyncIterator[Person]:
    """Somebody at the menu, whose bot depends on the servers of this module."""
    async with at_the_menu(servers.settings) as person:
        yield person


@asynccontextmanager
async def at_the_menu(settings: Settings) -> AsyncIterator[Person]:
    async with open_stage(settings, Emulator(first_user_id=next(_user_ids))) as stage:
        await stage.flush_redis()
        person = stage.person()
        await person.register()
        await person.press("☰ Menu")
        yield person
        stage.expect_clean()


_user_ids = iter(range(5000, 6000, 10))


async def at_the_invoice(person: Person) -> None:
    await person.say("/balance")
    await person.press("⭐ Top up")
    await person.press("⭐ 50 → 50,000")


async def test_an_outage_of_redis_is_told_and_heals(servers: OwnServers, anna: Person) -> None:
    servers.cache.stop()
    try:
        assert TEMPORARY in (await anna.say("/help"))["text"]
        popup = await anna.press("❓ Help", anna.messages[-3])
        assert popup is not None
        assert TEMPORARY in (popup.text or "")
    finally:
        servers.cache.start()

    assert (await anna.say("/help"))["text"].startswith("Help")


async def test_an_outage_of_postgres_is_told_and_heals(servers: OwnServers, anna: Person) -> None:
    await anna.press("⚙️ Settings")
    await anna.press("🌐 Language")
    servers.database.stop()
    try:
        popup = await anna.press("Русский")
        assert popup is not None
        assert TEMPORARY in (popup.text or "")
    finally:
        servers.database.start()

    await anna.press("Русский")
    assert anna.window["text"].startswith("Настройки")


async def test_known_users_are_served_while_postgres_is_away(
    servers: OwnServers, anna: Person
) -> None:
    await forget_tombstone(anna.stage)
    await anna.say("/menu")
    servers.database.stop()
    try:
        assert (await anna.say("/help"))["text"].startswith("Help")
    finally:
        servers.database.start()


async def test_a_stranger_is_told_of_the_outage_in_the_language_of_telegram(
    servers: OwnServers, anna: Person
) -> None:
    boris = anna.stage.person("Борис", language_code="ru")
    servers.database.stop()
    try:
        assert "не могу дотянуться" in (await boris.say("/start"))["text"]
    finally:
        servers.database.start()

    assert "Здравствуйте, Борис" in (await boris.say("/start"))["text"]


async def test_a_crash_of_postgres_is_survived(servers: OwnServers, anna: Person) -> None:
    servers.database.kill(signal.SIGQUIT)
    servers.database.start()

    await forget_tombstone(anna.stage)
    assert (await anna.say("/settings"))["text"].startswith("Settings")


async def test_a_window_from_the_background_does_not_wait_for_postgres(
    servers: OwnServers, anna: Person
) -> None:
    stage = anna.stage
    await stage.flush_redis()
    servers.database.stop()
    try:
        with pytest.raises(TemporarilyUnavailable):
            async with user_locked(stage.dispatcher["windows"], stage.bot, anna.id, 60):
                pytest.fail("nobody knows the user")
    finally:
        servers.database.start()

    async with user_locked(stage.dispatcher["windows"], stage.bot, anna.id, 60):
        pass


async def test_nothing_is_paid_while_postgres_is_away(servers: OwnServers, anna: Person) -> None:
    await at_the_invoice(anna)
    servers.database.stop()
    try:
        result = await anna.pay()
    finally:
        servers.database.start()

    assert result is not None
    assert TEMPORARY in (result.error or "")
    assert anna.stage.emulator.stars(anna.id) == 1000


async def test_nothing_is_paid_while_redis_is_away(servers: OwnServers, anna: Person) -> None:
    await at_the_invoice(anna)
    servers.cache.stop()
    try:
        result = await anna.pay()
    finally:
        servers.cache.start()

    assert result is not None
    assert TEMPORARY in (result.error or "")
    assert anna.stage.emulator.stars(anna.id) == 1000


async def test_a_payment_that_an_outage_has_swallowed_is_found(
    servers: OwnServers, anna: Person
) -> None:
    await at_the_invoice(anna)
    stage = anna.stage
    stage.emulator.pay(anna.id, anna.invoice["id"])
    await stage.deliver(*stage.emulator.take_updates())
    servers.database.stop()
    try:
        await stage.settle()
        assert anna.messages[-1]["text"].startswith("Your payment has arrived.")
    finally:
        servers.database.start()

    found = await (await stage.container.get(PaymentsService)).reconcile(SYSTEM)

    assert found.credited == 1
    assert "+50,000 · topped up" in (await anna.say("/balance"))["text"]


async def test_a_full_redis_is_told_and_heals(anna: Person) -> None:
    redis = await anna.stage.redis()
    await redis.config_set("maxmemory", 1)
    try:
        assert TEMPORARY in (await anna.say("/help"))["text"]
    finally:
        await redis.config_set("maxmemory", 0)

    assert (await anna.say("/help"))["text"].startswith("Help")


@pytest.mark.slow
async def test_a_redis_that_hangs_is_told_and_heals(servers: OwnServers) -> None:
    async with at_the_menu(impatient(servers.settings)) as anna:
        servers.cache.signal(signal.SIGSTOP)
        try:
            assert TEMPORARY in (await anna.say("/help"))["text"]
        finally:
            servers.cache.signal(signal.SIGCONT)

        assert (await anna.say("/help"))["text"].startswith("Help")


@pytest.mark.slow
async def test_a_redis_that_hangs_is_given_up_where_connections_are_old(
    servers: OwnServers,
) -> None:
    redis = create_redis(impatient(servers.settings)[RedisSettings])
    await redis.ping()
    for connection in redis.connection_pool._available_connections:  # noqa: SLF001
        connection.next_health_check = 0  # as after half a minute, for which no test waits
    servers.cache.signal(signal.SIGSTOP)
    try:
        async with asyncio.timeout(15):
            with pytest.raises(REDIS_OUTAGES):
                await redis.ping()
    finally:
        servers.cache.signal(signal.SIGCONT)
        await redis.aclose()


async def test_a_read_only_postgres_is_told_and_heals(anna: Person) -> None:
    await anna.press("⚙️ Settings")
    await anna.press("🌐 Language")
    await set_read_only(anna.stage, "on")
    try:
        popup = await anna.press("Русский")
        assert popup is not None
        assert TEMPORARY in (popup.text or "")
    finally:
        await set_read_only(anna.stage, "off")

    await anna.press("Русский")
    assert anna.window["text"].startswith("Настройки")


def impatient(settings: Settings) -> Settings:
    """Give a silent Redis up soon."""
    redis = settings[RedisSettings].model_copy(update={"timeout_seconds": 0.5})
    return settings.replaced(redis)


async def set_read_only(stage: Stage, value: str) -> None:
    engine = await stage.container.get(Engine)
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("SET default_transaction_read_only = off"))
        await connection.execute(
            text(f"ALTER DATABASE okno SET default_transaction_read_only = {value}")
        )
    await engine.dispose()


async def forget_tombstone(stage: Stage) -> None:
    """A change keeps the account out of the cache for some seconds: make them pass."""
    redis = await stage.redis()
    await redis.delete(*[key async for key in redis.scan_iter("okno:account:*")])
