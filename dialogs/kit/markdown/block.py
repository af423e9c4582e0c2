"""A block of a document, ready to be put into a message: a paragraph, a list item, code."""

import re
from dataclasses import dataclass, replace
from functools import cached_property

from dialogs.kit.markdown.rich import LINK, PRE, RichText, Span, Style
from dialogs.kit.markdown.units import units

_BLANK_LINES = re.compile(r"\A(?: *\n)+")


@dataclass(frozen=True)
class Block:
    """A text that is not empty and has no whitespace at its end.

    `gap` stands between it and the block before; `quote` is the number of its quotation, 0 for
    none.
    """

    text: str
    spans: tuple[Span, ...]
    gap: str
    quote: int = 0

    @cached_property
    def units(self) -> int:
        return units(self.text)

    @property
    def is_code(self) -> bool:
        return bool(self.spans) and self.spans[0].style.kind == PRE

    def piece(self, start: int, end: int) -> "Block":
        """Return a part of the block, with the part of every span that lies within."""
        clipped = (
            Span(max(span.start, start) - start, min(span.end, end) - start, span.style)
            for span in self.spans
        )
        kept = tuple(span for span in clipped if span.length > 0)
        return Block(self.text[start:end], kept, self.gap, self.quote)

    def with_styles(self, count: int) -> "Block":
        """Drop the formatting after `count` spans, except links, which hold addresses, and code."""
        rest = (span for span in self.spans[count:] if span.style.kind in (LINK, PRE))
        return replace(self, spans=(*self.spans[:count], *rest))

    def without_indent(self) -> "Block":
        """Return the block for the start of a message, where Telegram cuts off the whitespace."""
        if self.is_code:
            return self
        return self.piece(len(self.text) - len(self.text.lstrip()), len(self.text))


def text_block(rich: RichText, gap: str, quote: int) -> Block | None:
    """Make a block; return None when the text is empty."""
    block = Block(rich.text, tuple(rich.spans()), gap, quote)
    end = len(block.text.rstrip())
    return block.piece(0, end) if end else None


def code_block(code: str, language: str, gap: str) -> Block | None:
    """Make a block; return None when there is no code. The first line keeps its indentation."""
    text = _BLANK_LINES.sub("", code).rstrip()
    style = Style(PRE, language or None)
    return Block(text, (Span(0, len(text), style),), gap) if text else None
