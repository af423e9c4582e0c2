"""Locks that live as long as their holder, and hardly longer."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import structlog
from aiogram.fsm.storage.base import DefaultKeyBuilder, StorageKey
from dishka import AsyncContainer

from okno.ioc import create_container
from okno.kit.nursery import Nursery
from okno.kit.redis import REDIS_OUTAGES, Redis
from okno.kit.settings import Settings
from tests.support.wait import until
from tgbot.locks import LeasedLocks

KEY = StorageKey(bot_id=1, chat_id=2, user_id=2)
KEYS = DefaultKeyBuilder(prefix="test")
LEASE = 0.3


@pytest.fixture
async def container(settings: Settings, clean: None) -> AsyncIterator[AsyncContainer]:
    container = create_container(settings)
    yield container
    await container.close()


@pytest.fixture
async def locks(container: AsyncContainer) -> LeasedLocks:
    nursery = await container.get(Nursery)
    return LeasedLocks(await container.get(Redis), KEYS, nursery, lease=LEASE)


async def test_only_one_holds_it(locks: LeasedLocks) -> None:
    inside, most = 0, 0

    async def work() -> None:
        nonlocal inside, most
        async with locks.lock(KEY):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(work() for _ in range(5)))

    assert most == 1


async def test_a_long_handler_keeps_it(locks: LeasedLocks, container: AsyncContainer) -> None:
    redis = await container.get(Redis)
    name = KEYS.build(KEY, "lock")
    async with locks.lock(KEY):
        owner = await redis.get(name)
        loop = asyncio.get_running_loop()
        deadline = loop.time() + 3 * LEASE
        while loop.time() < deadline:
            assert await redis.get(name) == owner
            await asyncio.sleep(LEASE / 10)
    assert await redis.get(name) is None


async def test_a_killed_holder_is_soon_succeeded(
    locks: LeasedLocks, container: AsyncContainer
) -> None:
    redis = await container.get(Redis)
    name = KEYS.build(KEY, "lock")
    async with locks.lock(KEY):
        left = await redis.pttl(name)
    assert 0 < left <= LEASE * 1000

    # What a killed process leaves behind.
    await redis.set(name, "nobody", px=left)
    async with asyncio.timeout(5):
        async with locks.lock(KEY):
            assert await redis.get(name) != "nobody"


async def test_a_failing_handler_lets_go_and_its_error_is_seen(
    locks: LeasedLocks, container: AsyncContainer
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with locks.lock(KEY):
            raise ZeroDivisionError
    assert await (await container.get(Redis)).get(KEYS.build(KEY, "lock")) is None


async def test_a_lock_that_was_lost_all_the_same_is_logged_only(
    locks: LeasedLocks, container: AsyncContainer
) -> None:
    redis = await container.get(Redis)
    with structlog.testing.capture_logs() as logs:
        async with locks.lock(KEY):
            await redis.delete(KEYS.build(KEY, "lock"))
    assert [entry["event"] for entry in logs] == ["lock lost while it was held"]


async def test_an_error_of_the_handler_is_seen_even_if_the_lock_was_lost(
    locks: LeasedLocks, container: AsyncContainer
) -> None:
    redis = await container.get(Redis)
    with pytest.raises(ZeroDivisionError):
        async with locks.lock(KEY):
            await redis.delete(KEYS.build(KEY, "lock"))
            raise ZeroDivisionError


async def test_nobody_waits_for_ever(
    monkeypatch: pytest.MonkeyPatch, locks: LeasedLocks, container: AsyncContainer
) -> None:
    monkeypatch.setattr("tgbot.locks.USER_LOCK_WAIT_SECONDS", 0.05)
    redis = await container.get(Redis)
    await redis.set(KEYS.build(KEY, "lock"), "somebody", ex=60)
    with pytest.raises(REDIS_OUTAGES):
        async with locks.lock(KEY):
            pytest.fail("the lock was not free")


async def test_the_renewal_ends_with_the_handler(
    locks: LeasedLocks, container: AsyncContainer
) -> None:
    nursery = await container.get(Nursery)
    async with locks.lock(KEY):
        await until(lambda: len(nursery) == 1, "the renewal")
    await until(lambda: len(nursery) == 0, "its end")
