"""Answers to messages, and quotes."""

from typing import Protocol

from aiogram.client.default import Default
from aiogram.types import ReplyParameters

from sandbox.telegram.core.chats import Chat
from sandbox.telegram.core.content import formatted
from sandbox.telegram.entities import utf16_length
from sandbox.telegram.errors import bad_request
from sandbox.telegram.shapes import Wire
from sandbox.telegram.wire.serialise import given


class Replying(Protocol):
    """Methods that can answer a message, with the new or the old parameters."""

    @property
    def reply_parameters(self) -> ReplyParameters | None: ...
    @property
    def reply_to_message_id(self) -> int | None: ...
    @property
    def allow_sending_without_reply(self) -> bool | None: ...


def reply_content(chat: Chat, call: Replying) -> Wire:
    """Return the fields `reply_to_message` and `quote`. Raises ApiError for an unknown message."""
    parameters = call.reply_parameters or ReplyParameters(
        message_id=call.reply_to_message_id or 0,
        allow_sending_without_reply=call.allow_sending_without_reply,
    )
    if not parameters.message_id:
        return {}
    is_here = parameters.chat_id in (None, chat.id)
    target = chat.history.get(parameters.message_id) if is_here else None
    if target is None:
        if given(parameters.allow_sending_without_reply):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": shallow(target), **_quote(target, parameters)}


def shallow(message: Wire) -> Wire:
    """Return the message without the message that it answers, to put it into another one."""
    return {key: value for key, value in message.items() if key != "reply_to_message"}


def _quote(target: Wire, parameters: ReplyParameters) -> Wire:
    if not parameters.quote:
        return {}
    quote = formatted(parameters.quote, _mode(parameters), parameters.quote_entities)
    text = target.get("text") or target.get("caption") or ""
    start = text.find(quote.text)
    if start < 0:
        raise bad_request("QUOTE_TEXT_INVALID")
    fields: Wire = {"text": quote.text, "position": utf16_length(text[:start]), "is_manual": True}
    if quote.entities:
        fields["entities"] = quote.entities
    return {"quote": fields}


def _mode(parameters: ReplyParameters) -> str | Default | None:
    return parameters.quote_parse_mode
