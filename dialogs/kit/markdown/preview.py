"""Renders a growing answer: only its end is read again."""

from collections.abc import Sequence

from dialogs.kit.markdown.block import Block
from dialogs.kit.markdown.clean import clean, is_invisible
from dialogs.kit.markdown.document import read
from dialogs.kit.markdown.part import MAX_ENTITIES, MAX_UNITS, Part, join
from dialogs.kit.markdown.render import as_written
from dialogs.kit.markdown.split import distribute


class Preview:
    """Remembers the blocks that further text can't change."""

    def __init__(self) -> None:
        self._settled = ""
        self._blocks: tuple[Block, ...] = ()

    def show(self, markdown: str) -> Part | None:
        """Return the end of the text that fits into a message; None when there is nothing to see.

        The text should begin with that of the last call; if it does not, all of it is read.
        """
        text = clean(markdown)
        if not text.startswith(self._settled):
            self._settled, self._blocks = "", ()
        document = read(text[len(self._settled) :])
        blocks = self._blocks + document.blocks
        self._blocks += document.blocks[: document.last_block]
        self._settled = text[: len(self._settled) + document.last_start]
        shown = _end(blocks or as_written(text))
        part = join(shown) if shown else None
        return part if part and not is_invisible(part.text) else None


def _end(blocks: Sequence[Block]) -> Sequence[Block]:
    """Return the last blocks that fit into a message, or the last piece of a longer one."""
    room, entities, first = MAX_UNITS, MAX_ENTITIES, len(blocks)
    while first > 0:
        block = blocks[first - 1]
        room -= block.units + len(block.gap)
        entities -= len(block.spans) + bool(block.quote)
        if room < 0 or entities < 0:
            break
        first -= 1
    if first < len(blocks):
        return blocks[first:]
    pieces = list(distribute(blocks[-1:]))
    return pieces[-1] if pieces else ()
