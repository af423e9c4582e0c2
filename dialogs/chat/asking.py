"""Begins an answer that grows: questions of messages and of buttons come here."""

from collections.abc import Awaitable
from contextlib import suppress

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram_dialog import DialogManager, ShowMode

from dialogs.chat.port import Answers
from dialogs.chat.states import Chat
from dialogs.home import open_root
from dialogs.kit.account import account_of
from dialogs.kit.clicks import remove_buttons
from dialogs.kit.middleware_data import bot_of, chat_id_of, i18n_of
from okno.assistant.dto import Generation
from okno.assistant.errors import AnswerInProgress, NothingToRetry
from okno.assistant.service import QuestionsService
from okno.kit.errors import OknoError, TemporarilyUnavailable

log = structlog.get_logger(__name__)


async def ask(manager: DialogManager, questions: QuestionsService, question: str) -> None:
    """Ask; a refusal opens a window with its reason and a way on."""
    await _begin(manager, questions.ask(account_of(manager).actor, question), question)


async def try_again(manager: DialogManager, questions: QuestionsService) -> None:
    """Ask the question that failed once more. Raises `NothingToRetry`."""
    await _begin(manager, questions.try_again(account_of(manager).actor), None)


async def _begin(
    manager: DialogManager, generation: Awaitable[Generation], question: str | None
) -> None:
    try:
        begun = await generation
    except AnswerInProgress:
        await open_root(manager, Chat.main)
    except (NothingToRetry, TemporarilyUnavailable):
        raise
    except OknoError as error:
        await _refuse(manager, error, question)
    else:
        await _start(manager, begun)


async def _refuse(manager: DialogManager, error: OknoError, question: str | None) -> None:
    data = {"code": error.code, "kind": str(error.kind)}
    values = {f"${name}": value for name, value in error.values.items()}
    asked = {} if question is None else {"question": question}
    await open_root(manager, Chat.refused, {**data, **values, **asked})


async def _start(manager: DialogManager, generation: Generation) -> None:
    """Begin the answer. The open window loses its buttons: the next window is the answer."""
    bot = bot_of(manager)
    account = account_of(manager)
    if generation.tell_context_cut:
        await _tell_context_cut(manager, bot)  # before the draft, which a message would remove
    answers: Answers = manager.middleware_data["answers"]
    answers.begin(bot, account, generation)
    await _remove_buttons(manager, bot)
    manager.show_mode = ShowMode.NO_UPDATE


async def _tell_context_cut(manager: DialogManager, bot: Bot) -> None:
    i18n = i18n_of(manager)
    with suppress(TelegramAPIError, ClientDecodeError):  # a note must not cost the answer
        await bot.send_message(chat_id_of(manager), i18n.get("context-cut"))


async def _remove_buttons(manager: DialogManager, bot: Bot) -> None:
    """Leave the open window as a plain message; a late click on it still finds its dialog."""
    stack = manager.current_stack()
    if stack.last_message_id is None:
        return
    if await remove_buttons(bot, chat_id_of(manager), stack.last_message_id):
        stack.last_message_id = None  # else the window at the end of the answer tries again
