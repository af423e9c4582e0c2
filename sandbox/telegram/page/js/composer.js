/**
 * The input area: text field, commands, the bot's keyboard, files. Before the chat begins and
 * while the bot is blocked, it has a single button.
 */

import { CommandList } from "./commands.js";
import { h, icon, iconButton } from "./dom.js";
import { createIdle } from "./idle.js";
import { t } from "./i18n.js";
import { createReplyKeyboard } from "./replykeyboard.js";

const TALLEST = 180;

export class Composer {
  /**
   * @param {{onSend: (text: string) => void, onFiles: (files: File[]) => void,
   *   onUnblock: () => void}} actions
   */
  constructor({ onSend, onFiles, onUnblock }) {
    this.onSend = onSend;
    this.onFiles = onFiles;
    /** @type {import("./types.js").Command[]} */
    this.known = [];
    this.commands = new CommandList(
      ({ command }) => this.choose(command),
      () => this.field.focus(),
    );
    this.replies = createReplyKeyboard(onSend);
    this.field = h("textarea", {
      class: "field",
      rows: 1,
      maxlength: 4096,
      placeholder: t("message"),
      "aria-label": t("message"),
      "aria-controls": this.commands.id,
      enterkeyhint: "send",
      on: {
        input: () => this.typed(),
        keydown: (/** @type {KeyboardEvent} */ event) => this.key(event),
      },
    });
    this.field.addEventListener("blur", () => this.commands.leave(this.field));
    this.field.addEventListener("paste", (event) => this.paste(event));
    this.menu = h(
      "button",
      {
        type: "button",
        class: "menu-button",
        "aria-haspopup": "listbox",
        "aria-label": t("menu"), // on a phone the word is not shown
        on: { click: () => this.toggleMenu() },
      },
      icon("menu"),
      h("span", {}, t("menu")),
    );
    // The press must not take the focus from the list before it closes the list.
    this.menu.addEventListener("mousedown", (event) => event.preventDefault());
    this.sendButton = iconButton("send", t("send"), () => this.submit(this.field.value), {
      class: "send-button",
    });
    this.picker = h("input", {
      type: "file",
      multiple: true,
      hidden: true,
      on: { change: () => this.picked() },
    });
    this.row = h(
      "div",
      { class: "composer-row" },
      this.menu,
      iconButton("attach", t("attach"), () => this.picker.click()),
      this.field,
      this.replies.toggle,
      this.sendButton,
      this.picker,
    );
    this.idle = createIdle({ onStart: () => onSend("/start"), onUnblock });
    this.element = h(
      "footer",
      { class: "composer" },
      this.commands.element,
      this.idle.element,
      this.row,
      this.replies.panel,
    );
    this.typed();
  }

  /** @param {import("./store.js").ChatState} state */
  show(state) {
    this.known = state.commands;
    this.idle.show(state);
    this.row.hidden = !this.idle.element.hidden;
    this.menu.hidden = state.commands.length === 0;
    this.field.placeholder = state.reply_keyboard?.placeholder || t("message");
    this.replies.show(this.row.hidden ? null : state.reply_keyboard);
    // The pressed element may be hidden now and would lose the focus.
    const active = document.activeElement;
    if (active && this.element.contains(active) && !active.checkVisibility()) this.focus();
  }

  focus() {
    if (this.row.hidden) this.idle.focus();
    else this.field.focus();
  }

  /** Restores a text that could not be sent, unless the user has typed another. */
  restore(/** @type {string} */ text) {
    if (this.field.value) return;
    this.field.value = text;
    this.typed();
  }

  /** @param {string} text */
  submit(text) {
    if (!text.trim()) return;
    this.field.value = "";
    this.typed();
    this.onSend(text);
  }

  /** @param {string} command Takes the place of one half typed, but of no other text. */
  choose(command) {
    const draft = this.field.value.startsWith("/") ? "" : this.field.value;
    this.submit(`/${command}`);
    this.restore(draft);
  }

  typed() {
    const { field } = this;
    field.style.height = "";
    if (field.value) field.style.height = `${Math.min(field.scrollHeight, TALLEST)}px`;
    this.sendButton.disabled = !field.value.trim();
    const typed = /^\/(\w*)$/.exec(field.value);
    const matching = typed
      ? this.known.filter(({ command }) => command.startsWith(typed[1].toLowerCase()))
      : [];
    this.commands.open(matching, field);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (this.commands.handleKey(event)) return;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit(this.field.value);
  }

  toggleMenu() {
    if (this.commands.isOpen) this.commands.close();
    else this.commands.open(this.known, this.commands.element);
  }

  picked() {
    this.onFiles([...(this.picker.files ?? [])]);
    this.picker.value = "";
  }

  /** @param {ClipboardEvent} event */
  paste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.onFiles(files);
  }
}
