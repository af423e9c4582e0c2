"""sendMessage and sendChatAction."""

from typing import Final

from aiogram.methods import SendChatAction, SendMessage

from sandbox.telegram.core.content import text_content
from sandbox.telegram.core.drafts import ACTION_SECONDS, ChatAction
from sandbox.telegram.core.handlers import handles
from sandbox.telegram.core.hub import Change, ChangeKind
from sandbox.telegram.core.link_previews import preview_content
from sandbox.telegram.core.posting import post_as_bot
from sandbox.telegram.core.sending import sent_content
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import bad_request
from sandbox.telegram.shapes import Wire

_ACTIONS: Final = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "record_audio",
        "upload_audio",
        "upload_document",
        "choose_sticker",
        "pick_up_location",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


@handles(SendMessage)
def send_message(world: World, call: SendMessage) -> Wire:
    content = text_content(call.text, call.parse_mode, call.entities)
    content |= preview_content(call.link_preview_options, is_disabled=call.disable_web_page_preview)
    chat = world.chats.writable(call.chat_id)
    return post_as_bot(world, chat, content | sent_content(chat, call), call.reply_markup)


@handles(SendChatAction)
def send_chat_action(world: World, call: SendChatAction) -> bool:
    """Show an action for five seconds, or until the bot's next message."""
    name = call.action.lower()
    if name not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = world.chats.writable(call.chat_id)
    chat.action = ChatAction(name, world.clock() + ACTION_SECONDS)
    world.hub.publish(Change(ChangeKind.ACTION, chat.id, {"action": name}))
    return True
