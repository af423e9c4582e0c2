"""What is never printed: bot tokens by their form, configured secrets by their value."""

import json
import re

_TOKEN = re.compile(r"\b\d+:[\w-]{30,}|(?<=/bot)\d+:[\w-]+")
_SHORTEST = 8
"""Letters: a shorter secret may well be a word that stands in every line."""

# The longest first: a secret may be a part of another one.
_spellings: list[str] = []


def keep_secret(value: str) -> None:
    """Hide this value from now on, also as JSON spells it."""
    if len(value) >= _SHORTEST and value not in _spellings:
        _spellings.extend({value, json.dumps(value, ensure_ascii=False)[1:-1]})
        _spellings.sort(key=len, reverse=True)


def hide_secrets(text: str) -> str:
    """Blot out kept secrets and the tokens of bots, which stand in all addresses of the Bot API."""
    text = _TOKEN.sub("<token>", text)
    for spelling in _spellings:
        if spelling in text:
            text = text.replace(spelling, "<secret>")
    return text
