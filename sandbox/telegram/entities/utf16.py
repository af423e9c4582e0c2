"""Lengths as Telegram counts them: UTF-16 code units in entities, UTF-8 bytes in parse errors.

Python counts code points. A character outside the Basic Multilingual Plane (most emoji) has length
1 in Python, 2 in an entity and 4 in an error text.
"""

from itertools import accumulate


def utf16_length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def utf16_offsets(text: str) -> list[int]:
    """Return the UTF-16 offset of every character and of the end of the text."""
    return list(accumulate((utf16_length(character) for character in text), initial=0))


def utf16_slice(text: str, offset: int, length: int) -> str:
    """Return the part of the text that an entity covers; both numbers are UTF-16 code units."""
    units = text.encode("utf-16-le")
    return units[offset * 2 : (offset + length) * 2].decode("utf-16-le")


def byte_offset(text: str, index: int) -> int:
    """Return the number of UTF-8 bytes before the character with this index."""
    return len(text[:index].encode("utf-8", "surrogatepass"))
