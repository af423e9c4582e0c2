"""Turns the text that a bot sends into the text and entities that Telegram stores."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.telegram.entities.arrange import arrange
from sandbox.telegram.entities.cleaning import clean, is_invisible, trim
from sandbox.telegram.entities.detect import find_entities
from sandbox.telegram.entities.entity import Entity
from sandbox.telegram.entities.errors import EntityError
from sandbox.telegram.entities.given import read_entities
from sandbox.telegram.entities.html import parse_html
from sandbox.telegram.entities.markdown import parse_markdown
from sandbox.telegram.entities.markdown_v2 import parse_markdown_v2

_PARSERS: dict[str, Callable[[str], tuple[str, list[Entity]]]] = {
    "html": parse_html,
    "markdown": parse_markdown,
    "markdownv2": parse_markdown_v2,
}
_NO_PARSE_MODE = {"", "none"}


@dataclass(frozen=True, slots=True)
class FormattedText:
    """Text with official MessageEntity objects: sorted by offset, the longest first.

    The `user` of a `text_mention` has only its id; `with_people` completes it.
    """

    text: str
    entities: list[dict[str, Any]]


def format_text(
    text: str,
    *,
    parse_mode: str | None,
    entities: Sequence[dict[str, Any]] | None = None,
) -> FormattedText:
    """Parse, clean and trim a text, then add the entities that Telegram detects, such as links.

    A parse mode has precedence over given entities. A text without visible characters becomes
    empty; some methods refuse an empty text.

    Raises EntityError.
    """
    plain, parsed = _parse(text, (parse_mode or "").lower(), entities or ())
    plain, moved = clean(plain, arrange(parsed))
    plain, kept = trim(plain, arrange(moved))
    if is_invisible(plain):
        return FormattedText("", [])
    arranged = arrange(kept, find_entities(plain))
    return FormattedText(plain, [entity.to_wire() for entity in arranged])


def _parse(
    text: str, parse_mode: str, entities: Sequence[dict[str, Any]]
) -> tuple[str, list[Entity]]:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise EntityError("text must be encoded in UTF-8")
    if parse_mode in _NO_PARSE_MODE:
        return text, read_entities(entities)
    if parse_mode not in _PARSERS:
        raise EntityError("unsupported parse_mode")
    return _PARSERS[parse_mode](text)
