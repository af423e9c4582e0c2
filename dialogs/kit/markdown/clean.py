"""Removes characters that Telegram would remove: later, it would shift the entities.

TDLib's `clean_input_string` drops these characters or turns them into spaces. It turns a tab into
one space, which would destroy the indentation of code; so tabs are expanded here.
"""

import re
import unicodedata

TAB = 4
"""Columns, as in CommonMark."""

_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029]")
_DROPPED = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\u202a-\u202e\u030a\u0333\u033f]")
_BLANKS = re.compile(r"[\x0b\x0c]")
_RING = re.compile("[A-Za-zА-яЁё]\u030a")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOTHING_TO_SEE = re.compile(
    r"[\s\u180e\u200b-\u200f\u2060\u2800\u3164\ufeff\ufffc\U000e0000-\U000e007f]*"
)


def clean(text: str) -> str:
    """Return the text as Telegram can hold it; every line ends with a line feed."""
    if _SURROGATE.search(text):
        # Two halves of a character that JSON has brought apart belong together again.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _LINE_ENDS.sub("\n", text)
    text = _RING.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)
    return _BLANKS.sub(" ", _DROPPED.sub("", text)).expandtabs(TAB)


def is_invisible(text: str) -> bool:
    """Tell whether Telegram would take the text for an empty one, and refuse it."""
    return _NOTHING_TO_SEE.fullmatch(text) is not None
