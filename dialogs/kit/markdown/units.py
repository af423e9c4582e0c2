"""Measures texts as Telegram does, and finds positions where they may be cut.

A unit is a UTF-16 code unit: most emoji are two.
"""

import unicodedata

_JOINER = "\u200d"
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)
_MAX_CLUSTER_CHARACTERS = 64
"""A longer cluster may be divided."""


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def fitting(text: str, room: int) -> int:
    """Return the number of characters from the start that take at most `room` units."""
    start = text[: max(room, 0)].encode("utf-16-le")[: room * 2]
    return len(start.decode("utf-16-le", "ignore"))


def before_cluster(text: str, at: int) -> int:
    """Move a cut to the left until it divides no grapheme cluster; return 0 if the text is one.

    Clusters are combining marks, skin tones, joined emoji and flags with their base.
    """
    for place in range(at, max(at - _MAX_CLUSTER_CHARACTERS, 0), -1):
        if not _is_inside(text, place):
            return place
    return at if at > _MAX_CLUSTER_CHARACTERS else 0


def _is_inside(text: str, at: int) -> bool:
    if at >= len(text):
        return False
    before, after = text[at - 1], text[at]
    if _JOINER in (before, after) or unicodedata.category(after).startswith("M"):
        return True
    if ord(after) in _SKIN_TONES or ord(after) in _TAGS:
        return True
    return ord(after) in _FLAG_LETTERS and _flag_letters_before(text, at) % 2 == 1


def _flag_letters_before(text: str, at: int) -> int:
    start = at
    while start > 0 and ord(text[start - 1]) in _FLAG_LETTERS:
        start -= 1
    return at - start
