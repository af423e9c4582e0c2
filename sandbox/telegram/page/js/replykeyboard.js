/**
 * The bot's own keyboard under the text field: each key sends its label.
 */

import { h, iconButton } from "./dom.js";
import { t } from "./i18n.js";

/** @param {(text: string) => void} onPress */
export function createReplyKeyboard(onPress) {
  const panel = h("div", {
    class: "reply-keyboard",
    role: "group",
    "aria-label": t("botKeyboard"),
    hidden: true,
  });
  const toggle = iconButton("keyboard", t("hideKeyboard"), () => setOpen(panel.hidden), {
    hidden: true,
  });
  /** @type {import("./types.js").ReplyKeyboard | null} */
  let shown = null;

  const setOpen = (/** @type {boolean} */ open) => {
    panel.hidden = !open;
    const label = t(open ? "hideKeyboard" : "showKeyboard");
    toggle.setAttribute("aria-label", label);
    toggle.setAttribute("aria-expanded", String(open));
    toggle.title = label;
  };

  const key = (/** @type {{text: string}} */ { text }) =>
    h(
      "button",
      {
        type: "button",
        class: "reply-key",
        on: {
          click: () => {
            if (shown?.one_time) setOpen(false);
            onPress(text);
          },
        },
      },
      text,
    );

  return {
    panel,
    toggle,
    /** @param {import("./types.js").ReplyKeyboard | null} keyboard */
    show: (keyboard) => {
      if (JSON.stringify(keyboard) === JSON.stringify(shown)) return;
      shown = keyboard;
      toggle.hidden = keyboard === null;
      panel.classList.toggle("compact", keyboard?.resize ?? false);
      panel.replaceChildren(
        ...(keyboard?.rows ?? []).map((row) =>
          h("div", { class: "keyboard-row" }, ...row.map(key)),
        ),
      );
      setOpen(keyboard !== null);
    },
  };
}
