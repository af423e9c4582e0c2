"""Tells users whose answer ended with a process how it ended: most of them can try again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramForbiddenError
from aiogram_dialog.api.protocols import BgManagerFactory

from okno.accounts.service import AccountsService
from okno.assistant.dto import ChatView, Interrupted, Origin
from okno.assistant.errors import AnswerInterrupted
from okno.assistant.service import AnsweringService, ConversationsService
from okno.kit.actor import SYSTEM
from okno.kit.nursery import Nursery
from okno.kit.timeouts import INTERRUPTION_SECONDS
from tgbot.answers import Rhythm
from tgbot.answers.delivery import Delivery

log = structlog.get_logger(__name__)

PAUSE = 10.0
"""Seconds between two looks."""
AT_ONCE = 5
"""Users who are told at the same time."""


class Interruptions:
    """Looks for answers that a dead process has left, at the start and then again and again."""

    def __init__(
        self,
        accounts: AccountsService,
        answering: AnsweringService,
        conversations: ConversationsService,
        bot: Bot,
        windows: BgManagerFactory,
    ) -> None:
        self._accounts = accounts
        self._answering = answering
        self._conversations = conversations
        self._bot = bot
        self._windows = windows

    @asynccontextmanager
    async def watched(self, nursery: Nursery) -> AsyncIterator[None]:
        """Look until the block ends; what is being told then is left to the nursery."""
        over = asyncio.Event()
        nursery.start(self._watch(over), name="watch for interruptions")
        try:
            yield
        finally:
            over.set()

    async def tell_all(self) -> None:
        """End what was left and tell its users. What fails for one is logged."""
        found = await self._answering.end_abandoned(SYSTEM, Origin.TELEGRAM)
        room = asyncio.Semaphore(AT_ONCE)
        async with asyncio.TaskGroup() as group:
            for interrupted in found:
                group.create_task(self._tell_in_turn(interrupted, room))

    async def _watch(self, over: asyncio.Event) -> None:
        while not over.is_set():
            try:
                await self.tell_all()
            except Exception:
                log.exception("interruptions not looked for")
            try:
                async with asyncio.timeout(PAUSE):
                    await over.wait()
            except TimeoutError:
                continue

    async def _tell_in_turn(self, interrupted: Interrupted, room: asyncio.Semaphore) -> None:
        user_id = interrupted.user_id
        async with room:
            try:
                async with asyncio.timeout(INTERRUPTION_SECONDS):
                    await self._tell(interrupted)
            except TelegramForbiddenError:
                log.info("user can't be reached", user_id=user_id)
            except Exception:
                log.exception("user not told of an interruption", user_id=user_id)

    async def _tell(self, interrupted: Interrupted) -> None:
        account = await self._accounts.get(SYSTEM, interrupted.user_id)
        if account is None or account.telegram_id is None:
            return
        view = await self._conversations.view(account.actor)
        if _has_gone_on(view, interrupted):
            return
        delivery = Delivery(self._bot, account.telegram_id, self._windows, Rhythm())
        if view.answer is None:
            await delivery.send_failure(interrupted.question_id, AnswerInterrupted.code)
        else:
            await delivery.send_answer(view.answer)
        log.info("user told of an interruption", user_id=interrupted.user_id)


def _has_gone_on(view: ChatView, interrupted: Interrupted) -> bool:
    """Tell whether the user has asked again, or left the conversation: then the history tells."""
    is_same = view.question is not None and view.question.id == interrupted.question_id
    return view.is_running or not is_same
