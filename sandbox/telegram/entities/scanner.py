"""A cursor over source text. The end of the text reads as NUL.

TDLib reads C strings, in which NUL ends the text and counts as space. Its error texts depend on
that, so these parsers read in the same way.
"""

import string
from collections.abc import Container

from sandbox.telegram.entities.utf16 import byte_offset

END = "\0"
BLANK = " \t\r\n\v"
SPACE = BLANK + END
_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def ascii_lower(text: str) -> str:
    """Convert ASCII letters to lower case, as TDLib's `to_lower` does."""
    return text.translate(_ASCII_LOWER)


class Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.index = 0

    @property
    def at_end(self) -> bool:
        return self.index >= len(self.text)

    def peek(self, ahead: int = 0) -> str:
        index = self.index + ahead
        return self.text[index] if index < len(self.text) else END

    def starts_with(self, prefix: str) -> bool:
        return self.text.startswith(prefix, self.index)

    def take(self, count: int = 1) -> str:
        start = self.index
        self.index += count
        return self.text[start : self.index]

    def take_until(self, stops: Container[str]) -> str:
        start = self.index
        while not self.at_end and self.text[self.index] not in stops:
            self.index += 1
        return self.text[start : self.index]

    def take_while(self, members: Container[str]) -> str:
        start = self.index
        while not self.at_end and self.text[self.index] in members:
            self.index += 1
        return self.text[start : self.index]

    def bytes_before(self, index: int) -> int:
        """Return the "byte offset" of error texts."""
        return byte_offset(self.text, index)
