"""Converts the raw value of a field to the type of its annotation."""

import json
import re
from collections.abc import Iterator, Mapping
from enum import Enum, auto
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

from aiogram.client.default import Default
from aiogram.types import InputFile
from pydantic import BaseModel

from sandbox.telegram.errors import bad_request
from sandbox.telegram.shapes import Upload
from sandbox.telegram.wire.attachments import attach
from sandbox.telegram.wire.registry import MethodClass

_DIGITS: Final = re.compile(r"-?\d+")

# Names in Telegram's errors about invalid JSON, if they differ from the field.
_JSON_NAMES: Final = {"reply_markup": "reply keyboard markup", "media": "input media"}


class FieldKind(Enum):
    JSON = auto()
    FILE = auto()
    DIGITS = auto()
    TEXT = auto()
    SCALAR = auto()


@cache
def field_kinds(method: MethodClass) -> Mapping[str, FieldKind]:
    return {name: _kind(field.annotation) for name, field in method.model_fields.items()}


def convert(name: str, kind: FieldKind, value: Any, files: Mapping[str, Upload]) -> Any:  # noqa: ANN401 - raw values
    """Raises ApiError for a value that must be JSON and is not."""
    match kind:
        case FieldKind.JSON:
            return attach(_decode(name, value), files)
        case FieldKind.FILE:
            return attach(value, files)
        case FieldKind.DIGITS if isinstance(value, str) and _DIGITS.fullmatch(value):
            return int(value)
        case FieldKind.TEXT if isinstance(value, int | float):
            return json.dumps(value)  # a JSON body may give a number where Telegram has a string
        case _:
            return value


def _kind(annotation: Any) -> FieldKind:  # noqa: ANN401 - an annotation
    leaves = set(_leaves(annotation))
    if any(issubclass(leaf, InputFile) for leaf in leaves):
        return FieldKind.FILE
    if any(issubclass(leaf, BaseModel | list | dict) for leaf in leaves):
        return FieldKind.JSON
    if leaves == {str}:
        return FieldKind.TEXT
    if int in leaves and len(leaves) > 1:
        # pydantic would keep a string of digits, or take it for a date
        return FieldKind.DIGITS
    return FieldKind.SCALAR


def _leaves(annotation: Any) -> Iterator[type]:  # noqa: ANN401 - an annotation
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _leaves(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for part in get_args(annotation):
            yield from _leaves(part)
    elif annotation not in (NoneType, Default):
        yield origin or annotation


def _decode(name: str, value: Any) -> Any:  # noqa: ANN401 - raw values
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request(f"can't parse {_JSON_NAMES.get(name, name)} JSON object") from None
