"""The commands: each opens a window as the only one."""

from collections.abc import Awaitable, Callable

import structlog
from aiogram import Bot, Router
from aiogram.exceptions import ClientDecodeError, TelegramAPIError
from aiogram.filters import Command, CommandStart
from aiogram.fsm.state import State
from aiogram.types import BotCommand, Message
from aiogram_dialog import DialogManager
from aiogram_i18n.cores import BaseCore

from dialogs.home import open_root
from dialogs.states import Help, Menu, Settings
from okno.accounts.dto import Language

log = structlog.get_logger(__name__)

DESCRIPTIONS = {
    "start": "command-start",
    "menu": "command-menu",
    "settings": "command-settings",
    "help": "command-help",
}


def router() -> Router:
    commands = Router(name="commands")
    commands.message.register(_opens(Menu.main), CommandStart())
    commands.message.register(_opens(Menu.main), Command("menu"))
    commands.message.register(_opens(Settings.main), Command("settings"))
    commands.message.register(_opens(Help.main), Command("help"))
    return commands


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
