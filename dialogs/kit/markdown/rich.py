"""Builds a text with styles. Positions are characters here, not yet UTF-16 units."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

CODE, PRE, LINK, QUOTE = "code", "pre", "text_link", "blockquote"
BOLD, ITALIC, STRIKE = "bold", "italic", "strikethrough"

_ORDER = (QUOTE, PRE, CODE, LINK, BOLD, ITALIC, STRIKE)
_SOLID = frozenset({CODE, PRE, LINK})


@dataclass(frozen=True, slots=True)
class Style:
    """`kind`: the type of the entity; `detail`: the address of a link, the language of code."""

    kind: str
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Characters from `start` up to `end` that have a style."""

    start: int
    end: int
    style: Style

    @property
    def length(self) -> int:
        return self.end - self.start

    def moved(self, by: int) -> "Span":
        return replace(self, start=self.start + by, end=self.end + by)


def in_order(spans: Iterable[Span]) -> list[Span]:
    """Sort as Telegram lists entities: one that holds another one stands before it."""
    return sorted(spans, key=lambda span: (span.start, -span.end, _ORDER.index(span.style.kind)))


@dataclass(slots=True)
class RichText:
    """A text that grows by pieces."""

    _pieces: list[str] = field(default_factory=list)
    _length: int = 0
    _runs: dict[Style, list[Span]] = field(default_factory=dict)

    def write(self, text: str, styles: Iterable[Style] = ()) -> None:
        """Append; a style that the piece before has, too, stays one span."""
        if not text:
            return
        start, self._length = self._length, self._length + len(text)
        self._pieces.append(text)
        for style in dict.fromkeys(styles):
            runs = self._runs.setdefault(style, [])
            first = runs.pop().start if runs and runs[-1].end == start else start
            runs.append(Span(first, self._length, style))

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def spans(self) -> list[Span]:
        """Return the spans in order. Of two spans, one holds the other, or they do not overlap.

        Spans are cut as Telegram cuts them: a style where a style begins, and where a link or code
        begins or ends.
        """
        runs = [span for runs in self._runs.values() for span in runs]
        solid = [span for span in runs if span.style.kind in _SOLID]
        styles = [span for span in runs if span.style.kind not in _SOLID]
        borders = {span.start for span in runs} | {span.end for span in solid}
        return in_order(solid + [piece for span in styles for piece in _cut(span, borders)])


def _cut(span: Span, borders: set[int]) -> list[Span]:
    inside = sorted(border for border in borders if span.start < border < span.end)
    starts, ends = [span.start, *inside], [*inside, span.end]
    return [Span(start, end, span.style) for start, end in zip(starts, ends, strict=True)]
