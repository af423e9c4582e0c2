"""The commands: each opens a window as the only one."""

from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from aiogram import Bot, Router
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.filters import Command, CommandStart
from aiogram.fsm.state import State
from aiogram.types import BotCommand, Message
from aiogram_dialog import DialogManager
from aiogram_i18n.cores import BaseCore
from dishka import FromDishka
from dishka.integrations.aiogram import inject

from dialogs.home import open_root
from dialogs.states import Balance, Chat, Help, History, Menu, Models, Personas, Settings
from okno.accounts.dto import Account, Language
from okno.assistant.errors import AnswerInProgress
from okno.assistant.service import ConversationsService

log = structlog.get_logger(__name__)

DESCRIPTIONS = {
    "new": "command-new",
    "history": "command-history",
    "balance": "command-balance",
    "model": "command-model",
    "persona": "command-persona",
    "menu": "command-menu",
    "settings": "command-settings",
    "help": "command-help",
    "paysupport": "command-paysupport",
    "terms": "command-terms",
    "start": "command-start",
}

WINDOWS = {
    "menu": Menu.main,
    "history": History.conversations,
    "balance": Balance.main,
    "model": Models.main,
    "persona": Personas.main,
    "settings": Settings.main,
    "help": Help.main,
}


def router() -> Router:
    commands = Router(name="commands")
    commands.message.register(_opens(Menu.main), CommandStart())
    commands.message.register(begin_anew, Command("new"))
    for name, state in WINDOWS.items():
        commands.message.register(_opens(state), Command(name))
    return commands


@inject
async def begin_anew(
    _message: Message,
    dialog_manager: DialogManager,
    account: Account,
    conversations: FromDishka[ConversationsService],
) -> None:
    """Open a new conversation; while an answer is being written, its window says so."""
    with suppress(AnswerInProgress):
        await conversations.new(account.actor)
    await open_root(dialog_manager, Chat.main)


async def publish_commands(bot: Bot, texts: BaseCore[object]) -> None:
    """Tell Telegram the commands in every language; English for all other languages.

    A failure leaves the commands of the last start, and is no reason not to start.
    """
    try:
        await _publish(bot, texts)
    except (TelegramAPIError, ClientDecodeError) as error:
        log.warning("commands not published", error=str(error))


async def _publish(bot: Bot, texts: BaseCore[object]) -> None:
    for language in Language:
        commands = [
            BotCommand(command=name, description=texts.get(key, language))
            for name, key in DESCRIPTIONS.items()
        ]
        code = None if language is Language.EN else language.value
        await bot.set_my_commands(commands, language_code=code)


def _opens(state: State) -> Callable[[Message, DialogManager], Awaitable[None]]:
    async def open_window(_message: Message, dialog_manager: DialogManager) -> None:
        await open_root(dialog_manager, state)

    return open_window
