"""Values as services send them: characters split in two, numbers in quotes."""

_MAX_NUMBER_DIGITS = 9
"""Digits: a longer number counts nothing that was asked for, and fits no column."""

_MAX_LABEL_LENGTH = 255


def mended(text: str) -> str:
    """Join the halves of surrogate pairs that JSON has split; drop a half that stands alone.

    A frame may end within the surrogate pair of an emoji. Python keeps the half, and the text could
    neither be stored nor sent.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
    return text


def label(value: object) -> str | None:
    """Read a name that the service has chosen, cut to the length of the column."""
    return None if value is None else mended(str(value)).replace("\0", "")[:_MAX_LABEL_LENGTH]


def number(value: object) -> int:
    """Read a number, bare or in quotes; 0 for anything else."""
    digits = str(value).partition(".")[0]
    fits = digits.isascii() and digits.isdecimal() and len(digits) <= _MAX_NUMBER_DIGITS
    return int(digits) if fits else 0
