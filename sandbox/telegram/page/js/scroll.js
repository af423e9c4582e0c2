/**
 * Keeps the scroll position: at the newest message if it was visible, otherwise in place.
 */

import { h, icon } from "./dom.js";
import { t } from "./i18n.js";

const NEAR = 48;

/**
 * @param {HTMLElement} viewport The element that scrolls.
 * @param {HTMLElement} content What grows inside it.
 */
export function createScroll(viewport, content) {
  let atBottom = true;
  let unseen = 0;
  let heights = "";

  const badge = h("span", { class: "badge" });
  const button = h(
    "button",
    { type: "button", class: "to-newest", hidden: true, on: { click: () => toBottom(true) } },
    icon("down"),
    badge,
  );

  // Not `scrollHeight`: an animation that moves the last message changes that.
  const measure = () => `${content.offsetHeight} ${viewport.clientHeight}`;

  const draw = () => {
    button.hidden = atBottom;
    badge.hidden = unseen === 0;
    badge.textContent = String(unseen);
    const label = unseen ? `${t("newMessages")}: ${unseen}` : t("toNewest");
    button.setAttribute("aria-label", label);
    button.title = label;
  };

  const toBottom = (smooth = false) => {
    atBottom = true;
    unseen = 0;
    heights = measure();
    viewport.scrollTo({ top: viewport.scrollHeight, behavior: smooth ? "smooth" : "instant" });
    draw();
  };

  viewport.addEventListener(
    "scroll",
    () => {
      // A change of layout scrolls too; only a person's own scrolling decides where they are.
      if (atBottom && measure() !== heights) return;
      atBottom = viewport.scrollHeight - viewport.scrollTop - viewport.clientHeight < NEAR;
      if (atBottom) unseen = 0;
      draw();
    },
    { passive: true },
  );

  // Pictures that load, drafts that grow and an on-screen keyboard that opens all end here.
  const observer = new ResizeObserver(() => atBottom && toBottom());
  observer.observe(content);
  observer.observe(viewport);
  draw();

  return {
    button,
    toBottom,
    /** @param {number} count New messages of the bot that may be out of sight. */
    arrived: (count) => {
      if (atBottom) return;
      unseen += count;
      draw();
    },
    end: () => observer.disconnect(),
  };
}
