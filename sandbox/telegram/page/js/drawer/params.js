/**
 * Parameters of a call as indented, coloured JSON, with the fields Telegram does not know marked.
 */

import { h } from "../dom.js";
import { t } from "../i18n.js";

/**
 * @param {unknown} params
 * @param {string[]} unknown Paths such as `reply_markup.inline_keyboard[0][1].stlye`.
 * @returns {(Node | string)[]}
 */
export function prettyParams(params, unknown) {
  return write(params, "", "", new Set(unknown));
}

/**
 * @param {unknown} value
 * @param {string} path
 * @param {string} indent
 * @param {Set<string>} unknown
 * @returns {(Node | string)[]}
 */
function write(value, path, indent, unknown) {
  const parsed = unwrapped(value);
  if (parsed === null || typeof parsed !== "object") {
    return [
      h(
        "span",
        { class: `json-${parsed === null ? "null" : typeof parsed}` },
        JSON.stringify(parsed),
      ),
    ];
  }
  const inList = Array.isArray(parsed);
  const [open, close] = inList ? "[]" : "{}";
  const entries = Object.entries(parsed);
  if (!entries.length) return [open + close];
  const deeper = `${indent}  `;
  const lines = entries.flatMap(([key, inner], place) => {
    const here = inList ? `${path}[${key}]` : [path, key].filter(Boolean).join(".");
    const label = inList ? [] : [keyLabel(key, unknown.has(here)), ": "];
    const comma = place < entries.length - 1 ? "," : "";
    return [`\n${deeper}`, ...label, ...write(inner, here, deeper, unknown), comma];
  });
  return [open, ...lines, `\n${indent}`, close];
}

/**
 * @param {string} key
 * @param {boolean} isUnknown
 */
const keyLabel = (key, isUnknown) =>
  isUnknown
    ? h("mark", { class: "json-unknown", title: t("unknownField") }, key)
    : h("span", { class: "json-key" }, key);

/**
 * Containers are sent as JSON strings; the page shows their contents.
 *
 * @param {unknown} value
 */
function unwrapped(value) {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
