"""Shows to the owner of a Telegram account what somebody asks for in his name over HTTP.

Every window stands in a stack of its own: it takes no other's place, and none takes its, whatever
is opened, answered or asked meanwhile.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from uuid import UUID

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram_dialog import ShowMode
from aiogram_dialog.api.protocols import BgManagerFactory
from structlog.contextvars import bound_contextvars

from dialogs.kit.aiogram_dialog_internals import new_window_id
from dialogs.states import Confirmation as ConfirmationStates
from okno.accounts.dto import Confirmation
from okno.accounts.service import ConfirmationsService
from okno.accounts.service.confirmations import CHANNEL
from okno.kit.actor import SYSTEM
from okno.kit.nursery import Nursery
from okno.kit.timeouts import CONFIRMATION_WINDOW_SECONDS, CONFIRMATIONS_SHOW_SECONDS
from okno.kit.wakeups import Wakeups
from tgbot.background import user_locked
from tgbot.insist import PASSING, insist

log = structlog.get_logger(__name__)

INTERVAL = 5.0
"""Seconds between two looks when nobody wakes us."""
AT_ONCE = 5
"""Windows that are opened at the same time."""


class TelegramConfirmations:
    """Implements `dialogs.confirmation.port.ConfirmationWindows`."""

    def __init__(
        self, windows: BgManagerFactory, nursery: Nursery, pauses: Sequence[float]
    ) -> None:
        """`pauses`: seconds between the attempts to show what its user has just asked to see."""
        self._windows = windows
        self._nursery = nursery
        self._pauses = pauses

    def show(self, bot: Bot, telegram_id: int, confirmation_id: UUID) -> None:
        work = self._insist(bot, telegram_id, confirmation_id)
        self._nursery.start(work, name=f"showing {confirmation_id}")

    async def open(self, bot: Bot, telegram_id: int, confirmation_id: UUID) -> None:
        """Send the window. Raises what Telegram answers, and what keeps us from the windows."""
        place = user_locked(
            self._windows, bot, telegram_id, CONFIRMATION_WINDOW_SECONDS, stack_id=new_window_id()
        )
        async with place as manager:
            if manager.middleware_data["account"] is not None:  # else it was deleted meanwhile
                await manager.start(
                    ConfirmationStates.main,
                    data={"id": confirmation_id.hex},
                    show_mode=ShowMode.SEND,
                )

    async def _insist(self, bot: Bot, telegram_id: int, confirmation_id: UUID) -> None:
        try:
            await insist(partial(self.open, bot, telegram_id, confirmation_id), self._pauses)
        except PASSING as error:
            log.warning("confirmation not shown", reason=repr(error))


class Confirmations:
    """Looks for what nobody has shown yet; several processes share the work."""

    def __init__(
        self,
        confirmations: ConfirmationsService,
        wakeups: Wakeups,
        bot: Bot,
        windows: TelegramConfirmations,
    ) -> None:
        self._confirmations = confirmations
        self._wakeups = wakeups
        self._bot = bot
        self._windows = windows

    @asynccontextmanager
    async def watched(self, nursery: Nursery) -> AsyncIterator[None]:
        """Look until the block ends; what is being shown then is left to the nursery."""
        over = asyncio.Event()
        nursery.start(self._watch(over), name="watch for confirmations")
        try:
            yield
        finally:
            over.set()
            await self._wakeups.publish(CHANNEL)  # let the watch see it at once

    async def show_all(self) -> None:
        """Show what was found. What fails for one is logged, and found again by somebody."""
        found = await self._confirmations.claim_unshown(SYSTEM)
        room = asyncio.Semaphore(AT_ONCE)
        async with asyncio.timeout(CONFIRMATIONS_SHOW_SECONDS), asyncio.TaskGroup() as group:
            for confirmation in found:
                group.create_task(self._show_in_turn(confirmation, room))

    async def _watch(self, over: asyncio.Event) -> None:
        async with self._wakeups.listening(CHANNEL, interval=INTERVAL) as turns:
            async for _ in turns:
                if over.is_set():
                    return
                try:
                    await self.show_all()
                except Exception:
                    log.exception("confirmations not looked for")

    async def _show_in_turn(self, confirmation: Confirmation, room: asyncio.Semaphore) -> None:
        async with room:
            with bound_contextvars(confirmation=str(confirmation.id)):
                try:
                    await self._show(confirmation)
                except PASSING as error:
                    log.warning("confirmation not shown yet", reason=repr(error))
                except Exception:
                    log.exception("confirmation not shown")

    async def _show(self, confirmation: Confirmation) -> None:
        """Show it, or find out that its user can't be reached: both are done with."""
        if confirmation.telegram_id is None:
            return
        try:
            await self._windows.open(self._bot, confirmation.telegram_id, confirmation.id)
            log.info("confirmation shown")
        except TelegramForbiddenError:
            log.info("user can't be reached")
        except TelegramBadRequest as error:
            log.warning("confirmation refused by Telegram", reason=error.message)
        await self._confirmations.mark_shown(SYSTEM, confirmation.id)
