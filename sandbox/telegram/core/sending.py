"""Message fields that all sending methods have."""

from typing import Protocol

from aiogram.client.default import Default

from sandbox.telegram.core.chats import Chat
from sandbox.telegram.core.replies import Replying, reply_content
from sandbox.telegram.shapes import Wire
from sandbox.telegram.wire.serialise import given


class Sending(Replying, Protocol):
    """A method that sends a message."""

    @property
    def protect_content(self) -> bool | Default | None: ...


def sent_content(chat: Chat, call: Sending) -> Wire:
    """Return the message fields that do not depend on the kind of content."""
    content = reply_content(chat, call)
    if given(call.protect_content):
        content["has_protected_content"] = True
    effect = getattr(call, "message_effect_id", None)
    return content | ({"effect_id": effect} if effect else {})
