"""Windows from the background hold the user's lock no longer than they may."""

import asyncio

import pytest

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
    """Whether an update of the user is handled soon."""
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
