/**
 * Makes a tree from the list of entities, because entities may overlap and elements may not.
 */

/** @typedef {import("../types.js").Entity} Entity */
/** @typedef {{entity: Entity, start: number, end: number, children: Span[]}} Span */

/**
 * An entity that crosses the end of another is cut there; its rest follows as a sibling.
 *
 * @param {Entity[]} entities
 * @param {number} length Of the text; entities beyond it are cut or left out.
 * @returns {Span[]} Spans in order of the text, each inside the bounds of its parent.
 */
export function nest(entities, length) {
  const waiting = entities
    .map((entity) => ({
      entity,
      start: Math.max(0, entity.offset),
      end: Math.min(length, entity.offset + entity.length),
      children: [],
    }))
    .filter(({ start, end }) => start < end);
  waiting.sort(outermostFirst);
  return take(waiting, length);
}

/**
 * @param {Span} a
 * @param {Span} b
 */
const outermostFirst = (a, b) => a.start - b.start || b.end - a.end;

/**
 * Takes the spans that begin before `end`, in order, with all that lies inside them.
 *
 * @param {Span[]} waiting Sorted; what is taken is removed, what is cut is put back.
 * @param {number} end
 * @returns {Span[]}
 */
function take(waiting, end) {
  const taken = [];
  while (waiting.length && waiting[0].start < end) {
    const span = /** @type {Span} */ (waiting.shift());
    if (span.end > end) {
      waiting.push({ ...span, start: end, children: [] });
      waiting.sort(outermostFirst);
      span.end = end;
    }
    span.children = take(waiting, span.end);
    taken.push(span);
  }
  return taken;
}
