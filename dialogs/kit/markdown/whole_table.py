"""Keeps the cells of a table that GFM drops: those beyond the columns of the header."""

from collections.abc import Iterator, Sequence

from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit, getLine, table
from markdown_it.token import Token


def whole_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Parse as the library does, then add the cells that it left out."""
    before = len(state.tokens)
    if not table(state, start, end, silent):
        return False
    if not silent:
        state.tokens[before:] = _with_all_cells(state, state.tokens[before:])
    return True


def _with_all_cells(state: StateBlock, tokens: Sequence[Token]) -> Iterator[Token]:
    cells: list[str] = []
    columns = sum(token.type == "th_open" for token in tokens)
    for token in tokens:
        if token.type == "tr_open" and token.map:
            cells = _cells(getLine(state, token.map[0]))
        elif token.type == "tr_close":
            for cell in cells[columns:]:
                inline = Token("inline", "", 0, content=cell.strip(), children=[])
                yield from (Token("td_open", "td", 1), inline, Token("td_close", "td", -1))
        yield token


def _cells(line: str) -> list[str]:
    cells = escapedSplit(line.strip())
    if cells and not cells[0]:
        cells.pop(0)
    if cells and not cells[-1]:
        cells.pop()
    return cells
