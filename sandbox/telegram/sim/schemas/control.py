"""Bodies of calls, faults and health."""

from typing import Any

from pydantic import BaseModel, Field

from sandbox.telegram.faults import FaultKind
from sandbox.telegram.sim.schemas.base import Body


class CallView(BaseModel):
    """A Bot API call with its result."""

    method: str = Field(examples=["sendMessage"])
    params: dict[str, Any]
    status: int
    description: str | None
    unknown: list[str] = Field(description="Fields that the Bot API does not have.")
    implemented: bool = Field(description="False if the emulator could not answer.")
    at: float


class Calls(BaseModel):
    calls: list[CallView]


class NewFault(Body):
    """A fault for the next calls of a method."""

    method: str = Field(default="*", description="`*` means every method.")
    kind: FaultKind
    code: int = Field(default=500, ge=400, le=599, description="The status, for `error`.")
    description: str | None = Field(default=None, examples=["Bad Request: chat not found"])
    retry_after: int | None = Field(default=None, ge=1, description="Seconds; makes it a 429.")
    delay: float = Field(default=1.0, ge=0, le=60, description="Seconds, for `slow`.")
    times: int = Field(default=1, ge=1, le=10_000)
    contains: str | None = Field(
        default=None, description="Only calls with this text in their parameters."
    )


class Faults(BaseModel):
    faults: list[NewFault]


class Health(BaseModel):
    status: str = Field(examples=["ok"])
    polling: bool = Field(description="A getUpdates call is waiting.")
    webhook: bool = Field(description="A webhook is set.")
