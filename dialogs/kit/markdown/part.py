"""Makes one message of formatted text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aiogram.types import MessageEntity

from dialogs.kit.markdown.block import Block
from dialogs.kit.markdown.rich import LINK, PRE, QUOTE, Span, Style, in_order
from dialogs.kit.markdown.units import units

MAX_UNITS = 4096
MAX_ENTITIES = 100
"""Telegram ignores further entities."""

_QUOTE = Style(QUOTE)


@dataclass(frozen=True, slots=True)
class Part:
    """Text and entities exactly as Telegram stores them; offsets and lengths are UTF-16 units."""

    text: str
    entities: tuple[MessageEntity, ...]


def join(blocks: Sequence[Block]) -> Part:
    """Make a message of blocks that fit into it."""
    pieces: list[str] = []
    spans: list[Span] = []
    quotes: list[Span] = []
    at, quote = 0, 0
    for block in (blocks[0].without_indent(), *blocks[1:]):
        gap = block.gap if pieces else ""
        pieces += (gap, block.text)
        start, at = at + len(gap), at + len(gap) + len(block.text)
        spans += (span.moved(start) for span in block.spans)
        if block.quote:
            goes_on = block.quote == quote
            quotes.append(Span(quotes.pop().start if goes_on else start, at, _QUOTE))
        quote = block.quote
    text = "".join(pieces)
    return Part(text, tuple(_entities(text, in_order(spans + quotes))))


def _entities(text: str, spans: Sequence[Span]) -> Iterator[MessageEntity]:
    is_simple = text.isascii() or max(text) <= "\uffff"
    for span in spans:
        offset = span.start if is_simple else units(text[: span.start])
        yield MessageEntity(
            type=span.style.kind,
            offset=offset,
            length=units(text[span.start : span.end]),
            url=span.style.detail if span.style.kind == LINK else None,
            language=span.style.detail if span.style.kind == PRE else None,
        )
