"""A whole bot for a test.

The real dispatcher, windows, PostgreSQL and Valkey, and a Telegram that refuses what the real one
refuses.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.fsm.state import State
from aiogram.types import Update
from aiogram_dialog import Dialog, ShowMode
from aiogram_dialog.manager.updater import Updater
from dishka import AsyncContainer
from sqlalchemy import text

from dialogs.home import open_root
from dialogs.registry import all_dialogs
from okno.ioc import create_container
from okno.kit.db import Engine
from okno.kit.nursery import Nursery
from okno.kit.redis import Redis
from okno.kit.settings import Settings
from sandbox.telegram import Emulator, EmulatorSession
from sandbox.telegram.core.calls import Call
from tests.support.person import Person
from tests.support.timing import NO_WAITING, VirtualTime
from tests.support.wait import until
from tgbot.answers import Rhythm
from tgbot.client.pace import PaceMiddleware
from tgbot.dispatcher import create_dispatcher
from tgbot.ioc import BotProvider
from tgbot.update_queues import UpdateQueues


class Stage:
    """One bot process and its Telegram; `restart` replaces the process, Telegram stays."""

    def __init__(
        self, settings: Settings, emulator: Emulator, dialogs: Callable[[], Sequence[Dialog]]
    ) -> None:
        self.settings = settings
        self.dialogs = dialogs
        self.rhythm: Rhythm = NO_WAITING
        self.emulator = emulator
        self.is_changed = False
        """Set by a test that changes the process in a way that the next test must not see."""
        self.container: AsyncContainer
        self.bot: Bot
        self.dispatcher: Dispatcher
        self._nursery: Nursery
        self._queues: UpdateQueues
        self._expected: list[int] = []
        self._settings = settings

    async def start(self) -> None:
        session, time = EmulatorSession(self.emulator), VirtualTime()
        pace = PaceMiddleware(time.now, time.sleep)
        self.container = create_container(self.settings, BotProvider(session, pace))
        self.bot = await self.container.get(Bot)
        self.dispatcher = await create_dispatcher(self.container, self.dialogs(), self.rhythm)
        await self.dispatcher.emit_startup(bot=self.bot)
        self._nursery = Nursery()
        self._queues = UpdateQueues(self.bot, self.dispatcher, self._nursery)

    async def stop(self) -> None:
        await self._nursery.close()
        await (await self.container.get(Nursery)).close()
        await _windows_done()
        await self.dispatcher.emit_shutdown(bot=self.bot)
        await self.container.close()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def renew(self) -> None:
        """Forget the test that ends; replace the process where the test has left its mark."""
        self._expected.clear()
        if await self._is_marked():
            self.settings, self.rhythm, self.is_changed = self._settings, NO_WAITING, False
            await self.restart()
        self.emulator.reset()
        self.emulator.clear_faults()
        self.emulator.clear_calls()

    async def _is_marked(self) -> bool:
        is_other = self.rhythm is not NO_WAITING or self.settings is not self._settings
        running = len(self._nursery) + len(await self.container.get(Nursery))
        return self.is_changed or is_other or running > 0 or bool(_left_by_library())

    def person(self, first_name: str = "Anna", language_code: str | None = "en") -> Person:
        """Create a new user of Telegram who has not met the bot."""
        user = self.emulator.create_user(first_name, language_code=language_code)
        return Person(self, user.id)

    async def settle(self) -> None:
        """Deliver the waiting updates, and those that come of them, until all are handled."""
        while updates := self.emulator.take_updates():
            await self.deliver(*updates)

    async def answered(self) -> None:
        """Wait until the answers that were begun are written, and whatever else runs is done."""
        running = await self.container.get(Nursery)
        await until(lambda: len(running) == 0, "the end of the answers")

    async def deliver(self, *updates: dict[str, Any]) -> None:
        """Deliver exactly these updates, all at once."""
        done = [
            await self._queues.submit(Update.model_validate(update, context={"bot": self.bot}))
            for update in updates
        ]
        await asyncio.gather(*done)

    async def open_window(
        self, user_id: int, state: State, data: dict[str, str | int] | None = None
    ) -> None:
        """Open a window from the background, as a worker does; `data`: what it starts with."""
        background = self.dispatcher["windows"].bg(self.bot, user_id, user_id)
        async with background.fg() as manager:
            await open_root(manager, state, data)

    async def open_again(self, user_id: int) -> None:
        """Redraw the open window from the background."""
        background = self.dispatcher["windows"].bg(self.bot, user_id, user_id)
        async with background.fg() as manager:
            await manager.show(ShowMode.SEND)

    async def scalar(self, query: str) -> Any:
        """Ask PostgreSQL for one value."""
        engine = await self.container.get(Engine)
        async with engine.connect() as connection:
            return await connection.scalar(text(query))

    async def execute(self, statement: str) -> None:
        """Change what PostgreSQL holds."""
        engine = await self.container.get(Engine)
        async with engine.begin() as connection:
            await connection.execute(text(statement))

    async def redis(self) -> Redis:
        return await self.container.get(Redis)

    async def flush_redis(self) -> None:
        """Lose everything that Redis holds."""
        await (await self.redis()).flushdb()

    def expect_refusals(self, *statuses: int) -> None:
        """Allow error replies of these statuses in this test."""
        self._expected.extend(statuses)

    def expect_clean(self) -> None:
        """Fail on what a clean bot never does."""
        calls = self.emulator.calls()
        assert not [call for call in calls if call.unknown], "fields that Telegram does not know"
        assert not [call for call in calls if not call.implemented], "methods not emulated"
        refused = [call for call in calls if call.status != 200 and not self._is_expected(call)]
        assert not refused, refused
        assert not self.emulator.unanswered(), "a button keeps spinning"

    def _is_expected(self, call: Call) -> bool:
        return call.status in self._expected


async def _windows_done() -> None:
    """Wait for the updates that aiogram-dialog leaves to themselves when a window can't be sent."""
    await asyncio.gather(*_left_by_library(), return_exceptions=True)


def _left_by_library() -> list[asyncio.Task[Any]]:
    return [task for task in asyncio.all_tasks() if is_left_by_library(task)]


def is_left_by_library(task: asyncio.Task[Any]) -> bool:
    """Tell whether aiogram-dialog handles a background update in the task."""
    return getattr(task.get_coro(), "__qualname__", "").startswith(Updater.__name__)


@asynccontextmanager
async def open_stage(
    settings: Settings,
    emulator: Emulator,
    dialogs: Callable[[], Sequence[Dialog]] = all_dialogs,
) -> AsyncIterator[Stage]:
    """Run a bot; `dialogs` makes others than those of the product, as after a new release."""
    stage = Stage(settings, emulator, dialogs)
    await stage.start()
    try:
        yield stage
    finally:
        await stage.stop()
