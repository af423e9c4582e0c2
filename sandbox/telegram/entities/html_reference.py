"""Reads the character references that Telegram knows: four names, and numbers.

Everything else that starts with "&" stays in the text. The semicolon may be missing.
"""

import re

from sandbox.telegram.entities.errors import MarkupError
from sandbox.telegram.entities.scanner import Scanner

_REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9a-fA-F]*)|#(?P<decimal>[0-9]*)|(?P<name>[A-Za-z]*))")
_NAMES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_MAX_REFERENCE = 9
_CODE_POINTS = range(1, 0x10FFFF)
_SURROGATES = range(0xD800, 0xE000)


def take_reference(scanner: Scanner) -> str:
    """Read the reference at the cursor, or only its "&" if it is unknown."""
    reference = _REFERENCE.match(scanner.text, scanner.index)
    character = _decode(reference) if reference else None
    if not reference or character is None:
        return scanner.take()
    scanner.take(len(reference[0]))
    if scanner.peek() == ";":
        scanner.take()
    return character


def _decode(reference: re.Match[str]) -> str | None:
    if reference["name"] is not None:
        return _NAMES.get(reference["name"])
    is_hex = reference["hex"] is not None
    digits = reference["hex"] if is_hex else reference["decimal"]
    if not digits or len(reference[0]) > _MAX_REFERENCE:
        return None
    code = int(digits, 16 if is_hex else 10)
    if code in _SURROGATES:
        raise MarkupError(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        )
    return chr(code) if code in _CODE_POINTS else None
