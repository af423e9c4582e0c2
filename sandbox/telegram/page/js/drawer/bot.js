/**
 * The Bot API: the calls of the bot with their results, and faults to script.
 */

import * as api from "../api.js";
import { h } from "../dom.js";
import { CallList } from "./calls.js";
import { FaultPanel } from "./faults.js";

const MOST_CALLS = 300;

export class BotPanel {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.calls = new CallList();
    this.faults = new FaultPanel(onChange);
    this.element = h("div", {}, this.faults.element, this.calls.element);
  }

  async refresh() {
    const [calls, faults] = await Promise.all([api.calls(MOST_CALLS), api.faults()]);
    this.calls.show(calls);
    this.faults.show(faults, calls);
  }
}
