/**
 * The developer drawer: the calls behind the chat, and faults to script.
 */

import { h, icon, iconButton } from "../dom.js";
import { t } from "../i18n.js";
import { BotPanel } from "./bot.js";
import { ModelPanel } from "./models/panel.js";
import { Tabs } from "./tabs.js";

const EVERY_MS = 2000;
const SOON_MS = 150;

export class Drawer {
  constructor() {
    const onChange = () => this.refresh();
    this.panels = { bot: new BotPanel(onChange), models: new ModelPanel(onChange) };
    this.tabs = new Tabs(
      [
        { name: "bot", label: t("tab.bot"), element: this.panels.bot.element },
        { name: "models", label: t("tab.models"), element: this.panels.models.element },
      ],
      onChange,
    );
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
      this.tabs.bar,
      this.panels.bot.element,
      this.panels.models.element,
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

  /** The visible panel. */
  async refresh() {
    clearTimeout(this.timer);
    if (!this.isOpen) return;
    try {
      await this.panels[/** @type {"bot" | "models"} */ (this.tabs.chosen)].refresh();
    } catch {
      // The chat already says that the connection is lost; the next round tries again.
    }
    this.schedule(EVERY_MS);
  }
}
