"""Bodies of a question and of its answer, which has the new context window."""

from collections.abc import Sequence
from hashlib import sha256
from json import dumps
from typing import Annotated, Any

from pydantic import Field
from pydantic_core import to_json

from api.schemas.base import Schema
from api.schemas.context import ContextMessage
from api.schemas.fields import Id, Units
from okno.assistant.dto import Answered
from okno.llm.dto import PromptMessage

_MAX_MESSAGE_LENGTH = 100_000
_MAX_MESSAGES = 400


class Question(Schema):
    """A message to the assistant; `context` is used instead of the stored one, and then stored."""

    user_id: Id
    message: Annotated[
        str, Field(min_length=1, max_length=_MAX_MESSAGE_LENGTH, examples=["What is a window?"])
    ]
    context: Annotated[list[ContextMessage], Field(max_length=_MAX_MESSAGES)] | None = None
    stream: Annotated[bool, Field(strict=True)] = False

    @property
    def given(self) -> tuple[PromptMessage, ...] | None:
        """The context in the form of the assistant; None when the stored one is to be used."""
        if self.context is None:
            return None
        return tuple(message.to_prompt() for message in self.context)

    @property
    def fingerprint(self) -> bytes:
        """A hash by which a repeat is told from another question with the same idempotency key."""
        said = None if self.context is None else [(one.role, one.content) for one in self.context]
        return sha256(dumps((self.message, said)).encode()).digest()


class Answer(Schema):
    """The answer of the model; `context` includes the question and the answer."""

    message: Annotated[str, Field(examples=["A window is an opening in a wall."])]
    context: Sequence[ContextMessage]
    tokens_used: Annotated[Units, Field(examples=[42])]


def answer_in_json(answered: Answered) -> bytes:
    """Return an `Answer` as JSON, faster than a model of pydantic would."""
    return to_json(answer_of(answered))


def answer_of(answered: Answered) -> dict[str, Any]:
    return {
        "message": answered.message.text,
        # The value of an enum is serialised three times as fast as the enum.
        "context": [{"role": said.role.value, "content": said.text} for said in answered.context],
        "tokensUsed": answered.message.cost or 0,
    }
