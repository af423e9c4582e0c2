"""Records that the assistant gives and takes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from okno.billing.dto import Price
from okno.llm.dto import Finish, Prompt, PromptMessage, Queued, Usage


class MessageRole(StrEnum):
    """The author of a message."""

    USER = "user"
    ASSISTANT = "assistant"


class MessageStatus(StrEnum):
    """The state of a question or an answer; see the table `messages`."""

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
    """A conversation as the history lists it."""

    id: int
    title: str
    model: str
    persona: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ChatView:
    """The current conversation as the chat window shows it.

    `conversation` is None before the first question of a new one; `answer` is None when the
    question failed or is being answered (`is_running`). `model` and `persona` are the ids that the
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
class ConversationExcerpt:
    """A conversation with its newest exchanges, the oldest of them first."""

    conversation: Conversation
    exchanges: tuple[Exchange, ...]


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
    """Sums over all users; `tokens`: of all prompts and answers that were billed."""

    conversations: int
    messages: int
    tokens: int
    running: int


@dataclass(frozen=True, slots=True)
class CurrentConversation:
    """The conversation that the next question of a user belongs to.

    `revision`: while it is the same, so is everything here, and so is the context window.
    `conversation_id`, and what belongs to it, is None, False or 0 before the first question of a
    new one. `model`, `persona`: ids as they were chosen. `is_context_empty`: nothing goes before
    the next question. `generation_id`, `lease_until`: of the running generation; its process has
    died when the lease is over.
    """

    revision: int = 0
    conversation_id: int | None = None
    model: str | None = None
    persona: str | None = None
    context_from: int = 0
    context_cut: bool = False
    is_context_empty: bool = True
    last_question_id: int = 0
    generation_id: UUID | None = None
    lease_until: datetime | None = None

    def is_running(self, now: datetime) -> bool:
        return self.lease_until is not None and self.lease_until > now


@dataclass(frozen=True, slots=True)
class ContextMessage:
    """A message of a context window; `tokens`: an upper bound, None where it is not counted yet."""

    said: PromptMessage
    tokens: int | None


@dataclass(frozen=True, slots=True)
class PastExchange:
    """An answered exchange of the context; `model`: the one whose tokens were counted."""

    question: ContextMessage
    answer: ContextMessage
    model: str


@dataclass(frozen=True, slots=True)
class ContextWindow:
    """The messages that go before the next question, the oldest first.

    The first `given` messages were put there by a client, in any order of roles; exchanges follow.
    `model`: the model by which tokens were counted. `settled`: the tokens of the whole window, as
    the provider has billed them with this model and persona; None: not known. `is_cut`: older
    messages did not fit any more.
    """

    messages: tuple[ContextMessage, ...] = ()
    given: int = 0
    model: str = ""
    persona: str = ""
    settled: int | None = None
    is_cut: bool = False

    @property
    def said(self) -> tuple[PromptMessage, ...]:
        return tuple(message.said for message in self.messages)


EMPTY_WINDOW = ContextWindow()


@dataclass(frozen=True, slots=True)
class QuestionContext:
    """The conversation that a question belongs to, and the messages that go before it."""

    current: CurrentConversation
    window: ContextWindow = EMPTY_WINDOW


class Origin(StrEnum):
    """The surface where a question was asked, which has to tell the user of its end."""

    TELEGRAM = "telegram"
    HTTP = "http"


@dataclass(frozen=True, slots=True)
class Repeat:
    """The idempotency key of a question, by which it is recognised when it is sent again.

    `key`: the client's; `fingerprint`: the SHA-256 of the whole request.
    """

    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Generation:
    """An answer that may be generated: the question is stored, the hold is taken.

    `tell_context_cut`: the oldest messages did not fit any more, for the first time. `context`: the
    answer will be added to it. `repeat`: the key by which the answer will be found again.
    """

    id: UUID
    user_id: int
    conversation_id: int
    question_id: int
    hold_id: UUID
    prompt: Prompt
    price: Price
    tell_context_cut: bool
    context: QuestionContext = QuestionContext(CurrentConversation())
    origin: Origin = Origin.TELEGRAM
    repeat: Repeat | None = None


@dataclass(frozen=True, slots=True)
class Growing:
    """The whole text so far."""

    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The end: the answer is stored and paid; `message.cost` is what was charged.

    `context`: the context window with this answer in it, without the persona's prompt.
    """

    message: Message
    usage: Usage
    context: tuple[PromptMessage, ...] = ()


Progress = Queued | Growing | Answered


@dataclass(frozen=True, slots=True)
class Interrupted:
    """An abandoned generation, of which the user has not been told.

    The question failed and can be tried again, or its answer is stored, perhaps cut.
    """

    user_id: int
    conversation_id: int
    question_id: int


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """A prompt of a client, to which no persona and no conversation is added.

    `model`: an id of the catalogue. `max_tokens`: of the answer, which ends before the first text
    of `stop`, too; None: as long as the model can. `temperature`: None: the usual one.
    """

    model: str
    messages: tuple[PromptMessage, ...]
    max_tokens: int | None = None
    temperature: float | None = None
    stop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Completed:
    """The end of a completion, which is paid; `cost` is what was charged."""

    text: str
    finish: Finish
    usage: Usage
    cost: int
    model_version: str | None


CompletionProgress = Queued | Growing | Completed
