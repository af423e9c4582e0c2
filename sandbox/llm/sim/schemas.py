"""The bodies of the controls: faults, logged requests, pace and limits."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sandbox.llm.faults import Fault, FaultKind
from sandbox.llm.prompt import Call, Provider, Role
from sandbox.llm.request_log import Outcome


class Body(BaseModel):
    """Unknown fields are errors, so that a typo is not taken for a default."""

    model_config = ConfigDict(extra="forbid")


class NewFault(Body):
    """A fault for the next requests."""

    kind: FaultKind
    times: int = Field(default=1, ge=1, le=10_000)
    contains: str | None = Field(default=None, description="Only questions with this text.")
    provider: Provider | None = Field(default=None, description="Null means both.")
    call: Call = Call.COMPLETION
    seconds: float = Field(
        default=5.0, ge=0, le=3600, description="Of a stall, or of each pause of a slow answer."
    )
    after: int = Field(default=1, ge=0, description="Frames before a fault inside a stream.")

    def fault(self) -> Fault:
        return Fault(**self.model_dump())

    @model_validator(mode="after")
    def _can_happen(self) -> Self:
        self.fault()
        return self


class Faults(BaseModel):
    faults: list[NewFault]


class PaceBody(Body):
    """Seconds before the first token and per token, and the tokens of a YandexGPT frame."""

    first_seconds: float = Field(default=0.0, ge=0, le=600)
    token_seconds: float = Field(default=0.0, ge=0, le=10)
    frame_tokens: int = Field(default=15, ge=1, le=1000)


class LimitsBody(Body):
    """The quotas of YandexGPT."""

    concurrent: int = Field(default=10, ge=0, description="Running answers.")
    hourly: int | None = Field(default=None, ge=0, description="Null means no limit.")


class MessageView(BaseModel):
    role: Role
    text: str


class RequestView(BaseModel):
    """A request; times are Unix seconds."""

    number: int = Field(description="Counts all requests since the last reset.")
    provider: Provider
    call: Call
    at: float
    client_request_id: str | None
    data_logging: bool = Field(description="False when the client forbids logging.")
    request_id: str
    model: str | None
    is_streamed: bool
    messages: list[MessageView]
    max_tokens: int | None
    temperature: float | None
    status: int | None = Field(description="Null until the answer begins.")
    input_tokens: int
    output_tokens: int
    first_text_at: float | None
    ended_at: float | None
    outcome: Outcome


class Requests(BaseModel):
    requests: list[RequestView]
