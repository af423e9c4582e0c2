"""Any text in a private chat is a question, whatever window is open, unless one waits for a text.

Stands before the dialogs: an open one would take the text, and redraw itself without a word.
"""

import re

from aiogram import Router
from aiogram.types import Message
from aiogram_dialog import DialogManager
from aiogram_dialog.api.entities import Context
from dishka import FromDishka
from dishka.integrations.aiogram import inject

from dialogs.chat.asking import ask
from dialogs.states import History, Keys
from okno.assistant.service import AskingService

WAITING_FOR_TEXT = frozenset({History.rename, History.search, Keys.name, Keys.limit})

_COMMAND = re.compile(r"/\w+(@\w+)?(\s|$)", re.ASCII)


def router() -> Router:
    questions = Router(name="questions")
    questions.message.register(take_question, is_question, no_window_waits)
    return questions


async def is_question(message: Message) -> bool:
    return message.text is not None and not looks_like_command(message.text)


def looks_like_command(text: str) -> bool:
    """Tell whether Telegram shows the beginning as a command, known or not."""
    return _COMMAND.match(text) is not None


async def no_window_waits(_message: Message, aiogd_context: Context | None = None) -> bool:
    """`aiogd_context`: the open window, as aiogram-dialog names it."""
    return aiogd_context is None or aiogd_context.state not in WAITING_FOR_TEXT


@inject
async def take_question(
    message: Message, dialog_manager: DialogManager, asking: FromDishka[AskingService]
) -> None:
    """Let the answer begin and return; it is shown while it grows."""
    await ask(dialog_manager, asking, message.text or "")
