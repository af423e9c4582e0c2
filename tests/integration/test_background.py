"""Windows from the background hold the user's lock no longer than they may, and fail at once."""

import asyncio

import pytest
import structlog
from aiogram_dialog.api.exceptions import UnknownIntent
from redis.exceptions import OutOfMemoryError

from tests.support.person import Person
from tests.support.stage import Stage
from tgbot.background import user_locked


@pytest.fixture
async def anna(stage: Stage) -> Person:
    person = stage.person("Anna")
    await person.register()
    return person


async def hold(stage: Stage, person: Person, seconds: float, entered: asyncio.Event) -> None:
    """Keep the lock of the user."""
    windows = stage.dispatcher["windows"]
    async with user_locked(windows, stage.bot, person.id, seconds):
        entered.set()
        await asyncio.Event().wait()


async def is_free(person: Person) -> bool:
    """Return whether an update of the user is handled soon."""
    async with asyncio.timeout(10):
        await person.say("/help")
    return str(person.window["text"]).startswith("Help")


async def test_a_block_that_takes_too_long_is_ended_and_lets_go(stage: Stage, anna: Person) -> None:
    with pytest.raises(TimeoutError):
        await hold(stage, anna, 0.5, asyncio.Event())

    assert await is_free(anna)


async def test_a_cancelled_block_lets_go(stage: Stage, anna: Person) -> None:
    entered = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(hold(stage, anna, 60, entered))
        await entered.wait()
        task.cancel()

    assert task.cancelled()
    assert await is_free(anna)


async def test_who_waits_from_outside_may_give_up(stage: Stage, anna: Person) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await hold(stage, anna, 60, asyncio.Event())

    assert await is_free(anna)


async def test_without_redis_the_wait_has_an_end(stage: Stage, anna: Person) -> None:
    windows = stage.dispatcher["windows"]
    redis = await stage.redis()
    await redis.set(f"okno:fsm:{stage.bot.id}:{anna.id}:{anna.id}:default:lock", "taken", px=2000)

    with pytest.raises(TimeoutError):
        async with user_locked(windows, stage.bot, anna.id, 0.2):
            pytest.fail("the lock was taken")

    assert await is_free(anna)


async def enter(stage: Stage, person: Person) -> None:
    """Hold the lock for a moment; the wait for it has a bound of a minute."""
    windows = stage.dispatcher["windows"]
    async with asyncio.timeout(10), user_locked(windows, stage.bot, person.id, 60):
        pass


async def test_who_can_not_enter_hears_it_at_once(stage: Stage, anna: Person) -> None:
    redis = await stage.redis()
    await redis.config_set("maxmemory", 1)
    try:
        with pytest.raises(OutOfMemoryError):
            await enter(stage, anna)
    finally:
        await redis.config_set("maxmemory", 0)

    await enter(stage, anna)


async def test_windows_that_are_lost_are_mended_for_the_next_attempt(
    stage: Stage, anna: Person
) -> None:
    redis = await stage.redis()
    await redis.delete(*[key async for key in redis.scan_iter("okno:fsm:*aiogd:context:*")])
    count = len(anna.messages)

    with pytest.raises(UnknownIntent):
        await enter(stage, anna)

    await enter(stage, anna)
    assert len(anna.messages) == count
    assert anna.labels == []


async def test_what_a_block_raises_is_for_its_opener_alone(stage: Stage, anna: Person) -> None:
    async def fail() -> None:
        async with user_locked(stage.dispatcher["windows"], stage.bot, anna.id, 60):
            raise ZeroDivisionError

    with structlog.testing.capture_logs() as logs:
        with pytest.raises(ZeroDivisionError):
            await fail()
        assert await is_free(anna)

    assert "update failed" not in [entry["event"] for entry in logs]
    assert [entry["outcome"] for entry in logs if entry.get("type") == "aiogd_update"] == ["failed"]
