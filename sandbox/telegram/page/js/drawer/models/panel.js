/**
 * The emulated language models: their speed, their faults, their requests.
 */

import { h } from "../../dom.js";
import * as api from "./api.js";
import { ModelFaultForm } from "./faults.js";
import { PaceChoice } from "./pace.js";
import { RequestList } from "./requests.js";

const MOST_SHOWN = 1000;

export class ModelPanel {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.pace = new PaceChoice(onChange);
    this.faults = new ModelFaultForm(onChange);
    this.requests = new RequestList();
    this.element = h("div", {}, this.pace.element, this.faults.element, this.requests.element);
  }

  async refresh() {
    const [pace, faults, requests] = await Promise.all([
      api.pace(),
      api.faults(),
      api.requests(MOST_SHOWN),
    ]);
    this.pace.show(pace);
    this.faults.show(faults);
    this.requests.show(requests);
  }
}
