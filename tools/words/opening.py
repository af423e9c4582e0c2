"""The first words that a docstring may not have."""

import re

UNCLEAR = ("How", "Let", "What", "Where", "Whether", "Who", "Whose")
"""They open a clause without a verb: the reader has to find out what is said of it."""

_FIRST_WORD = re.compile(r"\W*(\w+)")


def find_unclear_opening(docstring: str) -> str | None:
    """Return the first word if it is one of these."""
    found = _FIRST_WORD.match(docstring)
    return found[1] if found and found[1] in UNCLEAR else None
