"""An entity of a text, and the classes of entities that decide which ones may overlap.

The classes and the order come from TDLib (MessageEntity.cpp). Styles may be cut into pieces,
quotations may contain other entities, opaque entities contain none, all others never overlap.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

STYLES = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler"})
QUOTES = frozenset({"blockquote", "expandable_blockquote"})
OPAQUE = frozenset({"code", "pre", "date_time"})

_PLAIN_PRIORITY = 50
_PRIORITIES = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 10,
    "code": 20,
    "date_time": 30,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}


@dataclass(frozen=True, slots=True)
class Entity:
    """Offset and length are UTF-16 code units; `details` are the fields of this type alone."""

    type: str
    offset: int
    length: int
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def end(self) -> int:
        return self.offset + self.length

    def overlaps(self, other: "Entity") -> bool:
        return self.offset < other.end and other.offset < self.end

    def contains(self, other: "Entity") -> bool:
        return self.offset <= other.offset and other.end <= self.end

    def to_wire(self) -> dict[str, Any]:
        """Return the official MessageEntity."""
        return {"type": self.type, "offset": self.offset, "length": self.length, **self.details}


def in_order(entities: Iterable[Entity]) -> list[Entity]:
    """Sort as Telegram does: by offset, then by length with the longest first, then by type."""
    return sorted(
        entities,
        key=lambda entity: (
            entity.offset,
            -entity.length,
            _PRIORITIES.get(entity.type, _PLAIN_PRIORITY),
        ),
    )
