"""Bodies of conversations, their messages and the search."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.schemas.base import Schema
from api.schemas.fields import Id, Units
from okno.assistant import dto
from okno.assistant.dto import Exchange, Found, MessageRole, MessageStatus

Title = Annotated[str, Field(min_length=1, max_length=1000, examples=["Windows of the world"])]


class ConversationLine(Schema):
    """A line of the history; model and persona are ids of the catalogue."""

    id: Id
    title: str
    model: Annotated[str, Field(examples=["yandexgpt"])]
    persona: Annotated[str, Field(examples=["assistant"])]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, conversation: dto.Conversation) -> "ConversationLine":
        return cls(
            id=str(conversation.id),
            title=conversation.title,
            model=conversation.model,
            persona=conversation.persona,
            created_at=conversation.created_at,
            updated_at=conversation.updated_at,
        )


class Conversations(Schema):
    """The conversations, the newest change first."""

    conversations: list[ConversationLine]


class Message(Schema):
    """A question or an answer.

    `tokens`: the units that an answer has cost; `failure`: the code of the error that a question
    got instead of an answer.
    """

    id: Id
    role: MessageRole
    content: str
    status: MessageStatus
    failure: str | None
    tokens: Units | None
    created_at: datetime

    @classmethod
    def of(cls, message: dto.Message) -> "Message":
        return cls(
            id=str(message.id),
            role=message.role,
            content=message.text,
            status=message.status,
            failure=message.failure,
            tokens=message.cost,
            created_at=message.created_at,
        )


class Messages(Schema):
    """The messages, the oldest first: every question is followed by its answer, if it has one."""

    messages: list[Message]


def flatten(exchanges: Iterable[Exchange]) -> list[Message]:
    """Return questions and answers as one list."""
    return [
        Message.of(message)
        for exchange in exchanges
        for message in (exchange.question, exchange.answer)
        if message is not None
    ]


class Renaming(Schema):
    """The title from now on; a long one is cut."""

    title: Title


class FoundLine(Schema):
    """A message that has the words; `exchange`: where it is, as a page of messages of size 1."""

    message_id: Id
    conversation_id: Id
    exchange: int
    title: str
    excerpt: str
    created_at: datetime

    @classmethod
    def of(cls, found: Found) -> "FoundLine":
        return cls(
            message_id=str(found.message_id),
            conversation_id=str(found.conversation_id),
            exchange=found.exchange,
            title=found.title,
            excerpt=found.excerpt,
            created_at=found.created_at,
        )


class SearchResults(Schema):
    """The messages that were found, the newest first."""

    results: list[FoundLine]
