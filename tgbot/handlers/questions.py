"""Takes a text in a private chat for a question, unless the open window waits for a text.

This router stands before the dialogs: an open one would take the text and only redraw itself.
"""

import re
from collections.abc import Awaitable, Callable, Iterable

from aiogram import Router
from aiogram.types import Message
from aiogram_dialog import Dialog, DialogManager
from dishka import FromDishka
from dishka.integrations.aiogram import inject

from dialogs.chat.asking import ask
from dialogs.kit.aiogram_dialog_internals import open_state, states_with_input
from okno.assistant.service import QuestionsService

_COMMAND = re.compile(r"/\w+(@\w+)?(\s|$)", re.ASCII)


def router(dialogs: Iterable[Dialog]) -> Router:
    """Make the router; `dialogs`: all that are registered."""
    questions = Router(name="questions")
    questions.message.register(take_question, is_question, _no_window_waits(dialogs))
    return questions


async def is_question(message: Message) -> bool:
    return message.text is not None and not looks_like_command(message.text)


def looks_like_command(text: str) -> bool:
    """Tell whether Telegram shows the beginning of the text as a command, known or not."""
    return _COMMAND.match(text) is not None


@inject
async def take_question(
    message: Message, dialog_manager: DialogManager, questions: FromDishka[QuestionsService]
) -> None:
    """Begin the answer and return; it is shown while it grows."""
    await ask(dialog_manager, questions, message.text or "")


def _no_window_waits(dialogs: Iterable[Dialog]) -> Callable[..., Awaitable[bool]]:
    waiting = states_with_input(dialogs)

    async def no_window_waits(_message: Message, **data: object) -> bool:
        return open_state(data) not in waiting

    return no_window_waits
