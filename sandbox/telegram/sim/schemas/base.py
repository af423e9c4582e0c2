"""Base classes of requests and errors."""

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """Unknown fields are errors, so that a typo is not taken for a default."""

    model_config = ConfigDict(extra="forbid")


class Refusal(BaseModel):
    """The reason why an action is not possible."""

    detail: str
