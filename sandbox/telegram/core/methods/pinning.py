"""Methods that pin messages. In a private chat, pinning adds a service message."""

from aiogram.methods import PinChatMessage, UnpinAllChatMessages, UnpinChatMessage

from sandbox.telegram.core.chats import Chat
from sandbox.telegram.core.handlers import handles
from sandbox.telegram.core.posting import post
from sandbox.telegram.core.replies import shallow
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import bad_request


@handles(PinChatMessage)
def pin_chat_message(world: World, call: PinChatMessage) -> bool:
    chat = _chat_with_rights(world, call.chat_id)
    message = chat.history.get(call.message_id)
    if message is None:
        raise bad_request("message to pin not found")
    if call.message_id in chat.pinned_ids:
        return True
    chat.pinned_ids.append(call.message_id)
    notice = post(world, chat, world.bot.wire(), {"pinned_message": shallow(message)})
    world.updates.add("message", notice, chat_id=chat.id)
    return True


@handles(UnpinChatMessage)
def unpin_chat_message(world: World, call: UnpinChatMessage) -> bool:
    """Unpin a message; without an id, the one that was pinned last."""
    chat = _chat_with_rights(world, call.chat_id)
    message_id = call.message_id or (chat.pinned_ids[-1] if chat.pinned_ids else None)
    if message_id not in chat.pinned_ids:
        raise bad_request("message to unpin not found")
    chat.pinned_ids.remove(message_id)
    return True


@handles(UnpinAllChatMessages)
def unpin_all_chat_messages(world: World, call: UnpinAllChatMessages) -> bool:
    _chat_with_rights(world, call.chat_id).pinned_ids.clear()
    return True


def _chat_with_rights(world: World, chat_id: int | str) -> Chat:
    """Raises ApiError for a group: only administrators may pin there, and the bot is none."""
    chat = world.chats.writable(chat_id)
    if not chat.is_private:
        raise bad_request("not enough rights to manage pinned messages in the chat")
    return chat
