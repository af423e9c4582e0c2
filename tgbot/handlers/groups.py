"""In a group the bot only points to its private chat, and only when it is spoken to."""

from aiogram import Bot, F, Router
from aiogram.enums import ChatType, MessageEntityType
from aiogram.filters import Command
from aiogram.types import Message
from aiogram_i18n import I18nContext

from tgbot.handlers.commands import COMMANDS


def router() -> Router:
    groups = Router(name="groups")
    groups.message.filter(F.chat.type != ChatType.PRIVATE)
    groups.message.register(point_to_private, Command(*COMMANDS))
    groups.message.register(point_to_private, _is_spoken_to)
    groups.message.register(stay_silent)
    return groups


async def point_to_private(message: Message, bot: Bot, i18n: I18nContext) -> None:
    me = await bot.me()
    await message.answer(i18n.get("private-only", bot=me.username))


async def stay_silent(_message: Message) -> None:
    """Keep the messages of a group away from the windows."""


async def _is_spoken_to(message: Message, bot: Bot) -> bool:
    """Tell whether the message replies to the bot or mentions it."""
    replied_to = message.reply_to_message
    if replied_to is not None and replied_to.from_user is not None:
        return replied_to.from_user.id == bot.id
    text = message.text or message.caption or ""
    name = f"@{(await bot.me()).username}".casefold()
    return any(
        entity.type == MessageEntityType.MENTION and entity.extract_from(text).casefold() == name
        for entity in message.entities or message.caption_entities or ()
    )
