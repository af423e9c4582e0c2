"""Records that the language models take and give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from okno.accounts.dto import Language


class PromptRole(StrEnum):
    """The author of a message in a prompt."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class PromptMessage:
    role: PromptRole
    text: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model of the catalogue.

    `remote`: its name at the provider. `context_tokens`: the limit of prompt and answer together;
    `answer_tokens`: the limit of the answer. Prices are billing units per token.
    """

    id: str
    provider: str
    remote: str
    names: Mapping[Language, str]
    context_tokens: int
    answer_tokens: int
    price_in: Decimal
    price_out: Decimal


@dataclass(frozen=True, slots=True)
class Persona:
    """A way of answering: a system prompt and a temperature from 0 to 1."""

    id: str
    names: Mapping[Language, str]
    prompt: str
    temperature: float


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request to a model; `max_tokens` limits the answer, `request_id` names it in all logs."""

    model: Model
    messages: tuple[PromptMessage, ...]
    max_tokens: int
    temperature: float
    request_id: UUID


class Finish(StrEnum):
    """The reason why an answer has ended."""

    STOP = "stop"
    LENGTH = "length"
    CONTENT_FILTER = "content_filter"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of the prompt and of the answer so far; `estimated`: not counted by the provider."""

    input_tokens: int
    output_tokens: int
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """A state of the stream: the whole text so far, not the part that was added.

    `finish` is None in all chunks but the last, which always has a usage.
    """

    text: str
    finish: Finish | None = None
    usage: Usage | None = None
    model_version: str | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """A request waits for its turn; `place` 1 is the next one."""

    place: int


@dataclass(slots=True)
class Trace:
    """Facts about a request for the log, filled while it runs.

    `server_ids`: the provider's ids of the request; `refusal`: the provider's words when it
    refused.
    """

    server_ids: dict[str, str] = field(default_factory=dict)
    refusal: str | None = None
