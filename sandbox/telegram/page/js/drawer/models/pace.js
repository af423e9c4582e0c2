/**
 * The speed of the models.
 */

import { h } from "../../dom.js";
import { t } from "../../i18n.js";
import * as api from "./api.js";

const USUAL = [0, 5, 20, 50, 200];

export class PaceChoice {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    this.choice = h("select", { class: "input", on: { change: () => this.apply() } });
    this.problem = h("p", { class: "form-problem", role: "alert" });
    this.element = h(
      "section",
      {},
      h("label", { class: "model-pace" }, t("modelPace"), this.choice),
      this.problem,
    );
    /** @type {import("./api.js").Pace | null} */
    this.pace = null;
    this.offered = "";
  }

  /** @param {import("./api.js").Pace} pace As it is now; somebody else may have changed it. */
  show(pace) {
    this.pace = pace;
    const rate = pace.token_seconds ? Math.round(1 / pace.token_seconds) : 0;
    const rates = [...new Set([...USUAL, rate])].sort((one, other) => one - other);
    if (rates.join() !== this.offered) {
      this.offered = rates.join();
      this.choice.replaceChildren(
        ...rates.map((count) =>
          h(
            "option",
            { value: count },
            count ? t("modelPaceTokens", { count }) : t("modelPaceFull"),
          ),
        ),
      );
    }
    if (document.activeElement !== this.choice) this.choice.value = String(rate);
  }

  async apply() {
    if (!this.pace) return;
    const rate = Number(this.choice.value);
    const first = rate ? this.pace.first_seconds : 0;
    try {
      await api.setPace({
        ...this.pace,
        first_seconds: first,
        token_seconds: rate ? 1 / rate : 0,
      });
      this.problem.textContent = "";
    } catch (error) {
      this.problem.textContent = t("failed", { reason: /** @type {Error} */ (error).message });
    }
    this.onChange();
  }
}
