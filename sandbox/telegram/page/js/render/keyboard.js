/**
 * The inline keyboard under a message: a grid of real buttons and links.
 */

import { h, icon, spoken } from "../dom.js";
import { t } from "../i18n.js";
import { outside, safeUrl } from "./links.js";

/** @typedef {import("../types.js").Button} Button */

const STYLES = new Set(["primary", "success", "danger", "link"]);

/** @type {Partial<Record<Button["kind"], {icon: string, hint: Parameters<typeof t>[0]}>>} */
const HINTS = {
  url: { icon: "external", hint: "opensLink" },
  web_app: { icon: "window", hint: "opensApp" },
  copy: { icon: "copy", hint: "copiesText" },
};

/**
 * @param {Button[][]} rows
 * @param {(button: Button) => void} onPress Not called for links and disabled buttons.
 */
export function inlineKeyboard(rows, onPress) {
  return h(
    "div",
    { class: "inline-keyboard" },
    ...rows.map((row) =>
      h("div", { class: "keyboard-row" }, ...row.map((button) => keyboardButton(button, onPress))),
    ),
  );
}

/**
 * @param {Button} button
 * @param {(button: Button) => void} onPress
 */
function keyboardButton(button, onPress) {
  const style = button.style && STYLES.has(button.style) ? ` style-${button.style}` : "";
  const attributes = { class: `keyboard-button${style}` };
  const hint = HINTS[button.kind];
  const content = [
    h("span", { class: "label" }, button.text),
    hint && icon(hint.icon),
    hint && spoken(`, ${t(hint.hint)}`),
  ];
  const href = button.kind === "url" && !button.disabled ? safeUrl(button.url) : null;
  if (href) return h("a", { ...attributes, href, ...outside }, ...content);
  const unusable = button.disabled || button.kind === "url";
  return h(
    "button",
    {
      ...attributes,
      type: "button",
      disabled: unusable,
      on: { click: () => onPress(button) },
    },
    ...content,
  );
}
