/**
 * The developer drawer: what the bot called, how it went, and ways to make it go wrong.
 */

import * as api from "../api.js";
import { h, icon, iconButton } from "../dom.js";
import { t } from "../i18n.js";
import { CallList } from "./calls.js";
import { FaultPanel } from "./faults.js";

const EVERY_MS = 2000;
const SOON_MS = 150;
const MOST_CALLS = 300;

export class Drawer {
  constructor() {
    this.calls = new CallList();
    this.faults = new FaultPanel(() => this.refresh());
    this.close = iconButton("close", t("close"), () => this.flip());
    this.toggle = h(
      "button",
      {
        type: "button",
        class: "developer-button",
        title: t("developerHint"),
        "aria-expanded": "false",
        "aria-controls": "drawer",
        on: { click: () => this.flip() },
      },
      icon("code"),
      h("span", {}, t("developer")),
    );
    this.element = h(
      "aside",
      { id: "drawer", class: "drawer", hidden: true, "aria-label": t("developer") },
      h("div", { class: "drawer-head" }, h("h2", {}, t("developer")), this.close),
      h("div", { class: "drawer-body" }, this.faults.element, this.calls.element),
    );
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && this.flip());
    this.timer = 0;
  }

  get isOpen() {
    return !this.element.hidden;
  }

  flip() {
    this.element.hidden = !this.element.hidden;
    this.toggle.setAttribute("aria-expanded", String(this.isOpen));
    if (this.isOpen) this.close.focus();
    else this.toggle.focus();
    this.refresh();
  }

  refreshSoon() {
    if (this.isOpen) this.schedule(SOON_MS);
  }

  /** @param {number} pause milliseconds */
  schedule(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), pause);
  }

  async refresh() {
    clearTimeout(this.timer);
    if (!this.isOpen) return;
    try {
      const [calls, faults] = await Promise.all([api.calls(MOST_CALLS), api.faults()]);
      this.calls.show(calls);
      this.faults.show(faults, calls);
    } catch {
      // The chat already says that the connection is lost; the next round tries again.
    }
    this.schedule(EVERY_MS);
  }
}
