/**
 * A button that opens a short menu under it.
 */

import { h, iconButton } from "./dom.js";

/**
 * @param {string} label
 * @param {() => {label: string, run: () => void}[]} items Asked for at each opening.
 */
export function menuButton(label, items) {
  const list = h("div", { class: "menu", role: "menu", "aria-label": label, hidden: true });
  const button = iconButton("more", label, () => (list.hidden ? open() : close()), {
    "aria-haspopup": "menu",
    "aria-expanded": "false",
  });
  const element = h("div", { class: "menu-anchor" }, button, list);

  const open = () => {
    list.replaceChildren(
      ...items().map(({ label: name, run }) =>
        h(
          "button",
          { type: "button", role: "menuitem", on: { click: () => (close(), run()) } },
          name,
        ),
      ),
    );
    list.hidden = false;
    button.setAttribute("aria-expanded", "true");
    /** @type {HTMLElement} */ (list.firstElementChild)?.focus();
  };

  const close = () => {
    if (list.contains(document.activeElement)) button.focus();
    list.hidden = true;
    button.setAttribute("aria-expanded", "false");
  };

  element.addEventListener("focusout", (event) => {
    if (!element.contains(/** @type {Node | null} */ (event.relatedTarget))) close();
  });
  list.addEventListener("keydown", (event) => {
    const entries = /** @type {HTMLElement[]} */ ([...list.children]);
    const place = entries.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") entries[(place + 1) % entries.length].focus();
    else if (event.key === "ArrowUp") entries.at(place - 1)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return element;
}
