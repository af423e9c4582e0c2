/**
 * The contents of an empty chat: the bot's name and description.
 */

import { botAvatar } from "./avatar.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";

export function createWelcome() {
  const text = h("p");
  const element = h(
    "div",
    { class: "welcome", hidden: true },
    botAvatar("huge"),
    h("h2", {}, t("emptyTitle")),
    text,
  );
  return {
    element,
    /** @param {import("./store.js").ChatState} state */
    show: ({ bot, messages }) => {
      element.hidden = messages.size > 0;
      text.textContent = bot?.description || t("emptyText");
    },
  };
}
