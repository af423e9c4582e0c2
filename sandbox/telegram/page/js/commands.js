/**
 * The list of the bot's commands: opened by the Menu button, or by typing "/".
 *
 * One option is always active; the focus stays where it was (the text field, or the list
 * itself when the button opened it) and points to it, as the ARIA listbox pattern asks.
 */

import { h } from "./dom.js";
import { t } from "./i18n.js";

/** @typedef {import("./types.js").Command} Command */

let lists = 0;

export class CommandList {
  /**
   * @param {(command: Command) => void} onChoose
   * @param {() => void} onLeave The list closes with the focus in it.
   */
  constructor(onChoose, onLeave) {
    this.onChoose = onChoose;
    this.onLeave = onLeave;
    this.id = `commands-${(lists += 1)}`;
    /** @type {Command[]} */
    this.commands = [];
    this.active = 0;
    /** @type {HTMLElement | null} */
    this.owner = null;
    this.element = h("div", {
      id: this.id,
      class: "command-list",
      role: "listbox",
      tabindex: -1,
      "aria-label": t("commands"),
      hidden: true,
      on: { keydown: (/** @type {KeyboardEvent} */ event) => this.handleKey(event) },
    });
    this.element.addEventListener("focusout", () => this.leave(this.element));
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /**
   * @param {Command[]} commands
   * @param {HTMLElement} owner The element that has the focus while the list is open.
   */
  open(commands, owner) {
    if (!commands.length) return this.close();
    this.owner = owner;
    this.commands = commands;
    this.element.replaceChildren(...commands.map((command, index) => this.option(command, index)));
    this.element.hidden = false;
    this.activate(0);
    if (owner === this.element) this.element.focus();
  }

  /** @param {HTMLElement} element It has lost the focus. */
  leave(element) {
    if (this.owner === element) this.close();
  }

  close() {
    if (!this.isOpen) return;
    const hadFocus = document.activeElement === this.element;
    this.element.hidden = true;
    this.owner?.removeAttribute("aria-activedescendant");
    this.owner = null;
    if (hadFocus) this.onLeave();
  }

  /**
   * @param {Command} command
   * @param {number} index
   */
  option(command, index) {
    return h(
      "div",
      {
        id: `${this.id}-${index}`,
        class: "command",
        role: "option",
        on: {
          // The press must not take the focus from the text field.
          mousedown: (/** @type {Event} */ event) => event.preventDefault(),
          mousemove: () => this.activate(index),
          click: () => this.choose(index),
        },
      },
      h("span", { class: "command-name" }, `/${command.command}`),
      h("span", { class: "command-description" }, command.description),
    );
  }

  /** @param {number} index */
  activate(index) {
    this.active = index;
    for (const [place, option] of [...this.element.children].entries()) {
      option.setAttribute("aria-selected", String(place === index));
      if (place !== index) continue;
      option.scrollIntoView({ block: "nearest" });
      this.owner?.setAttribute("aria-activedescendant", option.id);
    }
  }

  /** @param {number} index */
  choose(index) {
    const command = this.commands[index];
    this.close();
    this.onChoose(command);
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} Whether the key was for the list.
   */
  handleKey(event) {
    if (!this.isOpen || event.isComposing) return false;
    const count = this.commands.length;
    if (event.key === "ArrowDown") this.activate((this.active + 1) % count);
    else if (event.key === "ArrowUp") this.activate((this.active + count - 1) % count);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey))
      this.choose(this.active);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
