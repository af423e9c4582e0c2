"""Wake-ups reach whoever listens, in whichever process; without Redis he looks by himself."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from okno.kit.redis import Redis, create_redis
from okno.kit.settings import RedisSettings, Settings
from okno.kit.wakeups import Wakeups
from sandbox import valkey
from sandbox.server import Server

CHANNEL = "okno:test"
NEVER = 3600.0


@pytest.fixture
async def redis(settings: Settings, clean: None) -> AsyncIterator[Redis]:
    redis = create_redis(settings[RedisSettings])
    yield redis
    await redis.aclose()


@pytest.fixture
def wakeups(redis: Redis) -> Wakeups:
    return Wakeups(redis)


async def is_due(turns: AsyncIterator[None], seconds: float = 10.0) -> bool:
    """Return whether a wake-up comes within so many seconds."""
    try:
        async with asyncio.timeout(seconds):
            await anext(turns)
    except TimeoutError:
        return False
    return True


async def test_the_first_look_is_at_once_and_the_next_after_a_wake_up(
    settings: Settings, wakeups: Wakeups
) -> None:
    other_process = create_redis(settings[RedisSettings])
    async with wakeups.listening(CHANNEL, interval=NEVER) as turns:
        assert await is_due(turns)
        await Wakeups(other_process).publish(CHANNEL)
        assert await is_due(turns)
    await other_process.aclose()


async def test_all_who_listen_are_woken(wakeups: Wakeups) -> None:
    async with (
        wakeups.listening(CHANNEL, interval=NEVER) as one,
        wakeups.listening(CHANNEL, interval=NEVER) as two,
    ):
        assert await is_due(one)
        assert await is_due(two)
        await wakeups.publish(CHANNEL)
        assert await is_due(one)
        assert await is_due(two)


async def test_another_channel_wakes_nobody(wakeups: Wakeups) -> None:
    async with wakeups.listening(CHANNEL, interval=NEVER) as turns:
        assert await is_due(turns)
        await wakeups.publish("okno:other")
        assert not await is_due(turns, 0.2)


async def test_many_wake_ups_during_one_turn_are_one(wakeups: Wakeups) -> None:
    async with wakeups.listening(CHANNEL, interval=NEVER) as turns:
        assert await is_due(turns)
        for _ in range(50):
            await wakeups.publish(CHANNEL)
        assert await is_due(turns)
        assert not await is_due(turns, 0.2)


async def test_without_a_wake_up_the_listener_looks_by_himself(wakeups: Wakeups) -> None:
    async with wakeups.listening(CHANNEL, interval=0.05) as turns:
        for _ in range(5):
            assert await is_due(turns)


async def test_the_connection_is_given_back(redis: Redis, wakeups: Wakeups) -> None:
    async with wakeups.listening(CHANNEL, interval=NEVER) as turns:
        assert await is_due(turns)
        assert dict(await redis.pubsub_numsub(CHANNEL)) == {CHANNEL: 1}
    assert dict(await redis.pubsub_numsub(CHANNEL)) == {CHANNEL: 0}


@dataclass
class OwnServer:
    """A Valkey that may be stopped."""

    server: Server
    redis: Redis


@pytest.fixture
async def own(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[OwnServer]:
    folder = tmp_path_factory.mktemp("v")
    server = valkey.create_valkey(folder / "data", folder)
    server.start()
    redis = create_redis(RedisSettings(host=valkey.valkey_environment(folder)["REDIS_HOST"]))
    yield OwnServer(server, redis)
    await redis.aclose()
    server.stop()


async def test_an_outage_ends_nothing(own: OwnServer) -> None:
    wakeups = Wakeups(own.redis)
    async with wakeups.listening(CHANNEL, interval=0.2) as turns:
        assert await is_due(turns)
        own.server.stop()
        await wakeups.publish(CHANNEL)  # says nothing, and fails nobody
        for _ in range(3):
            assert await is_due(turns)
        own.server.start()

        async def is_heard() -> bool:
            try:
                return dict(await own.redis.pubsub_numsub(CHANNEL)) == {CHANNEL: 1}
            except RedisConnectionError:
                return False

        async with asyncio.timeout(20):
            while not await is_heard():
                assert await is_due(turns)
