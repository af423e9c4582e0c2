/**
 * The texts of the page, in English and Russian. Texts of the bot are not translated.
 */

import { en } from "./words/en.js";
import { en as modelsEn } from "./words/models/en.js";
import { ru as modelsRu } from "./words/models/ru.js";
import { ru } from "./words/ru.js";

const english = { ...en, ...modelsEn };
const russian = { ...ru, ...modelsRu };

export const language = (navigator.language || "en").toLowerCase().startsWith("ru") ? "ru" : "en";

const words = language === "ru" ? russian : english;

/**
 * @param {keyof typeof english} key
 * @param {Record<string, string | number>} [values] Put where the text has `{name}`.
 */
export function t(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}
