"""sendPhoto and the other methods that send one file."""

from typing import Final, TypeAlias

from aiogram.methods import (
    SendAnimation,
    SendAudio,
    SendDocument,
    SendPhoto,
    SendVideo,
    SendVoice,
)

from sandbox.telegram.core.content import caption_content
from sandbox.telegram.core.handlers import handles
from sandbox.telegram.core.input_media import media_details
from sandbox.telegram.core.media import media_content, stored_media
from sandbox.telegram.core.posting import post_as_bot
from sandbox.telegram.core.sending import sent_content
from sandbox.telegram.core.world import World
from sandbox.telegram.shapes import Wire
from sandbox.telegram.wire.serialise import given

_SendMedia: TypeAlias = SendPhoto | SendVoice | SendDocument | SendAudio | SendVideo | SendAnimation

_KINDS: Final[dict[type[_SendMedia], str]] = {
    SendPhoto: "photo",
    SendVoice: "voice",
    SendDocument: "document",
    SendAudio: "audio",
    SendVideo: "video",
    SendAnimation: "animation",
}


@handles(SendPhoto, SendVoice, SendDocument, SendAudio, SendVideo, SendAnimation)
def send_media(world: World, call: _SendMedia) -> Wire:
    kind = _KINDS[type(call)]
    content = caption_content(call.caption, call.parse_mode, call.caption_entities)
    if given(getattr(call, "show_caption_above_media", None)):
        content["show_caption_above_media"] = True
    if getattr(call, "has_spoiler", None):
        content["has_media_spoiler"] = True
    chat = world.chats.writable(call.chat_id)
    content |= sent_content(chat, call)
    stored = stored_media(world, kind, getattr(call, kind))
    content |= media_content(stored, media_details(call))
    return post_as_bot(world, chat, content, call.reply_markup)
