"""What can be asked for in a question."""

import re
from dataclasses import dataclass
from typing import Final

MOST: Final = 200_000
"""No answer is longer, in characters or in words."""

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
    """A length to meet exactly: `count` words, or characters."""

    count: int
    is_words: bool


def echoed(question: str) -> str | None:
    """What stands after `echo:` or `повтори:` and one space, to the letter."""
    found = _ECHO.fullmatch(question)
    return found["text"] if found else None


def asks_for_memory(question: str) -> bool:
    """Whether the user wants to hear their own words."""
    return _MEMORY.search(question) is not None


def asked_size(question: str) -> Size | None:
    """`500 words`, `30 000 символов`."""
    found = _SIZE.search(question)
    if found is None:
        return None
    count = int(re.sub(r"\D", "", found["number"]))
    return Size(min(count, MOST), is_words=found["words"] is not None)
