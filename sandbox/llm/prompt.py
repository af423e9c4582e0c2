"""What a model is asked, whichever service it was asked through."""

from dataclasses import dataclass
from enum import StrEnum


class Provider(StrEnum):
    """The emulated services."""

    YANDEXGPT = "yandexgpt"
    OPENAI = "openai"


class Call(StrEnum):
    """What a request is for."""

    COMPLETION = "completion"
    TOKENIZE = "tokenize"


class Role(StrEnum):
    """Who speaks in a message."""

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

    `wants_usage`: OpenAI sends the tokens of a stream only when asked to.
    """

    model: str
    messages: tuple[Message, ...]
    max_tokens: int
    temperature: float
    is_streamed: bool
    wants_usage: bool = True

    @property
    def question(self) -> str:
        """What the user said last."""
        return self.said[-1] if self.said else ""

    @property
    def said(self) -> tuple[str, ...]:
        """All that the user said, oldest first."""
        return tuple(message.text for message in self.messages if message.role is Role.USER)

    @property
    def instructions(self) -> str:
        """The system prompt."""
        return "\n".join(message.text for message in self.messages if message.role is Role.SYSTEM)
