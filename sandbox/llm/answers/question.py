"""Recognises questions that ask for an echo, for earlier messages or for a length."""

import re
from dataclasses import dataclass
from typing import Final

MAX_SIZE: Final = 200_000
"""The longest answer, in characters or in words."""

_ECHO: Final = re.compile(r"\s*(?:echo|повтори):[ \n]?(?P<text>.*)", re.DOTALL | re.IGNORECASE)
_MEMORY: Final = re.compile(
    r"what (?:did i|have i) (?:say|said|write|written|ask|asked)"
    r"|что я (?:тебе )?(?:говорил|сказал|писал|спрашивал)",
    re.IGNORECASE,
)
_SIZE: Final = re.compile(
    r"(?P<number>\d{1,3}(?:[ \u00a0\u202f,]\d{3})+|\d+)[ \u00a0-]*"
    r"(?:(?P<words>words?|слов)|(?:characters?|chars?|символ|знак))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Size:
    """The exact length of an answer: `count` words or characters."""

    count: int
    is_words: bool


def echoed(question: str) -> str | None:
    """Return the exact text after `echo:` or `повтори:` and one space."""
    found = _ECHO.fullmatch(question)
    return found["text"] if found else None


def asks_for_memory(question: str) -> bool:
    return _MEMORY.search(question) is not None


def requested_size(question: str) -> Size | None:
    """Find a length such as `500 words` or `30 000 символов`."""
    found = _SIZE.search(question)
    if found is None:
        return None
    count = int(re.sub(r"\D", "", found["number"]))
    return Size(min(count, MAX_SIZE), is_words=found["words"] is not None)
