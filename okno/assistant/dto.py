"""What the assistant gives and takes."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from okno.billing.dto import Price
from okno.llm.dto import Prompt, PromptMessage, Queued, Usage


class MessageRole(StrEnum):
    """Who wrote a message."""

    USER = "user"
    ASSISTANT = "assistant"


class MessageStatus(StrEnum):
    """How a question or an answer ended; see the table `messages`."""

    PENDING = "pending"
    DONE = "done"
    TRUNCATED = "truncated"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Message:
    """A question or an answer as it is stored; `failure`: the code of the error."""

    id: int
    role: MessageRole
    text: str
    status: MessageStatus
    failure: str | None
    cost: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Conversation:
    """A line of the history."""

    id: int
    title: str
    model: str
    persona: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ChatView:
    """The conversation at hand: what the chat window shows.

    `conversation` is None before the first question of a new one; `answer` is None when the
    question failed or is being answered (`is_running`). `model` and `persona` are ids that the
    next question goes to.
    """

    conversation: Conversation | None
    question: Message | None
    answer: Message | None
    is_running: bool
    is_context_empty: bool
    model: str
    persona: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer, if it got one."""

    question: Message
    answer: Message | None


@dataclass(frozen=True, slots=True)
class Found:
    """A hit of the search; `excerpt` is plain text around it.

    `exchange`: the number of its exchange in the conversation, from 0 in the order of time, so that
    `exchanges(…, page=exchange, size=1)` shows it.
    """

    message_id: int
    conversation_id: int
    exchange: int
    title: str
    excerpt: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ConversationExport:
    """A whole conversation, in its order."""

    title: str
    model: str
    persona: str
    created_at: datetime
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Counters:
    """What all users together have; `tokens`: of all prompts and answers that were billed."""

    conversations: int
    messages: int
    tokens: int
    running: int


@dataclass(frozen=True, slots=True)
class AtHand:
    """Where the next question of a user goes.

    `conversation_id`, and what belongs to it, is None or 0 before the first question of a new one.
    `last_answer_id`: of the context window; 0 while that is empty. `generation_id`, `lease_until`:
    of the answer that is being made, or was when its process died.
    """

    conversation_id: int | None
    model: str | None
    persona: str | None
    context_from: int = 0
    context_cut: bool = False
    last_answer_id: int = 0
    last_question_id: int = 0
    generation_id: UUID | None = field(default=None, compare=False)
    lease_until: datetime | None = field(default=None, compare=False)

    def is_running(self, now: datetime) -> bool:
        return self.lease_until is not None and self.lease_until > now


@dataclass(frozen=True, slots=True)
class ContextMessage:
    """A message of a context window; `tokens`: what it adds to a prompt, where that is known."""

    said: PromptMessage
    tokens: int | None


@dataclass(frozen=True, slots=True)
class ContextWindow:
    """The exchanges that go before the next question, the oldest first.

    `model`: whose tokens were counted. `settled`: the tokens of all that is here, as the provider
    has billed them with this model and persona; None: not known. `is_cut`: older messages did not
    fit any more.
    """

    messages: tuple[ContextMessage, ...] = ()
    model: str = ""
    persona: str = ""
    last_answer_id: int = 0
    settled: int | None = None
    is_cut: bool = False


EMPTY_WINDOW = ContextWindow()


@dataclass(frozen=True, slots=True)
class Generation:
    """An answer that may begin: the question is stored, the hold is taken.

    `tell_context_cut`: the oldest messages did not fit any more, for the first time. `window` and
    `context_from`: what the answer will be added to, and where it is kept.
    """

    id: UUID
    user_id: int
    conversation_id: int
    question_id: int
    hold_id: UUID
    prompt: Prompt
    price: Price
    tell_context_cut: bool
    window: ContextWindow = EMPTY_WINDOW
    context_from: int = 0


@dataclass(frozen=True, slots=True)
class Growing:
    """The whole text so far."""

    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The end: the answer is stored and paid."""

    message: Message
    usage: Usage


Progress = Queued | Growing | Answered


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A generation whose process ended before anybody was told how it ended.

    The question failed and can be tried again, or its answer is there, perhaps not to the end.
    """

    user_id: int
    conversation_id: int
    question_id: int
