/**
 * The form that makes the next answer of a model fail.
 */

import { h } from "../../dom.js";
import { t } from "../../i18n.js";
import * as api from "./api.js";

/** @typedef {import("./api.js").ModelFault} ModelFault */

/** @typedef {ModelFault["kind"]} Kind */

/** @type {Kind[]} */
const REFUSALS = [
  "gauge_429",
  "hourly_429",
  "400",
  "401",
  "403",
  "404",
  "500",
  "503",
  "504",
  "not_json",
];
/** @type {Kind[]} */
const ON_THE_WAY = [
  "stall_before",
  "stall_inside",
  "cut_before",
  "cut_inside",
  "error_inside",
  "content_filter",
  "slow",
  "torn",
  "glued",
  "data_prefix",
  "no_usage",
  "no_final",
];
/** @type {Kind[]} */
const TAKES_SECONDS = ["stall_before", "stall_inside", "slow"];

export class ModelFaultForm {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    this.kind = h(
      "select",
      { class: "input", on: { change: () => this.fit() } },
      h("optgroup", { label: t("faults.refusal") }, ...REFUSALS.map(option)),
      h("optgroup", { label: t("faults.way") }, ...ON_THE_WAY.map(option)),
    );
    this.contains = h("input", {
      class: "input",
      placeholder: t("optional"),
      autocomplete: "off",
    });
    this.times = numberField(1, { min: 1, max: 10000, step: 1 });
    this.seconds = numberField(5, { min: 0, max: 3600, step: "any" });
    this.secondsLabel = h("label", {}, t("modelFaultSeconds"), this.seconds);
    this.waiting = h("span", {});
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
      h("h3", {}, t("modelFaults")),
      h(
        "form",
        {
          class: "model-fault-form",
          on: { submit: (/** @type {Event} */ event) => this.submit(event) },
        },
        h("label", { class: "wide" }, t("modelFault"), this.kind),
        h("label", { class: "wide" }, t("modelFaultContains"), this.contains),
        h("label", {}, t("modelFaultTimes"), this.times),
        this.secondsLabel,
        h("button", { type: "submit", class: "plain-button" }, t("modelFaultAdd")),
      ),
      h("p", { class: "hint", role: "status" }, this.waiting, " ", this.clear),
    );
    this.fit();
    this.show([]);
  }

  get chosen() {
    return /** @type {Kind} */ (this.kind.value);
  }

  /** The field for seconds is visible only for faults that use it. */
  fit() {
    const needed = TAKES_SECONDS.includes(this.chosen);
    this.secondsLabel.hidden = !needed;
    this.seconds.disabled = !needed;
  }

  /** @param {Event} event */
  submit(event) {
    event.preventDefault();
    const seconds = this.seconds.disabled ? {} : { seconds: Number(this.seconds.value) };
    return this.run(() =>
      api.addFault({
        kind: this.chosen,
        times: Number(this.times.value),
        contains: this.contains.value || null,
        ...seconds,
      }),
    );
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

  /** @param {ModelFault[]} faults Those that have not happened yet. */
  show(faults) {
    this.clear.hidden = faults.length === 0;
    const names = faults.map(
      ({ kind, times }) => t(`fault.${kind}`) + (times > 1 ? ` × ${times}` : ""),
    );
    this.waiting.textContent = faults.length
      ? t("faultSet", { faults: names.join("; ") })
      : t("faultNone");
  }
}

/** @param {Kind} kind */
const option = (kind) => h("option", { value: kind }, t(`fault.${kind}`));

/**
 * @param {number} value
 * @param {{min: number, max: number, step: number | string}} range
 */
const numberField = (value, range) =>
  h("input", {
    class: "input",
    type: "number",
    inputmode: "decimal",
    required: true,
    value,
    ...range,
  });
