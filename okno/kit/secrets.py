"""Secrets are never printed: tokens and keys are known by their form, others by their value."""

import json
import re

_BOT_TOKEN = re.compile(r"\b\d+:[\w-]{30,}|(?<=/bot)\d+:[\w-]+")
_BOT_TOKEN_END = re.compile(r":[\w-]{30}")
_BEARER_TOKEN = re.compile(r"\bok(?:no|r)_[\w-]{20,}|\beyJ[\w-]+\.[\w-]+\.[\w-]*")
"""API keys, refresh tokens and JWTs."""
_BEARER_TOKEN_BEGINNINGS = ("okno_", "okr_", "eyJ")
_MIN_SECRET_LENGTH = 8
"""A shorter secret may be a word that stands in every line."""

# The longest first: a secret may be a part of another one.
_spellings: list[str] = []


def keep_secret(value: str) -> None:
    """Hide this value from now on, also as JSON spells it."""
    if len(value) >= _MIN_SECRET_LENGTH and value not in _spellings:
        _spellings.extend({value, json.dumps(value, ensure_ascii=False)[1:-1]})
        _spellings.sort(key=len, reverse=True)


def hide_secrets(text: str) -> str:
    """Replace kept secrets, our tokens and tokens of bots, which stand in addresses of the Bot API.

    Every line of the logs goes through this, so quick checks come before slow ones.
    """
    if "/bot" in text or _BOT_TOKEN_END.search(text):
        text = _BOT_TOKEN.sub("<token>", text)
    if any(beginning in text for beginning in _BEARER_TOKEN_BEGINNINGS):
        text = _BEARER_TOKEN.sub("<token>", text)
    for spelling in _spellings:
        if spelling in text:
            text = text.replace(spelling, "<secret>")
    return text
