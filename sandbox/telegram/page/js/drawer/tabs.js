/**
 * Tabs with one visible panel; arrow keys move between them.
 */

import { h } from "../dom.js";

/** @typedef {{name: string, label: string, element: HTMLElement}} Tab */

export class Tabs {
  /**
   * @param {Tab[]} tabs
   * @param {() => void} onChange
   */
  constructor(tabs, onChange) {
    this.onChange = onChange;
    this.tabs = tabs;
    this.chosen = tabs[0].name;
    this.buttons = tabs.map(({ name, label }) =>
      h(
        "button",
        {
          type: "button",
          role: "tab",
          id: `tab-${name}`,
          class: "tab",
          "aria-controls": `panel-${name}`,
          on: { click: () => this.choose(name) },
        },
        label,
      ),
    );
    this.bar = h(
      "div",
      {
        role: "tablist",
        class: "tabs",
        on: { keydown: (/** @type {KeyboardEvent} */ event) => this.move(event) },
      },
      ...this.buttons,
    );
    for (const { name, element } of tabs) {
      element.id = `panel-${name}`;
      element.setAttribute("role", "tabpanel");
      element.setAttribute("aria-labelledby", `tab-${name}`);
      element.classList.add("drawer-body");
    }
    this.mark();
  }

  /** @param {string} name */
  choose(name) {
    this.chosen = name;
    this.mark();
    this.onChange();
  }

  /** @param {KeyboardEvent} event */
  move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const place = this.tabs.findIndex(({ name }) => name === this.chosen);
    const next = (place + step + this.tabs.length) % this.tabs.length;
    this.choose(this.tabs[next].name);
    this.buttons[next].focus();
  }

  mark() {
    this.tabs.forEach(({ name, element }, place) => {
      const chosen = name === this.chosen;
      element.hidden = !chosen;
      this.buttons[place].setAttribute("aria-selected", String(chosen));
      this.buttons[place].tabIndex = chosen ? 0 : -1;
    });
  }
}
