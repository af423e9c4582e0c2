/**
 * Buttons that make the bot's next call fail, to test the bot.
 */

import * as api from "../api.js";
import { h } from "../dom.js";
import { t } from "../i18n.js";

/** @typedef {import("../types.js").Fault} Fault */

const USUAL = ["sendMessage", "editMessageText", "sendMessageDraft", "answerCallbackQuery"];

/** @type {{label: Parameters<typeof t>[0], fault: Omit<Fault, "method">}[]} */
const FAULTS = [
  {
    label: "faultLimit",
    fault: {
      kind: "error",
      code: 429,
      description: "Too Many Requests: retry after 3",
      retry_after: 3,
    },
  },
  { label: "faultBadGateway", fault: { kind: "not_json", code: 502 } },
  { label: "faultSlow", fault: { kind: "slow", delay: 3 } },
];

export class FaultPanel {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    this.method = h("select", { class: "input" });
    this.methods = "";
    this.waiting = h("span", {}, t("faultNone"));
    this.clear = h(
      "button",
      {
        type: "button",
        class: "text-button",
        hidden: true,
        on: { click: () => this.run(api.clearFaults) },
      },
      t("clear"),
    );
    this.element = h(
      "section",
      { class: "faults" },
      h("h3", {}, t("faults")),
      h("label", { class: "fault-method" }, t("faultMethod"), this.method),
      h(
        "div",
        { class: "fault-buttons" },
        ...FAULTS.map(({ label, fault }) =>
          h(
            "button",
            {
              type: "button",
              class: "plain-button",
              on: {
                click: () =>
                  this.run(() => api.addFault({ ...fault, method: this.method.value, times: 1 })),
              },
            },
            t(label),
          ),
        ),
      ),
      h("p", { class: "hint", role: "status" }, this.waiting, " ", this.clear),
    );
    this.offer([]);
  }

  /** @param {() => Promise<unknown>} action */
  async run(action) {
    try {
      await action();
    } catch (error) {
      this.waiting.textContent = t("failed", { reason: /** @type {Error} */ (error).message });
      return;
    }
    this.onChange();
  }

  /** @param {import("../types.js").Call[]} calls Methods seen there are offered too. */
  offer(calls) {
    const methods = [...new Set([...USUAL, ...calls.map(({ method }) => method)])];
    if (methods.join() === this.methods) return;
    this.methods = methods.join();
    const chosen = this.method.value || USUAL[0];
    this.method.replaceChildren(
      ...methods.map((name) => h("option", { value: name }, name)),
      h("option", { value: "*" }, t("anyMethod")),
    );
    this.method.value = chosen;
  }

  /**
   * @param {Fault[]} faults
   * @param {import("../types.js").Call[]} calls
   */
  show(faults, calls) {
    this.offer(calls);
    this.clear.hidden = faults.length === 0;
    const names = faults.map(({ method, kind, code }) => `${method} ${code ?? kind}`).join(", ");
    this.waiting.textContent = faults.length ? t("faultSet", { faults: names }) : t("faultNone");
  }
}
