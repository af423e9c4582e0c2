"""The commands that everybody has. Most of them open a window in place of all others."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NamedTuple

import structlog
from aiogram import Bot, Router
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.filters import Command
from aiogram.fsm.state import State
from aiogram.types import BotCommand, Message
from aiogram_dialog import DialogManager
from aiogram_i18n.cores import BaseCore
from dishka import FromDishka
from dishka.integrations.aiogram import inject

from dialogs.balance.states import Balance
from dialogs.chat.states import Chat
from dialogs.help.states import Help
from dialogs.history.states import History
from dialogs.home import open_root
from dialogs.menu.states import Menu
from dialogs.models.states import Models
from dialogs.personas.states import Personas
from dialogs.settings.states import Settings
from okno.accounts.dto import Account, Language
from okno.assistant.errors import AnswerInProgress
from okno.assistant.service import ChoicesService

log = structlog.get_logger(__name__)


class KnownCommand(NamedTuple):
    """`description`: a key of the locales; `opens`: the state of a window, unless it does more."""

    description: str
    opens: State | None = None


COMMANDS = {
    "new": KnownCommand("command-new"),
    "history": KnownCommand("command-history", History.conversations),
    "balance": KnownCommand("command-balance", Balance.main),
    "model": KnownCommand("command-model", Models.main),
    "persona": KnownCommand("command-persona", Personas.main),
    "menu": KnownCommand("command-menu", Menu.main),
    "settings": KnownCommand("command-settings", Settings.main),
    "help": KnownCommand("command-help", Help.main),
    "paysupport": KnownCommand("command-paysupport"),
    "terms": KnownCommand("command-terms"),
    "start": KnownCommand("command-start", Menu.main),
}
"""The commands that everybody has, in the order of Telegram's menu."""


def router() -> Router:
    commands = Router(name="commands")
    commands.message.register(begin_anew, Command("new"))
    for name, command in COMMANDS.items():
        if command.opens is not None:
            commands.message.register(_opens(command.opens), Command(name))
    return commands


@inject
async def begin_anew(
    _message: Message,
    dialog_manager: DialogManager,
    account: Account,
    choices: FromDishka[ChoicesService],
) -> None:
    """Begin a conversation. While an answer is being written, the window of that answer opens."""
    with suppress(AnswerInProgress):
        await choices.new(account.actor)
    await open_root(dialog_manager, Chat.main)


async def publish_commands(bot: Bot, texts: BaseCore[object]) -> None:
    """Publish the commands in every language; users with other languages see English.

    After a failure the commands of the last start remain, and the bot starts all the same.
    """
    try:
        await _publish(bot, texts)
    except (TelegramAPIError, ClientDecodeError) as error:
        log.warning("commands not published", error=str(error))


async def _publish(bot: Bot, texts: BaseCore[object]) -> None:
    for language in Language:
        commands = [
            BotCommand(command=name, description=texts.get(command.description, language))
            for name, command in COMMANDS.items()
        ]
        code = None if language is Language.EN else language.value
        await bot.set_my_commands(commands, language_code=code)


def _opens(state: State) -> Callable[[Message, DialogManager], Awaitable[None]]:
    async def open_window(_message: Message, dialog_manager: DialogManager) -> None:
        await open_root(dialog_manager, state)

    return open_window
