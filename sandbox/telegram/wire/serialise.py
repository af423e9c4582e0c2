"""Turns aiogram objects into the official JSON.

aiogram's own dump keeps Python names (`from_user`), and fails on its sentinels for "use the default
of the bot", which every message with link preview options has.
"""

from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from aiogram.client.default import Default
from aiogram.types import BufferedInputFile
from pydantic import BaseModel

T = TypeVar("T")


def given(value: T | Default | None) -> T | None:
    """Return the sent value, or None for a sentinel, which means that nothing was sent."""
    return None if isinstance(value, Default) else value


def to_wire(value: Any) -> Any:  # noqa: ANN401 - any field of any object
    """Convert to JSON with official names and dates in seconds, without nulls and sentinels."""
    match value:
        case BaseModel():
            items = (
                (field.alias or name, getattr(value, name))
                for name, field in type(value).model_fields.items()
            )
            return {key: to_wire(item) for key, item in items if given(item) is not None}
        case list():
            return [to_wire(item) for item in value]
        case datetime():
            return int(value.timestamp())
        case Enum():
            return value.value
        case BufferedInputFile():
            return {"file_name": value.filename, "size": len(value.data)}
        case _:
            return value
