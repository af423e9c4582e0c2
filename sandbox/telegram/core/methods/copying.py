"""Methods that copy and forward messages."""

from typing import Final, TypeAlias

from aiogram.methods import CopyMessage, CopyMessages, ForwardMessage, ForwardMessages

from sandbox.telegram.core.chats import Chat
from sandbox.telegram.core.content import caption_content
from sandbox.telegram.core.handlers import handles
from sandbox.telegram.core.invoices import forwarded_keyboard
from sandbox.telegram.core.posting import post_as_bot
from sandbox.telegram.core.sending import sent_content
from sandbox.telegram.core.views import MEDIA_KINDS
from sandbox.telegram.core.world import World
from sandbox.telegram.errors import bad_request
from sandbox.telegram.shapes import Wire
from sandbox.telegram.wire.serialise import given

MAX_MESSAGES: Final = 100

_CAPTION: Final = ("caption", "caption_entities", "show_caption_above_media")
_COPYABLE: Final = ("text", *MEDIA_KINDS)
_FORWARDABLE: Final = (*_COPYABLE, "invoice")
_COPIED: Final = (
    "text",
    "invoice",
    "entities",
    "link_preview_options",
    "has_media_spoiler",
    *_CAPTION,
    *MEDIA_KINDS,
)
_Many: TypeAlias = CopyMessages | ForwardMessages


@handles(CopyMessage)
def copy_message(world: World, call: CopyMessage) -> Wire:
    chat = world.chats.writable(call.chat_id)
    source = _source(world, call.from_chat_id, call.message_id, "copy", _COPYABLE)
    content = _content(source)
    if call.caption is not None and "text" not in content:
        content = {key: value for key, value in content.items() if key not in _CAPTION}
        content |= caption_content(call.caption, call.parse_mode, call.caption_entities)
    message = post_as_bot(world, chat, content | sent_content(chat, call), call.reply_markup)
    return {"message_id": message["message_id"]}


@handles(ForwardMessage)
def forward_message(world: World, call: ForwardMessage) -> Wire:
    chat = world.chats.writable(call.chat_id)
    source = _source(world, call.from_chat_id, call.message_id, "forward", _FORWARDABLE)
    return _forward(world, chat, source, _protection(call))


@handles(CopyMessages)
def copy_messages(world: World, call: CopyMessages) -> list[Wire]:
    chat, sources = _many(world, call, _COPYABLE)
    contents = [_content(source) | _protection(call) for source in sources]
    if call.remove_caption:
        contents = [
            {key: value for key, value in content.items() if key not in _CAPTION}
            for content in contents
        ]
    return [_ids(post_as_bot(world, chat, content)) for content in contents]


@handles(ForwardMessages)
def forward_messages(world: World, call: ForwardMessages) -> list[Wire]:
    chat, sources = _many(world, call, _FORWARDABLE)
    return [_ids(_forward(world, chat, source, _protection(call))) for source in sources]


def _forward(world: World, chat: Chat, source: Wire, protection: Wire) -> Wire:
    content = _content(source) | {"forward_origin": _origin(source)} | protection
    invoice = world.invoices.sent(source)
    if invoice is None:
        return post_as_bot(world, chat, content)
    keyboard = forwarded_keyboard(invoice, world.bot.username)
    message = post_as_bot(world, chat, content, keyboard)
    world.invoices.send(message, invoice)
    return message


def _many(world: World, call: _Many, kinds: tuple[str, ...]) -> tuple[Chat, list[Wire]]:
    """Find the messages to copy. Missing and protected messages are left out."""
    if not call.message_ids:
        raise bad_request("message identifiers are not specified")
    if len(call.message_ids) > MAX_MESSAGES:
        raise bad_request("too many message identifiers specified")
    chat = world.chats.writable(call.chat_id)
    history = world.chats.find(call.from_chat_id).history
    found = (history.get(message_id) for message_id in call.message_ids)
    sources = [message for message in found if message is not None and _can_copy(message, kinds)]
    if not sources:
        raise bad_request("there are no messages to forward")
    return chat, sources


def _source(
    world: World, chat_id: int | str, message_id: int, verb: str, kinds: tuple[str, ...]
) -> Wire:
    message = world.chats.find(chat_id).history.get(message_id)
    if message is None:
        raise bad_request(f"message to {verb} not found")
    if not _can_copy(message, kinds):
        done = {"copy": "copied", "forward": "forwarded"}[verb]
        raise bad_request(f"message can't be {done}")
    return message


def _can_copy(message: Wire, kinds: tuple[str, ...]) -> bool:
    has_content = any(kind in message for kind in kinds)
    return has_content and "has_protected_content" not in message


def _content(source: Wire) -> Wire:
    return {key: value for key, value in source.items() if key in _COPIED}


def _protection(call: ForwardMessage | _Many) -> Wire:
    return {"has_protected_content": True} if given(call.protect_content) else {}


def _origin(source: Wire) -> Wire:
    """Return the origin. A forward of a forward keeps the first author."""
    origin: Wire = source.get("forward_origin") or {
        "type": "user",
        "sender_user": source["from"],
        "date": source["date"],
    }
    return origin


def _ids(message: Wire) -> Wire:
    return {"message_id": message["message_id"]}
