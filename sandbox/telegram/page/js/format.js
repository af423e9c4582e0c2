/**
 * Dates, sizes and names in the reader's own locale.
 */

import { t } from "./i18n.js";

const locale = navigator.language || "en";
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const full = new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "medium" });
const dayThisYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long" });
const dayOtherYear = new Intl.DateTimeFormat(locale, { dateStyle: "long" });
const ago = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });

/** @param {number} seconds Unix time */
const dateOf = (seconds) => new Date(seconds * 1000);

/** @param {number} seconds Unix time */
export const timeOfDay = (seconds) => clock.format(dateOf(seconds));

/** @param {number} seconds Unix time */
export const fullDate = (seconds) => full.format(dateOf(seconds));

/** @param {number} seconds Unix time */
export const dayKey = (seconds) => dateOf(seconds).toDateString();

/**
 * "Today", "Yesterday" or the date.
 *
 * @param {number} seconds Unix time
 */
export function dayName(seconds) {
  const date = dateOf(seconds);
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === today.toDateString()) return t("today");
  if (date.toDateString() === yesterday.toDateString()) return t("yesterday");
  return (date.getFullYear() === today.getFullYear() ? dayThisYear : dayOtherYear).format(date);
}

/**
 * The text of a `date_time` entity: `r` is relative; otherwise the weekday (`w`), the time
 * (`t` short, `T` long) and the date (`d` short, `D` long) follow one another.
 *
 * @param {number} seconds Unix time
 * @param {string} format
 */
export function entityDate(seconds, format) {
  if (format.includes("r")) return relative(seconds);
  const date = dateOf(seconds);
  const sameYear = date.getFullYear() === new Date().getFullYear();
  /** @type {Intl.DateTimeFormatOptions[]} */
  const parts = [];
  if (format.includes("w")) parts.push({ weekday: "long" });
  if (format.includes("T")) parts.push({ timeStyle: "medium" });
  else if (format.includes("t")) parts.push({ timeStyle: "short" });
  if (format.includes("D")) parts.push({ dateStyle: "long" });
  else if (format.includes("d")) {
    parts.push({ day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) });
  }
  return parts.map((options) => new Intl.DateTimeFormat(locale, options).format(date)).join(", ");
}

/** @param {number} seconds Unix time */
function relative(seconds) {
  const distance = seconds - Date.now() / 1000;
  /** @type {[Intl.RelativeTimeFormatUnit, number][]} */
  const units = [
    ["year", 31536000],
    ["month", 2592000],
    ["day", 86400],
    ["hour", 3600],
    ["minute", 60],
  ];
  const [unit, length] = units.find(([, size]) => Math.abs(distance) >= size) ?? ["second", 1];
  return ago.format(Math.round(distance / length), unit);
}

/** @param {number} bytes */
export function fileSize(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const power = Math.min(
    units.length - 1,
    Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1024)),
  );
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: units[power],
    unitDisplay: power ? "short" : "long",
    maximumFractionDigits: power > 1 ? 1 : 0,
  }).format(bytes / 1024 ** power);
}

/** @param {{first_name: string, last_name?: string | null}} person */
export const fullName = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

/** @param {string} name */
export const initials = (name) =>
  name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
