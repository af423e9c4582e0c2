"""Sends a whole answer, which has to arrive: its parts as messages, the last one as the window."""

from contextlib import AbstractAsyncContextManager

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram_dialog import DialogManager
from aiogram_dialog.api.protocols import BgManagerFactory
from dishka import AsyncContainer
from dishka.integrations.aiogram import CONTAINER_NAME

from dialogs.chat.failures import left_text
from dialogs.chat.getters import CHAT_VIEW
from dialogs.chat.states import Chat
from dialogs.home import open_root
from dialogs.kit.account import account_of
from dialogs.kit.markdown import Part, render
from dialogs.kit.middleware_data import i18n_of
from okno.assistant.dto import ChatView, Message
from okno.assistant.service import ConversationsService
from okno.kit.timeouts import ANSWER_WINDOW_SECONDS
from tgbot.answers.rhythm import Rhythm
from tgbot.background import user_locked
from tgbot.client.frames import NO_PREVIEW
from tgbot.retry import wait_before_sending_again

log = structlog.get_logger(__name__)


class AnswerSender:
    """Sends to one chat. Every step is repeated by itself, so that no message comes twice.

    Raises the error of the last attempt, `TelegramForbiddenError` at once.
    """

    def __init__(
        self,
        bot: Bot,
        chat_id: int,
        windows: BgManagerFactory,
        rhythm: Rhythm,
    ) -> None:
        self._bot = bot
        self._chat_id = chat_id
        self._windows = windows
        self._with_retries = rhythm.retry.on(wait_before_sending_again)

    async def send_answer(self, answer: Message) -> None:
        *parts, last = render(answer.text) or (Part("", ()),)
        for part in parts:
            await self._with_retries(self._send, part)
        await self._with_retries(self._finish, answer, last)

    async def send_failure(self, question_id: int, code: str | None) -> None:
        """Say that there is no answer; `code`: the code of the error, None without one."""
        await self._with_retries(self._finish_without, question_id, code)

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
            view = await _view(manager)
            if _is_current(view, answer):
                manager.middleware_data[CHAT_VIEW] = view
                await open_root(manager, Chat.main)
            elif last.text:
                await self._send(last)

    async def _finish_without(self, question_id: int, code: str | None) -> None:
        """Open the window that offers to try again.

        When the user has gone on meanwhile, a message says why there is no answer.
        """
        async with self._user_locked() as manager:
            view = await _view(manager)
            if view is None:
                return
            if view.question is not None and view.question.id == question_id:
                manager.middleware_data[CHAT_VIEW] = view
                await open_root(manager, Chat.main)
            else:
                i18n = i18n_of(manager)
                await self._bot.send_message(self._chat_id, left_text(i18n, code))

    def _user_locked(self) -> AbstractAsyncContextManager[DialogManager]:
        return user_locked(self._windows, self._bot, self._chat_id, ANSWER_WINDOW_SECONDS)


async def _view(manager: DialogManager) -> ChatView | None:
    """Read the current conversation; None when the account was deleted meanwhile."""
    if manager.middleware_data["account"] is None:
        return None
    container: AsyncContainer = manager.middleware_data[CONTAINER_NAME]
    conversations = await container.get(ConversationsService)
    return await conversations.view(account_of(manager).actor)


def _is_current(view: ChatView | None, answer: Message) -> bool:
    if view is None or view.is_running or view.answer is None:
        return False
    return view.answer.id == answer.id
