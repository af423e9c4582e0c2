"""Builds the plain text and the entities while a parser reads markup."""

from dataclasses import dataclass

from sandbox.telegram.entities.entity import Entity, in_order
from sandbox.telegram.entities.links import link_entity
from sandbox.telegram.entities.utf16 import utf16_length


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the plain text where an entity may begin."""

    offset: int
    piece: int


class TextBuilder:
    def __init__(self) -> None:
        self.entities: list[Entity] = []
        self._pieces: list[str] = []
        self._length = 0

    def write(self, text: str) -> None:
        self._pieces.append(text)
        self._length += utf16_length(text)

    def mark(self) -> Mark:
        return Mark(self._length, len(self._pieces))

    def text_since(self, mark: Mark) -> str:
        return "".join(self._pieces[mark.piece :])

    def length_since(self, mark: Mark) -> int:
        return self._length - mark.offset

    def add(self, entity_type: str, mark: Mark, **details: str | int) -> None:
        """Add an entity from the mark to here, unless it is empty."""
        if length := self.length_since(mark):
            self.entities.append(Entity(entity_type, mark.offset, length, details))

    def add_link(self, url: str, mark: Mark) -> None:
        """Add a link or a mention. Markup with a wrong URL becomes plain text."""
        link = link_entity(url, mark.offset, self.length_since(mark))
        if link and link.length:
            self.entities.append(link)

    def finish(self) -> tuple[str, list[Entity]]:
        return "".join(self._pieces), in_order(self.entities)
