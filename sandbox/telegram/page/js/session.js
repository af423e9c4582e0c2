/**
 * The people that this browser shows: those in the address (`#user=1,2`), or the remembered
 * person, or a new one.
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

/** @param {Person} person Shown at the next visit without people in the address. */
export function remember(person) {
  try {
    localStorage.setItem(KEY, String(person.id));
  } catch {
    // A browser without storage shows a new person at each visit.
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
 * Returns the people to show: at least one.
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
