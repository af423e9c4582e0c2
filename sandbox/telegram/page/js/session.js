/**
 * Which people this browser shows: from the address (`#user=1,2`), else the one it remembers,
 * else somebody new.
 */

import { createPerson, listPeople } from "./api.js";
import { language } from "./i18n.js";

/** @typedef {import("./types.js").Person} Person */

const KEY = "okno.person";
const NAMES = {
  en: ["Alex", "Robin", "Sam", "Charlie", "Jamie", "Morgan", "Taylor", "Casey"],
  ru: ["Саша", "Женя", "Валя", "Тоня", "Лёша", "Вера", "Митя", "Оля"],
};

/** @returns {number[]} */
export function idsInAddress() {
  const value = new URLSearchParams(location.hash.slice(1)).get("user") ?? "";
  return [
    ...new Set(
      value
        .split(",")
        .map(Number)
        .filter((id) => Number.isInteger(id) && id > 0),
    ),
  ];
}

/** @param {number[]} ids */
export function showInAddress(ids) {
  if (idsInAddress().join() !== ids.join())
    history.replaceState(null, "", `#user=${ids.join(",")}`);
}

/** @param {Person} person The one to come back to without an address. */
export function remember(person) {
  try {
    localStorage.setItem(KEY, String(person.id));
  } catch {
    // A browser that stores nothing meets somebody new at each visit.
  }
}

function remembered() {
  try {
    return Number(localStorage.getItem(KEY));
  } catch {
    return 0;
  }
}

/** @returns {Promise<Person>} */
export function createNewcomer() {
  const names = NAMES[language];
  const first_name = names[Math.floor(Math.random() * names.length)];
  return createPerson({ first_name, language_code: (navigator.language || "en").slice(0, 2) });
}

/**
 * The people to show; never nobody.
 *
 * @returns {Promise<Person[]>}
 */
export async function findPeople() {
  const known = new Map((await listPeople()).map((person) => [person.id, person]));
  const ids = idsInAddress();
  const found = (ids.length ? ids : [remembered()]).map((id) => known.get(id));
  const people = /** @type {Person[]} */ (found.filter(Boolean));
  return people.length ? people : [await createNewcomer()];
}
