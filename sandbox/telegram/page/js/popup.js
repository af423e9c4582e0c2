/**
 * Modal dialogs: messages and decisions before the chat goes on.
 *
 * They are native dialogs, so the browser keeps the focus inside, closes on Escape and gives
 * the focus back.
 */

import { h, iconButton } from "./dom.js";
import { t } from "./i18n.js";

/**
 * Opens a dialog that removes itself when it closes; a press beside it closes it as well.
 *
 * @param {string} label
 * @param {Record<string, any>} attributes
 * @param {...import("./dom.js").Child} children
 */
export function openDialog(label, attributes, ...children) {
  const dialog = h("dialog", { "aria-label": label, ...attributes }, ...children);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * The bot's answer to a button that asks to be confirmed.
 *
 * @param {string} title
 * @param {string} text
 */
export function showAlert(title, text) {
  const ok = h(
    "button",
    { type: "button", class: "plain-button primary", autofocus: true },
    t("ok"),
  );
  const dialog = openDialog(
    title,
    { class: "alert", role: "alertdialog" },
    h("div", { class: "dialog-body" }, h("h2", {}, title), h("p", { class: "alert-text" }, text)),
    h("div", { class: "dialog-actions" }, ok),
  );
  ok.addEventListener("click", () => dialog.close());
}

/**
 * Explains a web app button and offers its address.
 *
 * @param {string} title
 * @param {string} href
 */
export function showWebApp(title, href) {
  const cancel = h("button", { type: "button", class: "plain-button" }, t("cancel"));
  const open = h(
    "a",
    { class: "plain-button primary", href, target: "_blank", rel: "noopener noreferrer" },
    t("openLink"),
  );
  const dialog = openDialog(
    t("webApp"),
    { class: "alert" },
    h(
      "div",
      { class: "dialog-body" },
      h("h2", {}, `${t("webApp")}: ${title}`),
      h("p", {}, t("webAppText")),
      h("p", { class: "address" }, href),
    ),
    h("div", { class: "dialog-actions" }, cancel, open),
  );
  for (const button of [cancel, open]) button.addEventListener("click", () => dialog.close());
}

/** @param {import("./types.js").Media} media */
export function showPicture(media) {
  const dialog = openDialog(
    t("photo"),
    { class: "lightbox" },
    h("img", { src: media.url, alt: t("photo") }),
    iconButton("close", t("close"), () => dialog.close(), { class: "lightbox-close" }),
  );
  dialog.addEventListener("click", () => dialog.close());
}
