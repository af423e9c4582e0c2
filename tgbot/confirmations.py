"""Shows the owner of a Telegram account the confirmations that are asked for over HTTP.

Every window has a stack of its own. So it takes the place of no other window and keeps its own,
whatever is opened, answered or asked meanwhile.
"""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram_dialog import ShowMode
from aiogram_dialog.api.protocols import BgManagerFactory
from stamina import AsyncRetryingCaller

from dialogs.confirmation.states import Confirmation as ConfirmationStates
from dialogs.kit.aiogram_dialog_internals import new_window_id
from okno.accounts.dto import Confirmation
from okno.accounts.service import ConfirmationsService
from okno.accounts.service.confirmations import CHANNEL
from okno.kit.actor import SYSTEM
from okno.kit.nursery import Nursery
from okno.kit.timeouts import CONFIRMATION_WINDOW_SECONDS, CONFIRMATIONS_SHOW_SECONDS
from okno.kit.wakeups import Wakeups
from tgbot.background import user_locked
from tgbot.retry import TRANSIENT_ERRORS, wait_before_sending_again
from tgbot.watcher import Watcher

log = structlog.get_logger(__name__)

INTERVAL_SECONDS = 5.0
"""Between two looks without a wake-up."""


class TelegramConfirmations:
    """Implements `dialogs.confirmation.port.ConfirmationWindows`."""

    def __init__(
        self, windows: BgManagerFactory, nursery: Nursery, retry: AsyncRetryingCaller
    ) -> None:
        self._windows = windows
        self._nursery = nursery
        self._with_retries = retry.on(wait_before_sending_again)

    def show(self, bot: Bot, telegram_id: int, confirmation_id: UUID) -> None:
        work = self._open_again(bot, telegram_id, confirmation_id)
        self._nursery.start(work, name=f"showing {confirmation_id}")

    async def open(self, bot: Bot, telegram_id: int, confirmation_id: UUID) -> None:
        """Send the window. Raises the errors of Telegram, of `user_locked`, and of Redis."""
        place = user_locked(
            self._windows, bot, telegram_id, CONFIRMATION_WINDOW_SECONDS, stack_id=new_window_id()
        )
        async with place as manager:
            if manager.middleware_data["account"] is not None:  # it was not deleted meanwhile
                await manager.start(
                    ConfirmationStates.main,
                    data={"id": confirmation_id.hex},
                    show_mode=ShowMode.SEND,
                )

    async def _open_again(self, bot: Bot, telegram_id: int, confirmation_id: UUID) -> None:
        try:
            await self._with_retries(self.open, bot, telegram_id, confirmation_id)
        except TRANSIENT_ERRORS as error:
            log.warning("confirmation not shown", reason=repr(error))


class ConfirmationWatcher(Watcher[Confirmation]):
    """Shows what nobody has shown yet; several processes share the work."""

    name = "confirmations"
    channel = CHANNEL

    def __init__(
        self,
        confirmations: ConfirmationsService,
        wakeups: Wakeups,
        bot: Bot,
        windows: TelegramConfirmations,
        interval: float = INTERVAL_SECONDS,
    ) -> None:
        super().__init__(wakeups, interval)
        self._confirmations = confirmations
        self._bot = bot
        self._windows = windows

    async def look(self) -> None:
        """End before the claim of this process does: then another one may show what is left."""
        async with asyncio.timeout(CONFIRMATIONS_SHOW_SECONDS):
            await super().look()

    async def find(self) -> Sequence[Confirmation]:
        return await self._confirmations.claim_unshown(SYSTEM)

    async def handle(self, item: Confirmation) -> None:
        """Show it, or find out that its user can't be reached; in both cases it is done with."""
        try:
            await self._show(item)
        except TRANSIENT_ERRORS as error:
            log.warning("confirmation not shown yet", reason=repr(error))

    def log_fields(self, item: Confirmation) -> dict[str, str | int]:
        return {"confirmation": str(item.id)}

    async def _show(self, confirmation: Confirmation) -> None:
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
