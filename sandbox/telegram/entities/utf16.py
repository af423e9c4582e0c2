"""Lengths as Telegram counts them: entities in UTF-16 code units, parse errors in UTF-8 bytes.

Python counts code points, so a character outside the Basic Multilingual Plane (most emoji) is one
here, two in an entity and four in an error text.
"""

from itertools import accumulate


def utf16_length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def utf16_offsets(text: str) -> list[int]:
    """The UTF-16 offset of every character and, last, of the end of the text."""
    return list(accumulate((utf16_length(character) for character in text), initial=0))


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of the text that an entity covers; both numbers are UTF-16 code units."""
    units = text.encode("utf-16-le")
    return units[offset * 2 : (offset + length) * 2].decode("utf-16-le")


def byte_offset(text: str, index: int) -> int:
    """How many UTF-8 bytes stand before the character with this index."""
    return len(text[:index].encode("utf-8", "surrogatepass"))
