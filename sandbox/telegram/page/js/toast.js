/**
 * Short notices over a chat that go away by themselves.
 */

import { h } from "./dom.js";

const SHORTEST_MS = 3000;
const MS_PER_CHARACTER = 45;

/** A place for the notices of one chat; screen readers read them without interrupting. */
export function createToasts() {
  const element = h("div", { class: "toasts", role: "status" });
  return {
    element,
    /**
     * @param {string} text
     * @param {...Node} extra For example a link.
     */
    show: (text, ...extra) => {
      const toast = h("div", { class: "toast" }, h("span", {}, text), ...extra);
      element.replaceChildren(toast);
      setTimeout(() => toast.remove(), SHORTEST_MS + text.length * MS_PER_CHARACTER);
    },
  };
}
