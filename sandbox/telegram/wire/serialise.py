"""aiogram objects as JSON of the official shape.

aiogram's own dump keeps Python names (`from_user`) and stumbles over its sentinels for "use the
default of the bot", which any message with link preview options has.
"""

from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from aiogram.client.default import Default
from aiogram.types import BufferedInputFile
from pydantic import BaseModel

T = TypeVar("T")


def given(value: T | Default | None) -> T | None:
    """What the bot really sent: a sentinel means that it sent nothing."""
    return None if isinstance(value, Default) else value


def to_wire(value: Any) -> Any:  # noqa: ANN401 - any field of any object
    """Official names, no nulls, no sentinels, no unknown fields; dates in seconds."""
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
