"""In a group the bot only says where it can be talked to."""

from aiogram import Bot, F, Router
from aiogram.enums import ChatType
from aiogram.filters import Command
from aiogram.types import Message
from aiogram_i18n import I18nContext


def router() -> Router:
    groups = Router(name="groups")
    groups.message.filter(F.chat.type != ChatType.PRIVATE)
    groups.message.register(point_to_private, Command("start", "menu", "settings", "help"))
    groups.message.register(stay_silent)
    return groups


async def point_to_private(message: Message, bot: Bot, i18n: I18nContext) -> None:
    me = await bot.me()
    await message.answer(i18n.get("private-only", bot=me.username))


async def stay_silent(_message: Message) -> None:
    """Keep what people say to each other from the windows."""
