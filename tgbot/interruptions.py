"""Tells users that their answer ended with its process; most of them can try again."""

import asyncio
from collections.abc import Sequence

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramForbiddenError
from aiogram_dialog.api.protocols import BgManagerFactory

from okno.accounts.service import AccountsService
from okno.assistant.dto import ChatView, Interrupted, Origin
from okno.assistant.errors import AnswerInterrupted
from okno.assistant.service import AbandonedGenerations, ConversationsService
from okno.kit.actor import SYSTEM
from okno.kit.timeouts import INTERRUPTION_SECONDS
from okno.kit.wakeups import Wakeups
from tgbot.answers import Rhythm
from tgbot.answers.answer_sender import AnswerSender
from tgbot.watcher import Watcher

log = structlog.get_logger(__name__)

INTERVAL_SECONDS = 10.0
"""Between two looks: nobody sends a wake-up when a process dies."""


class InterruptionWatcher(Watcher[Interrupted]):
    """Ends the answers that a dead process has left, and tells their users."""

    name = "interruptions"
    channel = "okno:interruptions"

    def __init__(
        self,
        accounts: AccountsService,
        abandoned: AbandonedGenerations,
        conversations: ConversationsService,
        wakeups: Wakeups,
        bot: Bot,
        windows: BgManagerFactory,
        interval: float = INTERVAL_SECONDS,
    ) -> None:
        super().__init__(wakeups, interval)
        self._accounts = accounts
        self._abandoned = abandoned
        self._conversations = conversations
        self._bot = bot
        self._windows = windows

    async def find(self) -> Sequence[Interrupted]:
        return await self._abandoned.end_all(SYSTEM, Origin.TELEGRAM)

    async def handle(self, item: Interrupted) -> None:
        """Tell the user, in a bounded time: the other users wait."""
        try:
            async with asyncio.timeout(INTERRUPTION_SECONDS):
                await self._tell(item)
        except TelegramForbiddenError:
            log.info("user can't be reached")

    def log_fields(self, item: Interrupted) -> dict[str, str | int]:
        return {"user_id": item.user_id}

    async def _tell(self, interrupted: Interrupted) -> None:
        account = await self._accounts.get(SYSTEM, interrupted.user_id)
        if account is None or account.telegram_id is None:
            return
        view = await self._conversations.view(account.actor)
        if _has_gone_on(view, interrupted):
            return
        sender = AnswerSender(self._bot, account.telegram_id, self._windows, Rhythm())
        if view.answer is None:
            await sender.send_failure(interrupted.question_id, AnswerInterrupted.code)
        else:
            await sender.send_answer(view.answer)
        log.info("user told of an interruption")


def _has_gone_on(view: ChatView, interrupted: Interrupted) -> bool:
    """Tell whether the user has asked again or has left the conversation."""
    is_same = view.question is not None and view.question.id == interrupted.question_id
    return view.is_running or not is_same
