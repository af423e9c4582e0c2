"""Temporary contents of a chat: the draft of an answer, "typing…"."""

from dataclasses import dataclass
from typing import Final

from sandbox.telegram.shapes import Wire

DRAFT_SECONDS: Final = 30.0
ACTION_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Draft:
    """The streamed preview of `sendMessageDraft`; an empty text means "Thinking…"."""

    draft_id: int
    text: str
    entities: list[Wire]
    can_stop: bool
    keep_on_stop: bool
    expires_at: float

    def view(self) -> Wire:
        return {
            "draft_id": self.draft_id,
            "text": self.text,
            "entities": self.entities,
            "can_stop": self.can_stop,
        }


@dataclass(frozen=True, slots=True)
class ChatAction:
    """The action of the bot, set by `sendChatAction`."""

    name: str
    expires_at: float
