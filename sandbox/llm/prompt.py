"""The prompt of a model, independent of the service."""

from dataclasses import dataclass
from enum import StrEnum


class Provider(StrEnum):
    """The emulated services."""

    YANDEXGPT = "yandexgpt"
    OPENAI = "openai"


class Call(StrEnum):
    """The kind of a request."""

    COMPLETION = "completion"
    TOKENIZE = "tokenize"


class Role(StrEnum):
    """The author of a message."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Message:
    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A valid request for an answer.

    `wants_usage`: OpenAI sends the number of tokens of a stream only on request.
    """

    model: str
    messages: tuple[Message, ...]
    max_tokens: int
    temperature: float
    is_streamed: bool
    wants_usage: bool = True

    @property
    def question(self) -> str:
        """The last message of the user."""
        return self.said[-1] if self.said else ""

    @property
    def said(self) -> tuple[str, ...]:
        """All messages of the user, oldest first."""
        return tuple(message.text for message in self.messages if message.role is Role.USER)

    @property
    def instructions(self) -> str:
        """The system prompt."""
        return "\n".join(message.text for message in self.messages if message.role is Role.SYSTEM)
