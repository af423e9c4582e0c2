/**
 * The list of messages on the page, kept equal to the state with as few changes as possible.
 */

import { h } from "./dom.js";
import { dayKey, dayName } from "./format.js";
import { MessageView } from "./render/message.js";

/** @typedef {import("./types.js").Message} Message */

const GROUP_SECONDS = 300;
const LEAVING_MS = 180;

const calm = matchMedia("(prefers-reduced-motion: reduce)");

export class Timeline {
  /**
   * @param {HTMLElement} list
   * @param {import("./render/message.js").MessageActions} actions
   */
  constructor(list, actions) {
    this.list = list;
    this.actions = actions;
    /** @type {Map<number, MessageView>} */
    this.views = new Map();
    /** @type {Map<string, HTMLElement>} */
    this.days = new Map();
  }

  /**
   * @param {Map<number, Message>} messages
   * @param {{animate: boolean}} options
   * @returns {Message[]} Those that were not shown before.
   */
  show(messages, { animate }) {
    const fresh = [];
    for (const id of [...this.views.keys()]) if (!messages.has(id)) this.remove(id, animate);
    const ordered = [...messages.values()].sort((a, b) => a.id - b.id);
    for (const message of ordered) {
      const view = this.views.get(message.id);
      if (view) view.update(message);
      else fresh.push(message);
    }
    for (const message of fresh) this.add(message, animate);
    this.arrange(ordered);
    return fresh;
  }

  /**
   * @param {Message} message
   * @param {boolean} animate
   */
  add(message, animate) {
    const view = new MessageView(message, this.actions);
    this.views.set(message.id, view);
    view.element.classList.toggle("arriving", animate);
  }

  /**
   * @param {number} id
   * @param {boolean} animate
   */
  remove(id, animate) {
    const element = /** @type {MessageView} */ (this.views.get(id)).element;
    this.views.delete(id);
    if (element.contains(document.activeElement)) this.list.focus({ preventScroll: true });
    if (!animate || calm.matches) return element.remove();
    element.classList.add("leaving");
    element.setAttribute("aria-hidden", "true");
    element.inert = true;
    setTimeout(() => element.remove(), LEAVING_MS);
  }

  /**
   * Puts everything in order inside its day, and marks where groups of one author begin
   * and end.
   *
   * @param {Message[]} ordered
   */
  arrange(ordered) {
    const oldDays = this.days;
    this.days = new Map();
    /** @type {Element | null} */
    let lastDay = null;
    /** @type {Element | null} */
    let last = null;
    for (const [index, message] of ordered.entries()) {
      const key = dayKey(message.date);
      let day = this.days.get(key);
      if (!day) {
        day =
          oldDays.get(key)
          ?? h("div", { class: "day" }, h("div", { class: "day-name" }, h("span")));
        last = /** @type {Element} */ (day.firstElementChild);
        /** @type {Element} */ (last.firstElementChild).textContent = dayName(message.date);
        this.days.set(key, day);
        lastDay = place(day, this.list, lastDay);
      }
      const { element } = /** @type {MessageView} */ (this.views.get(message.id));
      last = place(element, day, last);
      element.classList.toggle("group-start", !together(ordered[index - 1], message));
      element.classList.toggle("group-end", !together(message, ordered[index + 1]));
    }
    for (const [key, day] of oldDays) if (!this.days.has(key)) day.remove();
  }

  /** @param {number} id Shows anew which of its buttons wait for an answer. */
  showWaiting(id) {
    this.views.get(id)?.showWaiting();
  }

  /** @param {number} id */
  jumpTo(id) {
    const element = this.views.get(id)?.element;
    if (!element) return;
    element.scrollIntoView({ block: "center", behavior: calm.matches ? "instant" : "smooth" });
    element.classList.remove("pointed");
    requestAnimationFrame(() => element.classList.add("pointed"));
  }
}

/**
 * Puts an element after another unless it is there already: moving it would restart its media.
 *
 * @param {Element} element
 * @param {Element} parent
 * @param {Element | null} previous
 */
function place(element, parent, previous) {
  let next = previous ? previous.nextElementSibling : parent.firstElementChild;
  while (next?.classList.contains("leaving")) next = next.nextElementSibling;
  if (next !== element) parent.insertBefore(element, next);
  return element;
}

/**
 * @param {Message | undefined} a
 * @param {Message | undefined} b
 */
const together = (a, b) =>
  a !== undefined
  && b !== undefined
  && a.author === b.author
  && a.from?.id === b.from?.id
  && b.date - a.date < GROUP_SECONDS
  && dayKey(a.date) === dayKey(b.date);
