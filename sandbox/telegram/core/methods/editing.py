"""Methods that edit the bot's messages. An edit without a keyboard removes the keyboard."""

from typing import Final, Protocol

from aiogram.methods import (
    EditMessageCaption,
    EditMessageMedia,
    EditMessageReplyMarkup,
    EditMessageText,
)

from sandbox.telegram.core.chats import Chat
from sandbox.telegram.core.content import caption_content, text_content
from sandbox.telegram.core.handlers import handles
from sandbox.telegram.core.input_media import input_media_content
from sandbox.telegram.core.keyboards import inline_keyboard
from sandbox.telegram.core.link_previews import preview_content
from sandbox.telegram.core.posting import replace
from sandbox.telegram.core.views import MEDIA_KINDS
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import bad_request
from sandbox.telegram.shapes import Wire
from sandbox.telegram.wire.serialise import given

_TEXT_FIELDS: Final = ("text", "entities", "link_preview_options")
_CAPTION_FIELDS: Final = ("caption", "caption_entities", "show_caption_above_media")
_CONTENT_FIELDS: Final = (*_TEXT_FIELDS, *_CAPTION_FIELDS, *MEDIA_KINDS, "has_media_spoiler")


class _Editing(Protocol):
    @property
    def chat_id(self) -> int | str | None: ...
    @property
    def message_id(self) -> int | None: ...
    @property
    def inline_message_id(self) -> str | None: ...
    @property
    def reply_markup(self) -> object: ...


@handles(EditMessageText)
def edit_message_text(world: World, call: EditMessageText) -> Wire:
    content = text_content(call.text, call.parse_mode, call.entities)
    content |= preview_content(call.link_preview_options, is_disabled=call.disable_web_page_preview)
    chat, message = _find(world, call)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return _edit(world, chat, message, call, _without(message, _TEXT_FIELDS) | content)


@handles(EditMessageCaption)
def edit_message_caption(world: World, call: EditMessageCaption) -> Wire:
    content = caption_content(call.caption, call.parse_mode, call.caption_entities)
    if given(call.show_caption_above_media):
        content["show_caption_above_media"] = True
    chat, message = _find(world, call)
    if not any(kind in message for kind in MEDIA_KINDS):
        raise bad_request("there is no caption in the message to edit")
    return _edit(world, chat, message, call, _without(message, _CAPTION_FIELDS) | content)


@handles(EditMessageMedia)
def edit_message_media(world: World, call: EditMessageMedia) -> Wire:
    """Replace the media. A text message can get media; media cannot become a text message."""
    chat, message = _find(world, call)
    content = input_media_content(world, call.media)
    return _edit(world, chat, message, call, _without(message, _CONTENT_FIELDS) | content)


@handles(EditMessageReplyMarkup)
def edit_message_reply_markup(world: World, call: EditMessageReplyMarkup) -> Wire:
    chat, message = _find(world, call)
    return _edit(world, chat, message, call, message)


def _find(world: World, call: _Editing) -> tuple[Chat, Wire]:
    if call.inline_message_id:
        raise bad_request("MESSAGE_ID_INVALID")  # the emulator has no inline mode
    if call.chat_id in (None, "") and not call.message_id:
        raise bad_request("message identifier is not specified")
    if call.chat_id in (None, ""):
        raise bad_request("chat_id is empty")
    chat = world.chats.writable(call.chat_id or 0)
    message = chat.history.get(call.message_id)
    if message is None:
        raise bad_request("message to edit not found")
    is_own = message["from"]["id"] == world.bot.id
    if not is_own or "pinned_message" in message or chat.history.is_fixed(message["message_id"]):
        raise bad_request("message can't be edited")
    return chat, message


def _edit(world: World, chat: Chat, old: Wire, call: _Editing, content: Wire) -> Wire:
    keyboard = inline_keyboard(call.reply_markup)
    new = _without(content, ("reply_markup",))
    return replace(world, chat, old, new | ({"reply_markup": keyboard} if keyboard else {}))


def _without(message: Wire, fields: tuple[str, ...]) -> Wire:
    return {key: value for key, value in message.items() if key not in fields}
