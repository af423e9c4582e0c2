"""Commands of many callers share a round trip; each gets its own answer."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from okno.ioc import create_container
from okno.kit.redis import Redis, RedisError, RedisPipeline
from okno.kit.settings import RedisSettings, Settings


@pytest.fixture
async def redis(settings: Settings, clean: None) -> AsyncIterator[tuple[Redis, RedisPipeline]]:
    container = create_container(settings)
    yield await container.get(Redis), await container.get(RedisPipeline)
    await container.close()


async def test_everybody_gets_the_answer_to_his_command(redis: tuple[Redis, RedisPipeline]) -> None:
    _, pipeline = redis
    numbers = range(200)
    await asyncio.gather(*(pipeline.run("SET", f"n:{n}", n, "EX", 60) for n in numbers))

    answers = await asyncio.gather(*(pipeline.run("GET", f"n:{n}") for n in numbers))

    assert answers == [str(number) for number in numbers]
    assert await pipeline.run("GET", "nothing") is None


async def test_a_command_that_fails_fails_alone(redis: tuple[Redis, RedisPipeline]) -> None:
    _, pipeline = redis
    await pipeline.run("SET", "word", "a")

    results: tuple[Any, ...] = await asyncio.gather(
        pipeline.run("INCR", "number"),
        pipeline.run("INCR", "word"),
        pipeline.run("INCR", "number"),
        return_exceptions=True,
    )

    assert list(results[::2]) == [1, 2]
    assert isinstance(results[1], RedisError)


async def test_many_callers_share_round_trips(redis: tuple[Redis, RedisPipeline]) -> None:
    client, pipeline = redis
    await client.config_resetstat()

    await asyncio.gather(*(pipeline.run("INCR", "number") for _ in range(100)))

    assert await client.get("number") == "100"
    connections = await client.info("clients")
    assert connections["connected_clients"] <= 10


async def test_without_redis_the_caller_is_told(settings: Settings, clean: None) -> None:
    nowhere = settings[RedisSettings].model_copy(update={"host": "127.0.0.1", "port": 1})
    container = create_container(settings.replaced(nowhere))
    pipeline = await container.get(RedisPipeline)

    with pytest.raises(RedisError):
        await pipeline.run("GET", "word")
    await container.close()
