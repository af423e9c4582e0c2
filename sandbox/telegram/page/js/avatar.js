/**
 * Round pictures of people and the bot: initials on a colour that depends on the id.
 */

import { h } from "./dom.js";
import { initials } from "./format.js";

const COLOURS = 7;

/**
 * @param {string} name
 * @param {number} id
 * @param {string} [extra] More classes.
 */
export const avatar = (name, id, extra = "") =>
  h(
    "span",
    { class: `avatar colour-${Math.abs(id) % COLOURS} ${extra}`, "aria-hidden": "true" },
    initials(name),
  );

/** The picture of the bot: a window with the light on. */
export const botAvatar = (/** @type {string} */ extra = "") =>
  h("img", { class: `avatar bot-avatar ${extra}`, src: "/page/icon.svg", alt: "" });
