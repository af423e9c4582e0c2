"""Updates that meet: nothing is lost, within one process and between two."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import pytest
from aiogram.fsm.storage.base import StorageKey

from okno.kit.settings import Settings
from sandbox.telegram import Emulator
from tests.support.counter import Counter, dialogs_with_counter, push
from tests.support.person import Person
from tests.support.stage import Stage, open_stage
from tgbot.locks import LeasedLocks


@pytest.fixture
async def pair(
    settings: Settings, emulator: Emulator, clean: None
) -> AsyncIterator[tuple[Stage, Stage]]:
    """Two bots as two processes would run them: only Telegram, PostgreSQL and Redis in common."""
    async with (
        open_stage(settings, emulator, dialogs_with_counter) as one,
        open_stage(settings, emulator, dialogs_with_counter) as other,
    ):
        yield one, other
        one.expect_clean()


async def open_counter(stage: Stage) -> Person:
    anna = stage.person()
    await anna.register()
    await stage.open_window(anna.id, Counter.main)
    return anna


async def test_five_clicks_at_once_are_all_counted(pair: tuple[Stage, Stage]) -> None:
    one, _ = pair
    anna = await open_counter(one)

    for _round in range(5):
        anna.tap("Count")
    await one.settle()

    assert anna.window["text"] == "clicks 5, pushes 0"


async def test_clicks_handled_by_two_processes_are_all_counted(pair: tuple[Stage, Stage]) -> None:
    one, other = pair
    anna = await open_counter(one)
    for _round in range(6):
        anna.tap("Count")
    updates = one.emulator.take_updates()

    await asyncio.gather(one.deliver(*updates[::2]), other.deliver(*updates[1::2]))

    assert anna.window["text"] == "clicks 6, pushes 0"


async def test_a_click_and_a_background_update_never_undo_each_other(
    pair: tuple[Stage, Stage],
) -> None:
    one, other = pair
    anna = await open_counter(one)

    async def push_from_other_process() -> None:
        background = other.dispatcher["windows"].bg(other.bot, anna.id, anna.id)
        async with background.fg() as manager:
            await push(manager)
            await manager.show()

    for _round in range(10):
        anna.tap("Count")
        await asyncio.gather(one.settle(), push_from_other_process())

    await one.open_again(anna.id)
    assert anna.window["text"] == "clicks 10, pushes 10"


async def test_the_first_contact_twice_at_once_makes_one_user(pair: tuple[Stage, Stage]) -> None:
    one, other = pair
    anna = one.person()
    one.emulator.say(anna.id, "/start")
    one.emulator.say(anna.id, "/start")
    first, second = one.emulator.take_updates()

    await asyncio.gather(one.deliver(first), other.deliver(second))

    assert await one.scalar("SELECT count(*) FROM users") == 1


async def test_messages_of_one_user_are_handled_in_their_order(stage: Stage) -> None:
    anna = stage.person()
    await anna.register()

    for command in ("/help", "/settings", "/menu"):
        stage.emulator.say(anna.id, command)
    await stage.settle()

    words = [message["text"].split()[0] for message in anna.messages if not message["media"]]
    assert words[-3:] == ["Help", "Settings", "Menu"]


async def test_both_the_dispatcher_and_the_dialogs_lock_through_redis(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = stage.person()
    await anna.register()
    locked: list[str] = []
    lock = LeasedLocks.lock

    def note(self: LeasedLocks, key: StorageKey) -> AbstractAsyncContextManager[None]:
        locked.append(key.destiny)
        return lock(self, key)

    monkeypatch.setattr(LeasedLocks, "lock", note)
    await anna.press("☰ Menu")

    assert locked == ["default", "aiogd:stack:"]
