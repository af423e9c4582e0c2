"""Bodies of the context window."""

from typing import Annotated

from pydantic import Field

from api.schemas.base import Schema
from api.schemas.fields import Id
from okno.llm.dto import PromptMessage, PromptRole

_MAX_LENGTH = 400_000
"""The limit of characters for all messages together."""


class ContextMessage(Schema):
    """A message that goes before the next question."""

    role: Annotated[PromptRole, Field(examples=["user"])]
    content: Annotated[str, Field(max_length=_MAX_LENGTH, examples=["What is a window?"])]

    @classmethod
    def of(cls, message: PromptMessage) -> "ContextMessage":
        return cls(role=message.role, content=message.text)

    def to_prompt(self) -> PromptMessage:
        return PromptMessage(self.role, self.content)


class ContextOwner(Schema):
    """The user whose context is meant."""

    user_id: Id


class NewContext(Schema):
    """The new context, the oldest message first."""

    user_id: Id
    context: list[ContextMessage]


class Context(Schema):
    """The messages before the next question, the oldest first."""

    context: list[ContextMessage]
