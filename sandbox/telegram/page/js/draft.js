/**
 * The draft of an answer: a bubble that grows, with a Stop button.
 *
 * It is outside the log, so that a screen reader reads the finished answer once instead of
 * every step.
 */

import { h, icon } from "./dom.js";
import { t } from "./i18n.js";
import { formatted } from "./render/entities.js";

/**
 * @param {import("./render/entities.js").TextActions} actions
 * @param {{onStop: () => void, onEnd: () => void}} listener `onEnd` is called when the draft goes
 *   away with the focus in it.
 */
export function createDraft(actions, { onStop, onEnd }) {
  const text = h("div", { class: "text" });
  const stop = h(
    "button",
    { type: "button", class: "draft-stop", on: { click: onStop } },
    icon("stop"),
    t("stop"),
  );
  const element = h(
    "div",
    { class: "message from-bot group-start group-end draft", hidden: true },
    h("div", { class: "bubble" }, text),
    stop,
  );
  /** @type {import("./types.js").Draft | null} */
  let shown = null;

  return {
    element,
    isShown: () => shown !== null,
    /** @param {import("./types.js").Draft | null} draft */
    show: (draft) => {
      if (draft === shown) return;
      shown = draft;
      const hadFocus = element.contains(document.activeElement);
      element.hidden = draft === null;
      if (!draft) {
        text.replaceChildren();
        if (hadFocus) onEnd();
        return;
      }
      stop.hidden = !draft.can_stop;
      element.classList.toggle("thinking", !draft.text);
      text.replaceChildren(
        ...(draft.text ? formatted(draft.text, draft.entities, actions) : [t("thinking")]),
      );
    },
  };
}
