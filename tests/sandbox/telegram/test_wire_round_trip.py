"""Each method of aiogram is sent as aiogram sends it, and read back unchanged."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from aiogram import Bot
from aiogram.client.default import Default
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.methods import SendMessage
from aiogram.methods.base import TelegramMethod
from aiogram.types import (
    BufferedInputFile,
    ForceReply,
    InputFile,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from aiohttp.abc import AbstractStreamWriter
from pydantic import BaseModel
from typing_extensions import TypeAliasType

from sandbox.telegram.wire.body import parse_body
from sandbox.telegram.wire.parse import ParsedCall, parse_call
from sandbox.telegram.wire.registry import METHODS, MethodClass

NOON = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
FULL_DEPTH = 2


class Collector(AbstractStreamWriter):
    """Keeps what aiohttp would write to the socket."""

    def __init__(self) -> None:
        self.body = bytearray()

    async def write(self, chunk: Any) -> None:
        self.body += chunk

    async def write_eof(self, chunk: bytes = b"") -> None:
        self.body += chunk

    async def drain(self) -> None: ...
    def enable_compression(self, *_args: Any) -> None: ...
    def enable_chunking(self) -> None: ...
    async def write_headers(self, *_args: Any) -> None: ...


@pytest.fixture(scope="module")
def sender() -> Bot:
    return Bot("1:demo", session=AiohttpSession())


async def sent_and_parsed(sender: Bot, method: TelegramMethod[Any]) -> ParsedCall[Any]:
    assert isinstance(sender.session, AiohttpSession)
    payload = sender.session.build_form_data(sender, method)()
    collector = Collector()
    await payload.write(collector)
    fields, files = await parse_body(payload.headers["Content-Type"], bytes(collector.body))
    return parse_call(METHODS[method.__api_method__.lower()], fields, files)


@pytest.mark.parametrize("method_class", METHODS.values(), ids=METHODS.keys())
async def test_every_method_with_all_its_fields(sender: Bot, method_class: MethodClass) -> None:
    method = sample_model(method_class, depth=0)
    parsed = await sent_and_parsed(sender, method)
    assert picture(parsed.method) == picture(method)
    assert parsed.unknown == []


@pytest.mark.parametrize("method_class", METHODS.values(), ids=METHODS.keys())
async def test_every_method_with_its_required_fields(
    sender: Bot, method_class: MethodClass
) -> None:
    method = sample_model(method_class, depth=FULL_DEPTH)
    parsed = await sent_and_parsed(sender, method)
    assert picture(parsed.method) == picture(method)


def test_the_registry_has_all_methods_of_aiogram() -> None:
    assert len(METHODS) == 185
    assert METHODS["sendmessage"].__api_method__ == "sendMessage"


@pytest.mark.parametrize(
    "markup",
    [
        ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Yes")]], one_time_keyboard=True),
        ReplyKeyboardRemove(remove_keyboard=True, selective=True),
        ForceReply(force_reply=True, input_field_placeholder="Name"),
    ],
    ids=lambda markup: type(markup).__name__,
)
async def test_the_other_reply_markups(sender: Bot, markup: Any) -> None:
    method = SendMessage(chat_id="@channel", text="Hi", reply_markup=markup)
    parsed = await sent_and_parsed(sender, method)
    assert picture(parsed.method) == picture(method)


def sample_model(model: type[Any], depth: int) -> Any:
    """With all fields near the top and only the required ones further down."""
    fields = {
        name: sample(field.annotation, name, depth + 1)
        for name, field in model.model_fields.items()
        if field.is_required() or depth < FULL_DEPTH
    }
    return model(**fields)


def sample(annotation: Any, name: str, depth: int) -> Any:
    choices = list(alternatives(annotation))
    if any(isinstance(choice, type) and issubclass(choice, InputFile) for choice in choices):
        return BufferedInputFile(f"bytes of {name}".encode(), filename=f"{name}.bin")
    choice = choices[0]
    if get_origin(choice) is Literal:
        return get_args(choice)[0]
    if get_origin(choice) is list:
        return [sample(get_args(choice)[0], name, depth)]
    return sample_of_type(choice, name, depth)


def sample_of_type(choice: Any, name: str, depth: int) -> Any:
    simple = {str: f"a {name}", int: 7, float: 1.5, bool: True, datetime: NOON}
    if choice in simple:
        return simple[choice]
    if choice is timedelta:
        raise AssertionError("a date comes first in aiogram's unions")
    if issubclass(choice, Enum):
        return next(iter(choice))
    return sample_model(choice, depth)


def alternatives(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if isinstance(annotation, TypeAliasType):
        yield from alternatives(annotation.__value__)
    elif origin is Annotated:
        yield from alternatives(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for part in get_args(annotation):
            yield from alternatives(part)
    elif annotation not in (NoneType, Default):
        yield annotation


def picture(value: Any) -> Any:
    """Comparable: classes by name, files by content, dates in seconds."""
    match value:
        case BufferedInputFile():
            return value.filename, value.data
        case BaseModel():
            fields = type(value).model_fields
            return type(value).__name__, {name: picture(getattr(value, name)) for name in fields}
        case list():
            return [picture(item) for item in value]
        case datetime():
            return int(value.timestamp())
        case Default():
            return None
        case _:
            return getattr(value, "value", value)
