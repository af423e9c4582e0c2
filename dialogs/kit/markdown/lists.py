"""The markers and the indentation of nested lists."""

from dataclasses import dataclass

from markdown_it.token import Token

BULLET, TO_DO, DONE = "•", "☐", "☑"
_INDENT = "  "


@dataclass(slots=True)
class _List:
    """`marker`, and `bare` as in the source, wait for the text of their item."""

    first: str = ""
    number: int = 0
    marker: str = ""
    bare: str = ""


class Lists:
    """The lists that are open at one place of a document."""

    def __init__(self) -> None:
        self._open: list[_List] = []

    def open(self) -> None:
        self._open.append(_List())

    def close(self) -> None:
        self._open.pop()

    def begin_item(self, token: Token) -> None:
        of = self._open[-1]
        if token.info:
            of.number = _number(of, token.info)
            of.first = of.first or token.info
            of.marker = of.bare = f"{of.number}{token.markup}"
        else:
            of.marker, of.bare = BULLET, token.markup
        if "checked" in token.meta:
            box = DONE if token.meta["checked"] else TO_DO
            of.marker = of.bare = f"{of.marker} {box}" if token.info else box

    @property
    def is_marker_due(self) -> bool:
        return any(of.marker for of in self._open)

    @property
    def marker(self) -> str:
        """The text before the next text: waiting markers, and indentation."""
        return "".join(f"{of.marker} " if of.marker else _INDENT for of in self._open)

    @property
    def bare_marker(self) -> str:
        return "".join(f"{of.bare} " if of.bare else _INDENT for of in self._open)

    def marker_written(self) -> None:
        for of in self._open:
            of.marker = of.bare = ""

    @property
    def indent(self) -> str:
        """The text before every further line of a text."""
        return _INDENT * len(self._open)


def _number(of: _List, written: str) -> int:
    """Return the number as written. A repetition of the first number is counted, as in Markdown."""
    return of.number + 1 if written == of.first else int(written)
