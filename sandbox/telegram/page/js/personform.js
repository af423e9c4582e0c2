/**
 * The form that adds a person; it is hidden at first.
 */

import { createPerson } from "./api.js";
import { h, icon } from "./dom.js";
import { language, t } from "./i18n.js";

const LANGUAGES = ["en", "ru", "de", "es", "fr", "it", "pt", "tr", "uk", "zh"];

export class PersonForm {
  /** @param {(person: import("./types.js").Person) => void} onAdded */
  constructor(onAdded) {
    this.onAdded = onAdded;
    this.first = h("input", {
      class: "input",
      required: true,
      maxlength: 64,
      autocomplete: "off",
    });
    this.username = h("input", {
      class: "input",
      pattern: "@?[A-Za-z0-9_]{4,32}",
      placeholder: t("optional"),
      autocomplete: "off",
    });
    this.language = h(
      "select",
      { class: "input" },
      ...LANGUAGES.map((code) => h("option", { value: code, selected: code === language }, code)),
    );
    this.problem = h("p", { class: "form-problem", role: "alert" });
    this.fields = h(
      "form",
      {
        class: "person-form",
        hidden: true,
        on: { submit: (/** @type {Event} */ event) => this.submit(event) },
      },
      h("label", {}, t("firstName"), this.first),
      h("label", {}, t("username"), this.username),
      h("label", { class: "narrow" }, t("language"), this.language),
      h("button", { type: "submit", class: "plain-button primary" }, t("add")),
      this.problem,
    );
    this.toggle = h(
      "button",
      {
        type: "button",
        class: "add-person",
        "aria-expanded": "false",
        on: { click: () => this.expand(this.fields.hidden) },
      },
      icon("plus"),
      t("addPerson"),
    );
    this.element = h("div", { class: "people-add" }, this.toggle, this.fields);
  }

  /** @param {boolean} open */
  expand(open) {
    this.fields.hidden = !open;
    this.toggle.setAttribute("aria-expanded", String(open));
    if (open) this.first.focus();
  }

  /** @param {Event} event */
  async submit(event) {
    event.preventDefault();
    this.problem.textContent = "";
    try {
      const person = await createPerson({
        first_name: this.first.value.trim(),
        username: this.username.value.trim().replace(/^@/, "") || null,
        language_code: this.language.value,
      });
      this.fields.reset();
      this.expand(false);
      this.onAdded(person);
    } catch (error) {
      const reason = /** @type {Error} */ (error).message;
      this.problem.textContent = t("failed", { reason });
    }
  }
}
