/**
 * The columns of chats, and the address of the page that lists them.
 */

import { createPerson } from "./api.js";
import { Chat } from "./chat.js";
import { h } from "./dom.js";
import { untilDone } from "./retry.js";
import { findPeople, remember, showInAddress } from "./session.js";

/** @typedef {import("./types.js").Person} Person */

const MOST_COLUMNS = 3;

export class Workspace {
  /**
   * @param {{onPeople: () => void, onPeopleChanged: () => void, onActivity: () => void}} listener
   */
  constructor(listener) {
    this.listener = listener;
    /** @type {Chat[]} */
    this.chats = [];
    /** @type {Chat | null} */
    this.active = null;
    this.element = h("main", { class: "columns" });
  }

  /** @returns {Person[]} */
  people() {
    return this.chats.map(({ person }) => person);
  }

  /** Shows the people in the address, also after it was changed by hand. */
  async start() {
    const wanted = await findPeople();
    if (
      wanted.map(({ id }) => id).join()
      === this.people()
        .map(({ id }) => id)
        .join()
    )
      return;
    for (const chat of [...this.chats]) this.drop(chat);
    for (const person of wanted.slice(0, MOST_COLUMNS)) this.add(person);
    this.settled();
  }

  /** @param {Person} person Takes the place of the active column. */
  open(person) {
    const shown = this.chats.find((chat) => chat.person.id === person.id);
    if (shown) return this.activate(shown, true);
    if (this.active) this.replace(this.active, person);
    else this.add(person);
    this.settled();
    this.active?.focus();
  }

  /** @param {Person} person Gets a column of their own. */
  openBeside(person) {
    const shown = this.chats.find((chat) => chat.person.id === person.id);
    if (shown) return this.activate(shown, true);
    if (this.chats.length >= MOST_COLUMNS) return this.open(person);
    this.add(person);
    this.settled();
  }

  /** @param {Chat} chat */
  close(chat) {
    if (this.chats.length < 2) return;
    this.drop(chat);
    this.settled();
    this.active?.focus();
  }

  /**
   * @param {Person} person
   * @param {Chat} [before]
   */
  add(person, before) {
    const chat = new Chat(person, {
      onPeople: this.listener.onPeople,
      onClose: () => this.close(chat),
      onGone: () => this.revive(chat),
      onActivity: this.listener.onActivity,
    });
    const place = before ? this.chats.indexOf(before) : this.chats.length;
    this.chats.splice(place, 0, chat);
    this.element.insertBefore(chat.element, before?.element ?? null);
    chat.element.addEventListener("focusin", () => this.activate(chat));
    chat.element.addEventListener("pointerdown", () => this.activate(chat));
    this.activate(chat);
  }

  /** @param {Chat} chat */
  drop(chat) {
    chat.end();
    this.chats = this.chats.filter((other) => other !== chat);
    if (this.active === chat) this.active = null;
    if (!this.active && this.chats.length) this.activate(/** @type {Chat} */ (this.chats.at(-1)));
  }

  /**
   * @param {Chat} chat
   * @param {Person} person
   */
  replace(chat, person) {
    this.add(person, chat);
    const added = this.active;
    this.drop(chat);
    if (added) this.activate(added);
  }

  /**
   * Creates a person again, under a new id, after a reset or restart of the emulator.
   *
   * @param {Chat} chat
   */
  async revive(chat) {
    const { first_name, last_name, username, language_code } = chat.person;
    const person = await untilDone(() =>
      createPerson({ first_name, last_name, username, language_code }),
    );
    if (!this.chats.includes(chat)) return;
    this.replace(chat, person);
    this.settled();
  }

  /**
   * @param {Chat} chat
   * @param {boolean} [focus]
   */
  activate(chat, focus = false) {
    this.active = chat;
    for (const each of this.chats) each.element.classList.toggle("active", each === chat);
    remember(chat.person);
    if (focus) chat.focus();
  }

  settled() {
    this.element.classList.toggle("several", this.chats.length > 1);
    showInAddress(this.people().map(({ id }) => id));
    this.listener.onPeopleChanged();
  }
}
