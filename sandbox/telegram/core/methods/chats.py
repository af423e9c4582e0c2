"""Methods about chats and their members."""

from typing import Final

from aiogram.methods import (
    GetChat,
    GetChatAdministrators,
    GetChatMember,
    GetChatMemberCount,
    LeaveChat,
)

from sandbox.telegram.core.handlers import handles
from sandbox.telegram.core.members import (
    add_my_chat_member,
    find_member,
    left,
    member,
    owner,
)
from sandbox.telegram.core.replies import shallow
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import bad_request, forbidden
from sandbox.telegram.shapes import Wire

_GIFTS: Final = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


@handles(GetChat)
def get_chat(world: World, call: GetChat) -> Wire:
    chat = world.chats.find(call.chat_id)
    full = chat.wire() | {
        "accent_color_id": 0,
        "max_reaction_count": 1,
        "accepted_gift_types": dict.fromkeys(_GIFTS, False),
    }
    if "username" in full:
        full["active_usernames"] = [full["username"]]
    pinned = chat.history.get(chat.pinned_ids[-1]) if chat.pinned_ids else None
    return full | ({"pinned_message": shallow(pinned)} if pinned else {})


@handles(GetChatMember)
def get_chat_member(world: World, call: GetChatMember) -> Wire:
    return find_member(world, world.chats.find(call.chat_id), call.user_id)


@handles(GetChatMemberCount)
def get_chat_member_count(world: World, call: GetChatMemberCount) -> int:
    chat = world.chats.find(call.chat_id)
    return 2 if chat.is_private else len(chat.member_ids) + (not chat.bot_left)


@handles(GetChatAdministrators)
def get_chat_administrators(world: World, call: GetChatAdministrators) -> list[Wire]:
    """Return the owner, the first member of a group. There are no other administrators."""
    chat = world.chats.find(call.chat_id)
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    return [owner(world.chats.user(user_id).wire()) for user_id in chat.member_ids[:1]]


@handles(LeaveChat)
def leave_chat(world: World, call: LeaveChat) -> bool:
    chat = world.chats.find(call.chat_id)
    if chat.is_private:
        raise bad_request("chat not found")
    if chat.bot_left:
        raise forbidden("bot is not a member of the supergroup chat")
    chat.bot_left = True
    bot = world.bot.wire()
    add_my_chat_member(world, chat, bot, member(bot), left(bot))
    return True
