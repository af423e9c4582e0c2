/**
 * Entities that stand on lines of their own: code with its language, and quotations.
 */

import { h, icon } from "../dom.js";
import { t } from "../i18n.js";

/**
 * @param {Node[]} inner
 * @param {string | undefined} language
 * @param {() => void} onCopy
 */
export function codeBlock(inner, language, onCopy) {
  return h(
    "figure",
    { class: "code-block" },
    h(
      "figcaption",
      {},
      h("span", {}, language || ""),
      h(
        "button",
        { type: "button", class: "code-copy", on: { click: onCopy } },
        icon("copy"),
        t("copy"),
      ),
    ),
    h("pre", { tabindex: 0 }, h("code", {}, ...inner)),
  );
}

/**
 * @param {Node[]} inner
 * @param {boolean} expandable Shows three lines and a button for the rest.
 */
export function quote(inner, expandable) {
  if (!expandable) return h("blockquote", {}, ...inner);
  const text = h("div", { class: "quote-text" }, ...inner);
  const toggle = h("button", { type: "button", class: "quote-toggle", "aria-expanded": "false" });
  const block = h("blockquote", { class: "expandable" }, text, toggle);
  const show = (/** @type {boolean} */ open) => {
    block.classList.toggle("open", open);
    toggle.setAttribute("aria-expanded", String(open));
    toggle.textContent = t(open ? "showLess" : "showMore");
  };
  toggle.addEventListener("click", () => show(!block.classList.contains("open")));
  show(false);
  return block;
}
