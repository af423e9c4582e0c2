"""Makes an aiogram method from the raw fields of a request."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from aiogram.methods.base import TelegramMethod
from aiogram.types import InlineKeyboardMarkup
from pydantic import ValidationError

from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.shapes import Upload
from sandbox.telegram.wire.attachments import input_file
from sandbox.telegram.wire.fields import FieldKind, convert, field_kinds
from sandbox.telegram.wire.markup import parse_markup
from sandbox.telegram.wire.registry import MethodClass
from sandbox.telegram.wire.required import fill_required
from sandbox.telegram.wire.unknown import unknown_fields

MethodT = TypeVar("MethodT", bound=TelegramMethod[Any])


@dataclass(frozen=True, slots=True)
class ParsedCall(Generic[MethodT]):
    """A method, and the fields that Telegram does not know."""

    method: MethodT
    unknown: list[str]


def parse_call(
    method: type[MethodT], fields: Mapping[str, Any], files: Mapping[str, Upload]
) -> ParsedCall[MethodT]:
    """Raises ApiError with Telegram's texts if a value is missing or invalid."""
    data = _convert(method, fields, files)
    fill_required(method, data)
    if "reply_markup" in data:
        data["reply_markup"] = _markup(method, data["reply_markup"])
    try:
        parsed = method.model_validate(data)
    except ValidationError as error:
        raise _unreadable(error) from error
    return ParsedCall(parsed, list(unknown_fields(parsed)))


def _convert(
    method: MethodClass, fields: Mapping[str, Any], files: Mapping[str, Upload]
) -> dict[str, Any]:
    kinds = field_kinds(method)
    data = {name: value for name, value in fields.items() if value is not None}
    for name, kind in kinds.items():
        if name in data:
            if data[name] == "" and kind is not FieldKind.TEXT:
                del data[name]
            else:
                data[name] = convert(name, kind, data[name], files)
        elif kind is FieldKind.FILE and name in files:
            data[name] = input_file(files[name])
    return data


def _markup(method: MethodClass, raw: Any) -> Any:  # noqa: ANN401 - any JSON value
    try:
        markup = parse_markup(raw)
    except ValidationError as error:
        raise _unreadable(error) from error
    only_inline = method.model_fields["reply_markup"].annotation == InlineKeyboardMarkup | None
    if only_inline and markup is not None and not isinstance(markup, InlineKeyboardMarkup):
        raise bad_request("inline keyboard expected")
    return markup


def _unreadable(error: ValidationError) -> ApiError:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return bad_request(f'can\'t parse "{where}": {first["msg"]}')
