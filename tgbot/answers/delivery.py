"""The end of an answer, which has to arrive: its parts as messages, the last one as the window."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramRetryAfter,
)
from aiogram_dialog import DialogManager
from aiogram_dialog.api.protocols import BgManagerFactory
from dishka.integrations.aiogram import CONTAINER_NAME

from dialogs.home import open_root
from dialogs.kit.account import account_of
from dialogs.kit.markdown import Part, render
from dialogs.states import Chat
from okno.assistant.dto import Message
from okno.assistant.service import ConversationsService
from tgbot.answers.rhythm import Rhythm
from tgbot.background import user_locked
from tgbot.client.frames import NO_PREVIEW

log = structlog.get_logger(__name__)

LONGEST_REST = 120
"""Seconds that Telegram may ask for; a longer ban is given up: the history has the answer."""
WINDOW_SECONDS = 60.0
"""For the user's lock and for sending the window: where Redis is away the lock never comes."""

_PASSING = (TelegramAPIError, ClientDecodeError, TimeoutError)


class Delivery:
    """Sends to one chat. Every step is repeated by itself, so that none is seen twice.

    Raises `TelegramForbiddenError` when the user is gone, and what Telegram answered last when it
    never took a step.
    """

    def __init__(
        self,
        bot: Bot,
        chat_id: int,
        windows: BgManagerFactory,
        rhythm: Rhythm,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bot = bot
        self._chat_id = chat_id
        self._windows = windows
        self._pauses = rhythm.pauses
        self._sleep = sleep

    async def send_answer(self, answer: Message) -> None:
        *parts, last = render(answer.text) or (Part("", ()),)
        for part in parts:
            await self._insist(partial(self._send, part))
        await self._insist(partial(self._finish, answer, last))

    async def send_window(self) -> None:
        """Show how things are, after a failure."""
        await self._insist(self._open_window)

    async def _insist(self, step: Callable[[], Awaitable[None]]) -> None:
        for pause in self._pauses:
            try:
                return await step()
            except TelegramForbiddenError:
                raise
            except TelegramRetryAfter as error:
                if error.retry_after > LONGEST_REST:
                    raise
                rest = max(pause, error.retry_after)
            except _PASSING as error:
                log.warning("end of the answer not sent yet", reason=repr(error))
                rest = pause
            await self._sleep(rest)
        return await step()

    async def _send(self, part: Part, *, is_plain: bool = False) -> None:
        try:
            await self._bot.send_message(
                self._chat_id,
                part.text,
                entities=None if is_plain else list(part.entities),
                parse_mode=None,
                link_preview_options=NO_PREVIEW,
            )
        except TelegramBadRequest as error:
            if is_plain:
                raise
            log.warning("formatting refused", reason=error.message)
            await self._send(part, is_plain=True)

    async def _finish(self, answer: Message, last: Part) -> None:
        """Open the window whose text is the last part.

        The user may have gone on meanwhile: then the window shows something else, and the part is
        an ordinary message. Under the user's lock that can't change any more.
        """
        async with self._user_locked() as manager:
            if await _is_at_hand(manager, answer):
                await open_root(manager, Chat.main)
            elif last.text:
                await self._send(last)

    async def _open_window(self) -> None:
        async with self._user_locked() as manager:
            if _is_known(manager):
                await open_root(manager, Chat.main)

    def _user_locked(self) -> AbstractAsyncContextManager[DialogManager]:
        return user_locked(self._windows, self._bot, self._chat_id, WINDOW_SECONDS)


def _is_known(manager: DialogManager) -> bool:
    """Tell whether the account was not deleted meanwhile."""
    return manager.middleware_data["account"] is not None


async def _is_at_hand(manager: DialogManager, answer: Message) -> bool:
    if not _is_known(manager):
        return False
    conversations = await manager.middleware_data[CONTAINER_NAME].get(ConversationsService)
    view = await conversations.view(account_of(manager).actor)
    return not view.is_running and view.answer is not None and view.answer.id == answer.id
