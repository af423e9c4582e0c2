"""deleteMessage and deleteMessages."""

from typing import Final

from aiogram.methods import DeleteMessage, DeleteMessages

from sandbox.telegram.core.chats import Chat
from sandbox.telegram.core.handlers import handles
from sandbox.telegram.core.posting import remove
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import bad_request
from sandbox.telegram.shapes import Wire

MAX_MESSAGES: Final = 100
_TOO_OLD_SECONDS: Final = 48 * 3600


@handles(DeleteMessage)
def delete_message(world: World, call: DeleteMessage) -> bool:
    chat = world.chats.find(call.chat_id)
    message = chat.history.get(call.message_id)
    if message is None:
        raise bad_request("message to delete not found")
    if not _can_delete(world, chat, message):
        raise bad_request("message can't be deleted")
    remove(world, chat, [call.message_id])
    return True


@handles(DeleteMessages)
def delete_messages(world: World, call: DeleteMessages) -> bool:
    """Delete messages. Missing messages and those that cannot be deleted are left out."""
    if not call.message_ids:
        raise bad_request("message identifiers are not specified")
    if len(call.message_ids) > MAX_MESSAGES:
        raise bad_request("too many message identifiers specified")
    chat = world.chats.find(call.chat_id)
    found = ((number, chat.history.get(number)) for number in dict.fromkeys(call.message_ids))
    ids = [number for number, message in found if message and _can_delete(world, chat, message)]
    if ids:
        remove(world, chat, ids)
    return True


def _can_delete(world: World, chat: Chat, message: Wire) -> bool:
    """Return whether the bot may delete it: in a group it may only delete its own messages."""
    if world.now() - message["date"] > _TOO_OLD_SECONDS:
        return False
    return chat.is_private or message["from"]["id"] == world.bot.id
