"""Limits of rate as settings write them: `10/minute`, or `100 per 2 hours`."""

import re
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BeforeValidator
from pydantic_settings import NoDecode

_SECONDS: Final = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_FORM: Final = re.compile(
    rf"([1-9][0-9]*)\s*(?:/|\bper\b)\s*([1-9][0-9]*)?\s*({'|'.join(_SECONDS)})s?"
)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `amount` requests in `seconds`."""

    amount: int
    seconds: int


def parse_rate(text: str) -> Rate:
    """Read a rate. Raises `ValueError`."""
    match = _FORM.fullmatch(text.strip().lower())
    if match is None:
        raise ValueError("a rate such as 10/minute or 100 per 2 hours is needed")
    amount, count, unit = match.groups()
    return Rate(int(amount), int(count or 1) * _SECONDS[unit])


def _parse_text(value: object) -> object:
    return parse_rate(value) if isinstance(value, str) else value


RateSetting = Annotated[Rate, NoDecode, BeforeValidator(_parse_text)]
"""A field of settings that is written as a rate."""
