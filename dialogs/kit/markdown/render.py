"""Renders a whole answer as messages."""

from functools import lru_cache

from dialogs.kit.markdown.block import Block
from dialogs.kit.markdown.clean import clean, is_invisible
from dialogs.kit.markdown.document import read
from dialogs.kit.markdown.part import Part, join
from dialogs.kit.markdown.split import distribute

_ANSWERS_REMEMBERED = 32
"""A window is drawn again at every click."""


@lru_cache(maxsize=_ANSWERS_REMEMBERED)
def render(markdown: str) -> tuple[Part, ...]:
    """Return the messages; none when there is nothing to see. Any text is accepted."""
    text = clean(markdown)
    blocks = read(text).blocks or as_written(text)
    parts = (join(message) for message in distribute(blocks))
    return tuple(part for part in parts if not is_invisible(part.text))


def as_written(text: str) -> tuple[Block, ...]:
    """Return a text that consists of markup alone, such as a single `>`, as it is."""
    written = text.strip()
    return (Block(written, (), "\n"),) if written else ()
