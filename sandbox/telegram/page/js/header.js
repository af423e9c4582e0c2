/**
 * The top of a chat: the bot with its action, the user, and the menu of the chat.
 */

import { avatar, botAvatar } from "./avatar.js";
import { h, iconButton } from "./dom.js";
import { fullName } from "./format.js";
import { t } from "./i18n.js";
import { menuButton } from "./menu.js";

/** @type {Record<string, Parameters<typeof t>[0]>} */
const ACTIONS = {
  typing: "action.typing",
  upload_photo: "action.upload_photo",
  upload_document: "action.upload_document",
  record_voice: "action.record_voice",
  upload_voice: "action.upload_voice",
  record_video: "action.record_video",
  upload_video: "action.upload_video",
  choose_sticker: "action.choose_sticker",
  find_location: "action.find_location",
};

/**
 * @param {{person: import("./types.js").Person, onPeople: () => void, onClose: () => void,
 *   onBlock: (block: boolean) => void, isBlocked: () => boolean}} parts
 */
export function createHeader({ person, onPeople, onClose, onBlock, isBlocked }) {
  const name = h("h1", { class: "bot-name" }, " ");
  const status = h("p", { class: "bot-status" }, t("loading"));
  const you = h(
    "button",
    {
      type: "button",
      class: "you-button",
      "aria-label": t("switchPerson", { name: fullName(person) }),
      title: t("switchPerson", { name: fullName(person) }),
      on: { click: onPeople },
    },
    avatar(fullName(person), person.id, "small"),
    h("span", { class: "you-name" }, person.first_name),
  );
  const menu = menuButton(t("chatMenu"), () => [
    { label: t("people"), run: onPeople },
    { label: t(isBlocked() ? "unblock" : "block"), run: () => onBlock(!isBlocked()) },
  ]);
  const element = h(
    "header",
    { class: "chat-header" },
    botAvatar(),
    h("div", { class: "bot-title" }, name, status),
    you,
    menu,
    iconButton("close", t("closeColumn"), onClose, { class: "close-column" }),
  );
  return {
    element,
    /** @param {import("./store.js").ChatState} state */
    show: ({ bot, action, connection }) => {
      if (bot) name.textContent = bot.first_name;
      const doing = connection === "live" && action;
      status.classList.toggle("doing", Boolean(doing));
      const text = doing ? t(ACTIONS[doing] ?? "action.typing") : t(bot ? "bot" : "loading");
      if (status.textContent !== text) status.textContent = text;
    },
  };
}
