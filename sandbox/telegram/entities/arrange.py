"""Makes entities consistent, as TDLib's `fix_entities` and `merge_new_entities` do.

Afterwards two entities never overlap in part, and no entity contains another of its type.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from sandbox.telegram.entities.entity import OPAQUE, QUOTES, STYLES, Entity, in_order


def arrange(entities: Iterable[Entity], found: Iterable[Entity] = ()) -> list[Entity]:
    """Drop entities that are not allowed, join styles, and cut styles at the borders of others.

    `found` are the entities that Telegram detects itself; entities of the bot have precedence.
    """
    ordered = in_order(entity for entity in entities if entity.length > 0)
    quotes = _apart(entity for entity in ordered if entity.type in QUOTES)
    own = _apart(entity for entity in ordered if entity.type not in QUOTES | STYLES)
    seen = [entity for entity in _apart(in_order(found)) if not _overlaps_any(entity, own)]
    solid = quotes + [entity for entity in own + seen if _respects(entity, quotes)]
    styles = _joined(entity for entity in ordered if entity.type in STYLES)
    return in_order(solid + _cut(styles, solid))


def _apart(ordered: Iterable[Entity]) -> list[Entity]:
    """Keep the entities that begin after the end of the entity before."""
    kept: list[Entity] = []
    for entity in ordered:
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def _overlaps_any(entity: Entity, others: list[Entity]) -> bool:
    return any(entity.overlaps(other) for other in others)


def _respects(entity: Entity, quotes: list[Entity]) -> bool:
    """Return whether no quotation begins or ends inside the entity."""
    return all(quote.contains(entity) or not quote.overlaps(entity) for quote in quotes)


def _joined(styles: Iterable[Entity]) -> list[Entity]:
    """Join entities of the same style that touch each other."""
    joined: dict[str, list[Entity]] = {}
    for style in styles:
        of_type = joined.setdefault(style.type, [])
        start, end = style.offset, style.end
        if of_type and start <= of_type[-1].end:
            last = of_type.pop()
            start, end = last.offset, max(last.end, end)
        of_type.append(_span(style, start, end))
    return [style for of_type in joined.values() for style in of_type]


def _cut(styles: list[Entity], solid: list[Entity]) -> list[Entity]:
    """Cut styles where a style begins and where a solid entity begins or ends."""
    starts = {style.offset for style in styles}
    borders = sorted(starts.union(*((entity.offset, entity.end) for entity in solid)))
    pieces = (piece for style in styles for piece in _pieces(style, borders))
    opaque = [entity for entity in solid if entity.type in OPAQUE]
    return [piece for piece in pieces if not _overlaps_any(piece, opaque)]


def _pieces(style: Entity, borders: list[int]) -> list[Entity]:
    inside = borders[bisect_right(borders, style.offset) : bisect_left(borders, style.end)]
    starts = [style.offset, *inside]
    ends = [*inside, style.end]
    return [_span(style, start, end) for start, end in zip(starts, ends, strict=True)]


def _span(entity: Entity, start: int, end: int) -> Entity:
    return Entity(entity.type, start, end - start, entity.details)
