/**
 * The page's own words, in English and Russian; what the bot says is shown as it is.
 */

import { en } from "./words/en.js";
import { ru } from "./words/ru.js";

export const language = (navigator.language || "en").toLowerCase().startsWith("ru") ? "ru" : "en";

const words = language === "ru" ? ru : en;

/**
 * @param {keyof typeof en} key
 * @param {Record<string, string | number>} [values] Put where the text has `{name}`.
 */
export function t(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}
