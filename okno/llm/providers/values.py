"""Values as services send them: texts torn in two, numbers in quotes."""

_LONGEST_NUMBER = 9
"""Digits: what has more counts nothing that we ask for, and fits no column."""

_LONGEST_LABEL = 255


def mended(text: str) -> str:
    """Join the halves of characters that JSON tore apart; drop a half that stands alone.

    A frame may end within the surrogate pair of an emoji, and Python keeps the half: the text could
    then be neither stored nor sent.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return text


def label(value: object) -> str | None:
    """Read a name of the service's own; its length has no promise, our columns have."""
    return None if value is None else mended(str(value)).replace("\0", "")[:_LONGEST_LABEL]


def number(value: object) -> int:
    """Read a number, bare or in quotes; 0 for anything else."""
    digits = str(value).partition(".")[0]
    fits = digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_NUMBER
    return int(digits) if fits else 0
