r"""Leaves LaTeX as it is: `\[` would lose its backslash, `_` and `*` would become emphasis.

Formulas stand in `\( \)`, `\[ \]`, `$$ $$` and `$ $`; the last follows the rules of Pandoc, so that
two prices in a line are no formula. The length of a formula is bounded, so that a thousand opening
signs without a closing one cost little.
"""

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_ENDS = {r"\(": r"\)", r"\[": r"\]", "$$": "$$"}
_MAX_CHARACTERS = 2000
_MAX_LINES = 30
_SHORT = re.compile(r"\$(?! )(?:\\.|[^$\\\n])+(?<! )\$(?!\d)")


def keep_inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's signature
    """Copy a formula as text."""
    end = _end_of_formula(state.src, state.pos)
    if not end:
        return False
    if not silent:
        state.pending += state.src[state.pos : end]
    state.pos = end
    return True


def keep_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Copy a formula of several lines as one paragraph, even if they look like a list."""
    first = _line(state, start)
    if first[:2] not in (r"\[", "$$") or state.is_code_block(start):
        return False
    closing = _ENDS[first[:2]]
    last, rest = start, first[2:]
    while closing not in rest:
        last += 1
        if last >= min(end, start + _MAX_LINES) or state.isEmpty(last):
            return False
        rest = _line(state, last)
    if rest.partition(closing)[2].strip():
        return False  # what goes on behind it is an ordinary paragraph
    if silent:
        return True
    state.line = last + 1
    state.push("paragraph_open", "p", 1).map = [start, last + 1]
    inline = state.push("inline", "", 0)
    inline.map, inline.children = [start, last + 1], []
    inline.content = "\n".join(_line(state, line).strip() for line in range(start, last + 1))
    state.push("paragraph_close", "p", -1)
    return True


def _end_of_formula(text: str, start: int) -> int:
    opening = text[start : start + 2]
    if closing := _ENDS.get(opening):
        end = text.find(closing, start + 2, start + _MAX_CHARACTERS)
        return end + 2 if end > start + 2 else 0
    short = _SHORT.match(text, start) if opening.startswith("$") else None
    return short.end() if short else 0


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
