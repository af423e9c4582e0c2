"""sendMediaGroup."""

from typing import Final

from aiogram.methods import SendMediaGroup

from sandbox.telegram.core.handlers import handles
from sandbox.telegram.core.input_media import input_media_content
from sandbox.telegram.core.posting import post_as_bot
from sandbox.telegram.core.sending import sent_content
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import bad_request
from sandbox.telegram.shapes import Wire

MAX_ALBUM: Final = 10


@handles(SendMediaGroup)
def send_media_group(world: World, call: SendMediaGroup) -> list[Wire]:
    if not call.media:
        raise bad_request("there are no messages to send")
    if len(call.media) > MAX_ALBUM:
        raise bad_request("too many messages to send as an album")
    chat = world.chats.writable(call.chat_id)
    common = sent_content(chat, call)
    contents = [common | input_media_content(world, media) for media in call.media]
    group_id = f"{chat.id}-{chat.history.last_id + 1}"
    return [
        post_as_bot(world, chat, content | {"media_group_id": group_id}) for content in contents
    ]
