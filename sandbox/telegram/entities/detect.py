"""Finds the entities that Telegram detects itself: mentions, commands, tags, links, phones.

The rules are those of TDLib's `find_entities`. Telegram's servers find phone numbers by rules that
are not public: here, only an international number in plain form is one.
"""

import re
from collections.abc import Iterator

from sandbox.telegram.entities.detect_links import find_links
from sandbox.telegram.entities.entity import Entity
from sandbox.telegram.entities.utf16 import utf16_offsets

_MENTION = re.compile(r"(?<!\w)@([0-9A-Za-z_]{2,32})(?!\w)")
_SHORT_USERNAMES = {"gif", "nft", "pic", "ufc", "vid"}
_MIN_USERNAME = 4
_COMMAND = re.compile(r"(?<![\w/<>])/[0-9A-Za-z_]{1,64}(?:@[0-9A-Za-z_]{3,32}|(?!@))(?![\w/<>])")
_CASHTAG = re.compile(r"\$(?:1INCH|[A-Z]{1,8}(?![A-Z]))(?:@[0-9A-Za-z_]{3,32}(?![0-9A-Za-z_]))?")
_TAG_USERNAME = re.compile(r"@[0-9A-Za-z_]{3,32}")
_MAX_HASHTAG = 256
_PHONE = re.compile(r"(?<![\w+])\+[1-9](?:[ ()-]{0,2}[0-9]){9,14}(?![ -]?\w)")


def find_entities(text: str) -> list[Entity]:
    """Return the entities, which may overlap. Of two, `arrange` keeps the one that begins first."""
    offsets = utf16_offsets(text)
    return [
        Entity(entity_type, offsets[start], offsets[end] - offsets[start])
        for entity_type, start, end in _find(text)
    ]


def _find(text: str) -> Iterator[tuple[str, int, int]]:
    for match in _MENTION.finditer(text):
        if len(match[1]) >= _MIN_USERNAME or match[1].lower() in _SHORT_USERNAMES:
            yield "mention", *match.span()
    for match in _COMMAND.finditer(text):
        yield "bot_command", *match.span()
    yield from _find_hashtags(text)
    for match in _CASHTAG.finditer(text):
        if not _touches_tag(text, match.start(), match.end()):
            yield "cashtag", *match.span()
    yield from find_links(text)
    for match in _PHONE.finditer(text):
        yield "phone_number", *match.span()


def _find_hashtags(text: str) -> Iterator[tuple[str, int, int]]:
    for match in re.finditer("#", text):
        start = match.start()
        run_end = _tag_run_end(text, start + 1)
        end = min(run_end, start + 1 + _MAX_HASHTAG)
        has_letter = any(character.isalpha() for character in text[start + 1 : end])
        if end == run_end and (username := _TAG_USERNAME.match(text, end)):
            run_end = end = username.end()
        before = text[start - 1 : start]
        if has_letter and not _is_tag_character(before) and text[run_end : run_end + 1] != "#":
            yield "hashtag", start, end


def _tag_run_end(text: str, start: int) -> int:
    return next((i for i in range(start, len(text)) if not _is_tag_character(text[i])), len(text))


def _touches_tag(text: str, start: int, end: int) -> bool:
    around = (text[max(start - 1, 0) : start], text[end : end + 1])
    return any(character == "$" or _is_tag_character(character) for character in around)


def _is_tag_character(character: str) -> bool:
    """Return whether it is a letter, a digit, or a sign inside words of some scripts."""
    if not character:
        return False
    is_sign = character in "_\u200c\u00b7" or "\u0d80" <= character <= "\u0dff"
    return is_sign or character.isalpha() or character.isdecimal()
