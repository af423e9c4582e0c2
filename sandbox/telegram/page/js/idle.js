/**
 * The single button in place of the text field: it starts the chat, or unblocks the bot.
 */

import { h, icon } from "./dom.js";
import { t } from "./i18n.js";

/** @param {{onStart: () => void, onUnblock: () => void}} actions */
export function createIdle({ onStart, onUnblock }) {
  const wide = (/** @type {string} */ label, /** @type {() => void} */ click) =>
    h("button", { type: "button", class: "wide-button", on: { click } }, label);
  const start = wide(t("start"), onStart);
  const unblock = wide(t("unblock"), onUnblock);
  const note = h("span", {}, icon("block"), t("blocked"));
  const blocked = h("div", { class: "blocked-note" }, note, unblock);
  const element = h("div", { class: "idle", hidden: true }, start, blocked);
  return {
    element,
    /** @param {import("./store.js").ChatState} state */
    show: (state) => {
      blocked.hidden = !state.blocked;
      start.hidden = state.blocked;
      element.hidden = !state.blocked && state.messages.size > 0;
    },
    focus: () => (blocked.hidden ? start : unblock).focus(),
  };
}
