"""Cleans a text as Telegram does before it stores it, and moves the entities accordingly.

Control characters become spaces. Carriage returns, some invisible characters and whitespace at both
ends are removed (TDLib: `clean_input_string_with_entities` and `fix_formatted_text`).
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from sandbox.telegram.entities.entity import Entity
from sandbox.telegram.entities.errors import EntityError
from sandbox.telegram.entities.utf16 import utf16_length, utf16_offsets

_REMOVED = frozenset("\r\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u030a\u0333\u033f")
_MARKS_BEFORE_A_MARK = re.compile(r"[\u200e\u200f](?=[\u200e\u200f])")
_TRIMMED = " \n"
_INVISIBLE = re.compile(
    r"[ \n\u00a0\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufeff\ufffc"
    r"\U000e0000-\U000e007f]*"
)


def is_invisible(text: str) -> bool:
    """Return whether the text has no visible character: Telegram takes it for empty."""
    return _INVISIBLE.fullmatch(text) is not None


def clean(text: str, entities: Iterable[Entity]) -> tuple[str, list[Entity]]:
    """Replace and remove characters that Telegram does not store.

    Raises EntityError if an entity does not begin and end between two characters of the text.
    """
    cleaned: list[str] = []
    places: dict[int, int] = {}
    new_offset = 0
    for offset, character in zip(utf16_offsets(text), [*text, ""], strict=True):
        places[offset] = new_offset
        cleaned.append(_cleaned(character))
        new_offset += utf16_length(cleaned[-1])
    moved = [_moved(entity, places, text) for entity in entities]
    return _MARKS_BEFORE_A_MARK.sub("\u200c", "".join(cleaned)), moved


def trim(text: str, entities: Iterable[Entity]) -> tuple[str, list[Entity]]:
    """Cut spaces and line breaks from both ends, but at the start only up to the first entity."""
    text = text.rstrip(_TRIMMED)
    end = utf16_length(text)
    kept = [
        replace(entity, length=min(entity.end, end) - entity.offset)
        for entity in entities
        if entity.offset < end
    ]
    blank = len(text) - len(text.lstrip(_TRIMMED))
    cut = min([blank, *(entity.offset for entity in kept)])
    return text[cut:], [replace(entity, offset=entity.offset - cut) for entity in kept]


def _cleaned(character: str) -> str:
    if character in _REMOVED:
        return ""
    return " " if "" < character < " " and character != "\n" else character


def _moved(entity: Entity, places: dict[int, int], text: str) -> Entity:
    end_of_text = max(places)
    if entity.offset > end_of_text:
        raise EntityError(
            f"entity begins after the end of the text at UTF-16 offset {entity.offset}"
        )
    if entity.offset not in places:
        place = _bytes_before(text, entity.offset + 1)
        raise EntityError(f"entity begins in a middle of a UTF-16 symbol at byte offset {place}")
    beginning = f"entity beginning at UTF-16 offset {entity.offset}"
    if entity.end > end_of_text:
        raise EntityError(
            f"{beginning} ends after the end of the text at UTF-16 offset {entity.end}"
        )
    if entity.end not in places:
        place = _bytes_before(text, entity.end + 1)
        raise EntityError(f"{beginning} ends in a middle of a UTF-16 symbol at byte offset {place}")
    start = places[entity.offset]
    return replace(entity, offset=start, length=places[entity.end] - start)


def _bytes_before(text: str, offset: int) -> int:
    """Return the number of UTF-8 bytes before a UTF-16 offset."""
    return len(text.encode("utf-16-le")[: offset * 2].decode("utf-16-le").encode())
