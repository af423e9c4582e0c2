"""Texts and captions of messages, within Telegram's limits."""

from typing import Final

from aiogram.client.default import Default
from aiogram.types import MessageEntity

from sandbox.telegram.entities import EntityError, FormattedText, format_text, utf16_length
from sandbox.telegram.errors import bad_request
from sandbox.telegram.shapes import Wire
from sandbox.telegram.wire.serialise import given, to_wire

MAX_TEXT: Final = 4096
MAX_CAPTION: Final = 1024


def formatted(
    text: str | None,
    parse_mode: str | Default | None,
    entities: list[MessageEntity] | None,
) -> FormattedText:
    """Parse the markup. Raises ApiError if it is invalid."""
    try:
        return format_text(text or "", parse_mode=given(parse_mode), entities=to_wire(entities))
    except EntityError as error:
        raise bad_request(error.description) from error


def text_content(
    text: str | None,
    parse_mode: str | Default | None,
    entities: list[MessageEntity] | None,
) -> Wire:
    """Return the fields `text` and `entities`. The limit counts the parsed text."""
    result = formatted(text, parse_mode, entities)
    if not result.text:
        raise bad_request("text must be non-empty" if text else "message text is empty")
    if utf16_length(result.text) > MAX_TEXT:
        raise bad_request("message is too long")
    return _fields(result, "text", "entities")


def caption_content(
    caption: str | None,
    parse_mode: str | Default | None,
    entities: list[MessageEntity] | None,
) -> Wire:
    """Return the fields `caption` and `caption_entities`, or none for an empty caption."""
    result = formatted(caption, parse_mode, entities)
    if utf16_length(result.text) > MAX_CAPTION:
        raise bad_request("message caption is too long")
    return _fields(result, "caption", "caption_entities") if result.text else {}


def plain_content(text: str, text_field: str = "text", entities_field: str = "entities") -> Wire:
    """Return the fields of a typed text: entities are only what clients detect themselves."""
    return _fields(format_text(text, parse_mode=None), text_field, entities_field)


def _fields(result: FormattedText, text_field: str, entities_field: str) -> Wire:
    fields: Wire = {text_field: result.text}
    if result.entities:
        fields[entities_field] = result.entities
    return fields
