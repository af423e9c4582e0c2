"""Draws a table as lines of monospace text: ordinary messages of Telegram have no tables."""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from markdown_it.token import Token

from dialogs.kit.markdown.inline import InlineWriter
from dialogs.kit.markdown.rich import RichText

_BETWEEN, _CROSS, _LINE = " │ ", "─┼─", "─"
_MAX_CHARACTERS = 4096
"""A larger table is not aligned, so that padding does not multiply a long answer."""

_Row = list[str]


def draw_table(tokens: Iterator[Token]) -> str:
    """Draw a table whose opening token was read; the other tokens are taken from the iterator.

    The first row is the header.
    """
    rows, sides = _read(tokens)
    widths = [max(map(_width, column)) for column in zip_longest(*rows, fillvalue="")]
    is_aligned = (sum(widths) + len(_BETWEEN) * len(widths)) * len(rows) <= _MAX_CHARACTERS
    sides += [""] * (len(widths) - len(sides))
    lines = [_line(row, widths, sides) if is_aligned else _BETWEEN.join(row) for row in rows]
    if is_aligned:
        lines.insert(1, _CROSS.join(_LINE * width for width in widths))
    return "\n".join(lines)


def _read(tokens: Iterator[Token]) -> tuple[list[_Row], list[str]]:
    """Return the rows without empty cells at their ends, and the alignment of the columns."""
    rows: list[_Row] = []
    sides: list[str] = []
    for token in tokens:
        match token.type:
            case "tr_open":
                rows.append([])
            case "th_open":
                sides.append(str(token.attrGet("style") or "").removeprefix("text-align:"))
            case "inline":
                rows[-1].append(_plain(token.children or ()))
            case "tr_close":
                while len(rows[-1]) > 1 and not rows[-1][-1]:
                    rows[-1].pop()
            case "table_close":
                break
    return rows, sides


def _plain(tokens: Sequence[Token]) -> str:
    rich = RichText()
    InlineWriter(rich, is_plain=True).write(tokens)
    return rich.text.strip()


def _line(row: _Row, widths: Sequence[int], sides: Sequence[str]) -> str:
    cells = zip(row, widths, sides, strict=False)
    return _BETWEEN.join(_padded(*cell) for cell in cells).rstrip()


def _padded(cell: str, width: int, side: str) -> str:
    missing = width - _width(cell)
    left = {"right": missing, "center": missing // 2}.get(side, 0)
    return " " * left + cell + " " * (missing - left)


def _width(text: str) -> int:
    """Count the columns of the text in a monospace font."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
