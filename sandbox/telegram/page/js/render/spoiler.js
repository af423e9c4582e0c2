/**
 * Text that is hidden until it is pressed. Hidden text cannot be read or used.
 */

import { h } from "../dom.js";
import { t } from "../i18n.js";

/** @param {Node[]} inner */
export function spoiler(inner) {
  const content = h(
    "span",
    { class: "spoiler-text", inert: true, "aria-hidden": "true" },
    ...inner,
  );
  const cover = h(
    "span",
    { class: "spoiler", role: "button", tabindex: 0, "aria-label": t("spoiler") },
    content,
  );
  const reveal = () => {
    cover.classList.add("revealed");
    for (const name of ["role", "tabindex", "aria-label"]) cover.removeAttribute(name);
    content.removeAttribute("inert");
    content.removeAttribute("aria-hidden");
  };
  cover.addEventListener("click", reveal, { once: true });
  cover.addEventListener("keydown", (event) => {
    if (event.target !== cover || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    reveal();
  });
  return cover;
}
