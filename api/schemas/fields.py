"""What many bodies are made of: ids, amounts, texts with their bounds."""

from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from api.schemas.base import Schema

_MAX_UNITS = 10**12
"""The limit of billing for one entry by hand."""


def _to_whole(value: object) -> object:
    """Take 100.0 for the whole number that it is in JSON."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Id = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,17}$"), Field(examples=["1"])]
"""An id on the wire: a string of digits, so that no client rounds it; below PostgreSQL's bigint."""

Units = Annotated[int, Field(examples=[100_000])]
"""An amount of billing units that is told."""

PositiveUnits = Annotated[
    int, Field(strict=True, ge=1, le=_MAX_UNITS, examples=[100_000]), BeforeValidator(_to_whole)
]
"""An amount of billing units that somebody asks for; neither "100" nor true is one."""

UnitsOrNone = Annotated[
    int, Field(strict=True, ge=0, le=_MAX_UNITS, examples=[100_000]), BeforeValidator(_to_whole)
]
"""The same, where it may be nothing."""

Line = StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$")
"""A text that can be seen and stored: at least one character, and none that controls."""


def to_id(number: int | None) -> str | None:
    """Write an id that need not be there."""
    return None if number is None else str(number)


class Success(Schema):
    """The published answer of what has no other."""

    success: bool = True
