"""The text that Telegram makes of a part of an answer, to be compared with the answer."""

import re
from typing import Any

from dialogs.kit.markdown import Part, to_html
from sandbox.telegram.entities import FormattedText, format_text, utf16_slice

OURS = {"bold", "italic", "strikethrough", "code", "pre", "text_link", "blockquote"}

Covered = set[tuple[int, str, str | None]]


def stored(part: Part) -> FormattedText:
    """Return the text that Telegram keeps of a message with these entities."""
    given = [entity.model_dump(exclude_none=True) for entity in part.entities]
    return format_text(part.text, parse_mode=None, entities=given)


def stored_html(part: Part) -> FormattedText:
    """Return the text that Telegram keeps of the same part, sent by a window."""
    return format_text(to_html(part), parse_mode="HTML")


def shape(part: Part) -> list[tuple[str, str]]:
    """The formatting in words: type and covered text."""
    return [(e.type, utf16_slice(part.text, e.offset, e.length)) for e in part.entities]


def covered(entities: list[dict[str, Any]]) -> Covered:
    """Return the formatting of each UTF-16 unit of the text.

    Telegram divides a style where it finds a link or a hashtag by itself; that changes nothing.
    """
    return {
        (unit, entity["type"], entity.get("language"))
        for entity in entities
        if entity["type"] in OURS
        for unit in range(entity["offset"], entity["offset"] + entity["length"])
    }


def covered_by(part: Part) -> Covered:
    return covered([entity.model_dump(exclude_none=True) for entity in part.entities])


def solid(text: str) -> str:
    """The text without its whitespace, which a message may lose at its ends."""
    return re.sub(r"\s+", "", text)
