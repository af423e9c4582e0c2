"""The official ChatMember objects."""

from typing import Final

from sandbox.telegram.core.chats import Chat
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import SimError, bad_request
from sandbox.telegram.shapes import Wire

_OWNER: Final = {"status": "creator", "is_anonymous": False}


def member(user: Wire) -> Wire:
    return {"user": user, "status": "member"}


def left(user: Wire) -> Wire:
    return {"user": user, "status": "left"}


def kicked(user: Wire) -> Wire:
    """Return a member who is banned for ever: that is the meaning of date 0."""
    return {"user": user, "status": "kicked", "until_date": 0}


def owner(user: Wire) -> Wire:
    return {"user": user, **_OWNER}


def find_member(world: World, chat: Chat, user_id: int) -> Wire:
    """Raises ApiError for an unknown user."""
    if user_id == world.bot.id:
        status = left if chat.bot_left else kicked if chat.blocked else member
        return status(world.bot.wire())
    try:
        user = world.chats.user(user_id).wire()
    except SimError:
        raise bad_request("member not found") from None
    if chat.is_private:
        return member(user) if user_id == chat.id else left(user)
    if user_id not in chat.member_ids:
        return left(user)
    return owner(user) if user_id == chat.member_ids[0] else member(user)


def add_my_chat_member(world: World, chat: Chat, by: Wire, old: Wire, new: Wire) -> None:
    """Queue the update about the status of the bot in a chat."""
    content = {
        "chat": chat.wire(),
        "from": by,
        "date": world.now(),
        "old_chat_member": old,
        "new_chat_member": new,
    }
    world.updates.add("my_chat_member", content, chat_id=chat.id)
