/**
 * The latest Bot API calls, newest first; each opens to its parameters.
 */

import { h } from "../dom.js";
import { t } from "../i18n.js";
import { clock } from "./clock.js";
import { prettyParams } from "./params.js";

/** @typedef {import("../types.js").Call} Call */

const MOST = 150;
const POLLING = "getUpdates";

export class CallList {
  constructor() {
    this.list = h("ol", { class: "calls" });
    this.nothing = h("p", { class: "hint" }, t("noCalls"));
    this.element = h(
      "section",
      {},
      h("h3", {}, t("calls")),
      h("p", { class: "hint" }, t("callsHint")),
      this.nothing,
      this.list,
    );
    /** @type {string[]} Keys of the calls that are shown, oldest first. */
    this.shown = [];
  }

  /** @param {Call[]} calls Oldest first. Calls already shown keep their elements, open or not. */
  show(calls) {
    const latest = calls.filter(({ method }) => method !== POLLING).slice(-MOST);
    const keys = latest.map(keyOf);
    const kept = new Map(
      this.shown.map((key, place) => [key, this.list.children[this.shown.length - 1 - place]]),
    );
    const rows = latest.map((call, place) => kept.get(keys[place]) ?? callRow(call));
    if (keys.join() !== this.shown.join()) this.list.replaceChildren(...rows.reverse());
    this.shown = keys;
    this.nothing.hidden = keys.length > 0;
  }
}

/** @param {Call} call */
const keyOf = ({ at, method, status, params }) =>
  `${at} ${method} ${status} ${JSON.stringify(params)}`;

/** @param {Call} call */
function callRow(call) {
  const bad = call.status >= 400;
  const notes = [
    call.unknown.length ? t("unknownFields", { names: call.unknown.join(", ") }) : "",
    call.implemented ? "" : t("notImplemented"),
  ].filter(Boolean);
  return h(
    "li",
    { class: `call ${bad ? "bad" : "good"}` },
    h(
      "details",
      {},
      h(
        "summary",
        {},
        h("span", { class: "call-method" }, call.method),
        h("span", { class: "call-status" }, String(call.status)),
        h("time", {}, clock(call.at)),
        bad && call.description && h("span", { class: "call-description" }, call.description),
        ...notes.map((note) => h("span", { class: "call-note" }, note)),
      ),
      h("pre", { class: "params", tabindex: 0 }, ...prettyParams(call.params, call.unknown)),
    ),
  );
}
