/**
 * Formatted text as DOM nodes: one element per entity, text nodes for everything else.
 */

import { h } from "../dom.js";
import { entityDate, fullDate } from "../format.js";
import { codeBlock, quote } from "./blocks.js";
import { outside, safeUrl, startPayload } from "./links.js";
import { nest } from "./nesting.js";
import { spoiler } from "./spoiler.js";

/** @typedef {import("../types.js").Entity} Entity */

/**
 * Actions of texts that are pressed.
 *
 * @typedef {{sendText: (text: string) => void, copy: (text: string) => void,
 *   botUsername: () => string | undefined}} TextActions
 */

/** @typedef {{entity: Entity, inner: Node[], text: string, actions: TextActions}} Part */

/** @type {Record<string, (part: Part) => Node>} */
const ELEMENTS = {
  bold: ({ inner }) => h("strong", {}, ...inner),
  italic: ({ inner }) => h("em", {}, ...inner),
  underline: ({ inner }) => h("u", {}, ...inner),
  strikethrough: ({ inner }) => h("s", {}, ...inner),
  code: ({ inner }) => h("code", {}, ...inner),
  spoiler: ({ inner }) => spoiler(inner),
  pre: ({ entity, inner, text, actions }) =>
    codeBlock(inner, entity.language, () => actions.copy(text)),
  blockquote: ({ inner }) => quote(inner, false),
  expandable_blockquote: ({ inner }) => quote(inner, true),
  text_link: ({ entity, inner, actions }) => link(entity.url, inner, actions),
  url: ({ inner, text, actions }) => link(text, inner, actions),
  email: ({ inner, text, actions }) => link(`mailto:${text}`, inner, actions),
  phone_number: ({ inner, text, actions }) =>
    link(`tel:${text.replace(/[^\d+]/g, "")}`, inner, actions),
  mention: ({ inner }) => h("span", { class: "mention" }, ...inner),
  text_mention: ({ inner }) => h("span", { class: "mention" }, ...inner),
  hashtag: ({ inner }) => h("span", { class: "mention" }, ...inner),
  cashtag: ({ inner }) => h("span", { class: "mention" }, ...inner),
  bot_command: ({ inner, text, actions }) =>
    h(
      "button",
      { type: "button", class: "link", on: { click: () => actions.sendText(text) } },
      ...inner,
    ),
  custom_emoji: ({ entity, inner }) =>
    h("span", { class: "custom-emoji", title: entity.custom_emoji_id }, ...inner),
  date_time: ({ entity, inner }) => dateTime(entity, inner),
};

const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

/**
 * @param {string} text
 * @param {Entity[]} entities
 * @param {TextActions} actions
 * @returns {Node[]}
 */
export function formatted(text, entities, actions) {
  return build(text, 0, text.length, nest(entities, text.length), actions);
}

/**
 * @param {string} text
 * @param {number} start
 * @param {number} end
 * @param {import("./nesting.js").Span[]} spans
 * @param {TextActions} actions
 */
function build(text, start, end, spans, actions) {
  /** @type {Node[]} */
  const nodes = [];
  let position = start;
  for (const span of spans) {
    if (span.start > position) nodes.push(new Text(text.slice(position, span.start)));
    const inner = build(text, span.start, span.end, span.children, actions);
    const make = ELEMENTS[span.entity.type];
    const part = { entity: span.entity, inner, text: text.slice(span.start, span.end), actions };
    nodes.push(make ? make(part) : h("span", {}, ...inner));
    position = span.end;
    // A block already ends its line, so the line break after it would show as an empty line.
    if (BLOCKS.has(span.entity.type) && position < end && text[position] === "\n") position += 1;
  }
  if (position < end) nodes.push(new Text(text.slice(position, end)));
  return nodes;
}

/**
 * A link, or plain text if its address is not safe.
 *
 * @param {string | undefined} address
 * @param {Node[]} inner
 * @param {TextActions} actions
 */
function link(address, inner, actions) {
  const href = safeUrl(address);
  if (!href) return h("span", {}, ...inner);
  /** @param {Event} event */
  const click = (event) => {
    const payload = startPayload(href, actions.botUsername());
    if (payload === null) return;
    event.preventDefault();
    actions.sendText(`/start ${payload}`);
  };
  return h("a", { href, title: href, ...outside, on: { click } }, ...inner);
}

/**
 * @param {Entity} entity
 * @param {Node[]} inner Shown when there is no format, as Telegram does.
 */
function dateTime(entity, inner) {
  if (typeof entity.unix_time !== "number") return h("span", {}, ...inner);
  const shown = entityDate(entity.unix_time, entity.date_time_format ?? "");
  return h(
    "time",
    {
      class: "date-time",
      datetime: new Date(entity.unix_time * 1000).toISOString(),
      title: fullDate(entity.unix_time),
    },
    ...(shown ? [shown] : inner),
  );
}
