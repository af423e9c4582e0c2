/**
 * The list of people: opens their chats, side by side or in another tab, and adds people.
 *
 * It is a sidebar on a wide window and a dialog on a narrow one, with the same panel inside.
 */

import { listPeople } from "./api.js";
import { avatar } from "./avatar.js";
import { h, icon, iconButton } from "./dom.js";
import { fullName } from "./format.js";
import { t } from "./i18n.js";
import { PersonForm } from "./personform.js";
import { openDialog } from "./popup.js";

/** @typedef {import("./types.js").Person} Person */

const ROOMY = matchMedia("(min-width: 1000px)");

export class People {
  /**
   * @param {{onOpen: (person: Person) => void, onBeside: (person: Person) => void,
   *   shown: () => Person[]}} actions
   */
  constructor({ onOpen, onBeside, shown }) {
    this.onOpen = onOpen;
    this.onBeside = onBeside;
    this.shown = shown;
    /** @type {HTMLDialogElement | null} */
    this.dialog = null;
    this.list = h("ul", { class: "people-list" });
    const form = new PersonForm((person) => this.close(() => onOpen(person)));
    this.panel = h(
      "div",
      { class: "people-panel" },
      h(
        "div",
        { class: "people-head" },
        h("div", {}, h("h2", {}, t("people")), h("p", {}, t("peopleHint"))),
        iconButton("close", t("close"), () => this.dialog?.close(), { class: "people-close" }),
      ),
      this.list,
      form.element,
    );
    this.sidebar = h("aside", { class: "sidebar", "aria-label": t("people") });
    ROOMY.addEventListener("change", () => this.settle());
    this.settle();
  }

  settle() {
    this.dialog?.close();
    if (ROOMY.matches) this.sidebar.append(this.panel);
  }

  /** Opens the dialog, or moves the focus to the sidebar. */
  async open() {
    await this.refresh();
    if (!ROOMY.matches) {
      this.dialog = openDialog(t("people"), { class: "people-dialog" }, this.panel);
      this.dialog.addEventListener("close", () => (this.dialog = null));
    }
    /** @type {HTMLElement | null} */ (this.list.querySelector("[aria-current], button"))?.focus();
  }

  async refresh() {
    // Without an answer the list stays unchanged: the chats already show the error.
    const people = await listPeople().catch(() => null);
    if (!people) return;
    this.list.replaceChildren(...people.map((person) => this.row(person)));
    this.list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  /**
   * Closes the dialog before something else takes the focus.
   *
   * @param {() => void} then
   */
  close(then) {
    this.dialog?.close();
    then();
  }

  /** @param {Person} person */
  row(person) {
    const name = fullName(person);
    const current = this.shown().some(({ id }) => id === person.id);
    const details = [person.username && `@${person.username}`, person.language_code].filter(
      Boolean,
    );
    const choose = (/** @type {(person: Person) => void} */ action) => () =>
      this.close(() => action(person));
    return h(
      "li",
      { class: "person" },
      h(
        "button",
        {
          type: "button",
          class: "person-open",
          "aria-label": t("openPerson", { name }),
          "aria-current": current ? "true" : null,
          on: { click: choose(this.onOpen) },
        },
        avatar(name, person.id),
        h(
          "span",
          { class: "person-text" },
          h("span", { class: "person-name" }, name),
          h("span", { class: "person-details" }, details.join(" · ")),
        ),
      ),
      iconButton("columns", t("openBeside", { name }), choose(this.onBeside), {
        class: "person-beside",
      }),
      h(
        "a",
        {
          class: "icon-button",
          href: `/#user=${person.id}`,
          target: "_blank",
          "aria-label": t("openTab", { name }),
          title: t("openTab", { name }),
        },
        icon("external"),
      ),
    );
  }
}
