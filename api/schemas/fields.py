"""Types of fields: ids, amounts and texts with their limits."""

from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints

from api.schemas.base import Schema

_MAX_UNITS = 10**12
"""The limit of billing for one ledger entry of an administrator."""


def _to_whole(value: object) -> object:
    """Convert 100.0, which is a whole number in JSON."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Id = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,17}$"), Field(examples=["1"])]
"""An id in JSON: a string of digits, so that no client rounds it; it fits into a bigint."""

Units = Annotated[int, Field(examples=[100_000])]
"""An amount of billing units in an answer."""

PositiveUnits = Annotated[
    int, Field(strict=True, ge=1, le=_MAX_UNITS, examples=[100_000]), BeforeValidator(_to_whole)
]
"""An amount of billing units in a request; "100" and true are refused."""

UnitsOrZero = Annotated[
    int, Field(strict=True, ge=0, le=_MAX_UNITS, examples=[100_000]), BeforeValidator(_to_whole)
]
"""The same, but 0 is allowed."""

Line = StringConstraints(pattern=r"^[^\x00-\x1f\x7f]+$")
"""At least one character, and no control characters."""


def to_id(number: int | None) -> str | None:
    """Format an id that may be missing."""
    return None if number is None else str(number)


class Success(Schema):
    """The published answer of what has no other."""

    success: bool = True
