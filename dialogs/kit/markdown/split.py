"""Distributes blocks over messages, and cuts those that are too long for one.

A message ends between two blocks if at most half of it stays empty. Otherwise a text is cut at the
end of a line, a sentence or a word; code is cut only when no message can hold it.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from dialogs.kit.markdown.block import Block
from dialogs.kit.markdown.part import MAX_ENTITIES, MAX_UNITS
from dialogs.kit.markdown.rich import Span
from dialogs.kit.markdown.units import before_cluster, fitting

_HALF = MAX_UNITS // 2
_LINE_END = re.compile(r"\n")
_SENTENCE_END = re.compile(r"(?<=[.!?…。!?])\s")
_WORD_END = re.compile(r"\s")
_BLANKS = re.compile(r"\s*")
_BLANK_LINES = re.compile(r"(?: *\n)*")


def distribute(blocks: Iterable[Block]) -> Iterator[Sequence[Block]]:
    """Yield the blocks of each message; none is empty."""
    waiting = deque(blocks)
    message = _Message()
    while waiting:
        block = message.limited(waiting.popleft())
        if message.holds(block):
            message.add(block)
            continue
        head, rest = message.divide(block)
        if head:
            message.add(head)
        yield message.blocks
        message = _Message()
        waiting.appendleft(rest)
    if message.blocks:
        yield message.blocks


class _Message:
    """A message that is being filled."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._units = MAX_UNITS
        self._entities = MAX_ENTITIES

    def limited(self, block: Block) -> Block:
        """Drop formatting of the block that would end the message before it is half full."""
        if self._entities == 0 and self._begins_quote(block):
            block = replace(block, quote=0)
        allowed = self._styles_for(block)
        beyond = block.spans[allowed:]
        if beyond and MAX_UNITS - self._units + beyond[0].start < _HALF:
            return block.with_styles(allowed)
        return block

    def holds(self, block: Block) -> bool:
        return self._needed(block) <= self._units and len(block.spans) <= self._styles_for(block)

    def add(self, block: Block) -> None:
        self._units -= self._needed(block)
        self._entities = self._styles_for(block) - len(block.spans)
        self.blocks.append(block)

    def divide(self, block: Block) -> tuple[Block | None, Block]:
        """Cut a block that does not fit into the message, or leave it to the next message."""
        is_late = self._units < _HALF or (block.is_code and _Message().holds(block))
        if self.blocks and is_late:
            return None, block
        most = fitting(block.text, self._units - self._needed(block) + block.units)
        if beyond := block.spans[self._styles_for(block) :]:
            most = min(most, beyond[0].start)
        return cut(block, most) if most else (None, block)

    def _needed(self, block: Block) -> int:
        return block.units + (len(block.gap) if self.blocks else 0)

    def _styles_for(self, block: Block) -> int:
        """Return how many spans the block may have beside a quotation that begins here."""
        return self._entities - self._begins_quote(block)

    def _begins_quote(self, block: Block) -> bool:
        return block.quote not in (0, self.blocks[-1].quote if self.blocks else 0)


def cut(block: Block, most: int) -> tuple[Block, Block]:
    """Cut off at most `most` characters. Whitespace at the cut is dropped, but not indentation."""
    at = _place(block, most)
    end = len(block.text[:at].rstrip())
    seam = (_BLANK_LINES if block.is_code else _BLANKS).match(block.text, at)
    start = seam.end() if seam else at
    return block.piece(0, end), block.piece(start, len(block.text))


def _place(block: Block, most: int) -> int:
    first = _BLANKS.match(block.text)
    earliest = first.end() + 1 if first else 1
    half = most // 2
    ends = ((_LINE_END, half), (_SENTENCE_END, half), (_WORD_END, 0))
    for pattern, since in ((_LINE_END, 0),) if block.is_code else ends:
        found = pattern.finditer(block.text, max(since, earliest), most + 1)
        whole = [match.start() for match in found if not _entities_around(block, match.start())]
        if whole:
            return whole[-1]
    # One endless word.
    at = min([most, *(span.start for span in _entities_around(block, most))])
    at = at if at >= earliest else most
    return max(before_cluster(block.text, at), earliest)


def _entities_around(block: Block, at: int) -> list[Span]:
    """Return the spans that a cut here would divide, without long ones, which may be divided."""
    return [span for span in block.spans if span.start < at < span.end and span.length <= _HALF]
