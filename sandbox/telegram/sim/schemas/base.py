"""What all requests and all refusals have in common."""

from pydantic import BaseModel, ConfigDict


class Body(BaseModel):
    """A typo in a request is an error, not a default."""

    model_config = ConfigDict(extra="forbid")


class Refusal(BaseModel):
    """Why something can't be done."""

    detail: str
