"""The contents of a chat as its user sees it."""

from sandbox.telegram.core.chats import Chat
from sandbox.telegram.core.posting import drop_expired
from sandbox.telegram.core.views import message_view
from sandbox.telegram.core.world import World
from sandbox.telegram.shapes import Wire


def transcript(world: World, chat: Chat) -> Wire:
    drop_expired(world, chat)
    wire = chat.wire()
    return {
        "chat": {
            "id": chat.id,
            "type": wire["type"],
            "title": wire.get("title"),
            "first_name": wire.get("first_name"),
        },
        "bot": bot_view(world, chat),
        "blocked": chat.blocked,
        "commands": visible_commands(world, chat),
        "messages": [message_view(world, message) for message in chat.history],
        "reply_keyboard": chat.reply_keyboard,
        "draft": None if chat.draft is None else chat.draft.view(),
        "action": None if chat.action is None else chat.action.name,
        "stars": world.stars.of(chat.id) if chat.is_private else None,
    }


def bot_view(world: World, chat: Chat) -> Wire:
    """Return the bot's profile in the user's language."""
    bot = world.bot
    language = _language(chat)
    return {
        "id": bot.id,
        "username": bot.username,
        "first_name": bot.name.get(language),
        "description": bot.description.get(language) or None,
        "short_description": bot.short_description.get(language) or None,
    }


def visible_commands(world: World, chat: Chat) -> list[Wire]:
    """Return the commands of the menu; in a group, the commands for all members."""
    user_id = 0 if chat.user is None else chat.user.id
    return world.commands.shown_to(chat, user_id, _language(chat))


def _language(chat: Chat) -> str | None:
    return None if chat.user is None else chat.user.language_code
