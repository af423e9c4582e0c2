"""What the language models are given and give."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from okno.accounts.dto import Language


class PromptRole(StrEnum):
    """Who speaks in a prompt."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """One message of a prompt."""

    role: PromptRole
    text: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model of the catalogue.

    `remote`: its name at the provider. `context_tokens`: prompt and answer together;
    `answer_tokens`: the longest answer. The prices are billing units per token.
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
    """A way of answering: the system prompt and how much is left to chance (0 to 1)."""

    id: str
    names: Mapping[Language, str]
    prompt: str
    temperature: float


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request to a model; `max_tokens` limits the answer, `request_id` names it in all logs."""

    model: Model
    messages: tuple[PromptMessage, ...]
    max_tokens: int
    temperature: float
    request_id: UUID


class Finish(StrEnum):
    """Why an answer is at its end."""

    STOP = "stop"
    LENGTH = "length"
    CONTENT_FILTER = "content_filter"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of the prompt and of the answer so far; `estimated`: counted by us."""

    input_tokens: int
    output_tokens: int
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Chunk:
    """A moment of the stream: the whole text so far, not what was added.

    `finish` is None until the last chunk, which always has a usage.
    """

    text: str
    finish: Finish | None = None
    usage: Usage | None = None
    model_version: str | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """The request waits for its turn; `place` 1 is the next."""

    place: int


@dataclass(slots=True)
class Trace:
    """What becomes known of a request besides its answer, for the log; filled while it runs.

    `server_ids`: by which the provider finds the request; `refusal`: why it refused, in its words.
    """

    server_ids: dict[str, str] = field(default_factory=dict)
    refusal: str | None = None
