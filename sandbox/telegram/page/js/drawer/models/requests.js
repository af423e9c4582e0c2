/**
 * The requests to the models, newest first; each opens to the messages of its prompt.
 */

import { h } from "../../dom.js";
import { t } from "../../i18n.js";
import { clock } from "../clock.js";

/** @typedef {import("./api.js").ModelRequest} ModelRequest */

export class RequestList {
  constructor() {
    this.list = h("ol", { class: "calls" });
    this.nothing = h("p", { class: "hint" }, t("noModelRequests"));
    this.element = h(
      "section",
      {},
      h("h3", {}, t("modelRequests")),
      h("p", { class: "hint" }, t("modelRequestsHint")),
      this.nothing,
      this.list,
    );
    /** @type {Map<string, Row>} By number and time: numbers begin again after a reset. */
    this.rows = new Map();
  }

  /** @param {ModelRequest[]} requests Oldest first. Rows stay, open or not, and change in place. */
  show(requests) {
    const kept = new Map(
      requests.map((request) => {
        const key = `${request.number} ${request.at}`;
        return [key, this.rows.get(key) ?? new Row(request)];
      }),
    );
    [...kept.values()].forEach((row, place) => row.show(requests[place]));
    if ([...kept.keys()].join() !== [...this.rows.keys()].join()) {
      const elements = [...kept.values()].map(({ element }) => element);
      this.list.replaceChildren(...elements.reverse());
    }
    this.rows = kept;
    this.nothing.hidden = kept.size > 0;
  }
}

class Row {
  /** @param {ModelRequest} request */
  constructor(request) {
    this.status = h("span", { class: "call-status" });
    this.outcome = h("span", { class: "call-description" });
    this.element = h(
      "li",
      { class: "call" },
      h(
        "details",
        {},
        h(
          "summary",
          {},
          h("span", { class: "call-method" }, nameOf(request)),
          this.status,
          h("time", {}, clock(request.at)),
          this.outcome,
        ),
        h("div", { class: "params messages-asked", tabindex: 0 }, ...messagesOf(request)),
      ),
    );
  }

  /** @param {ModelRequest} request */
  show({ status, outcome, call, input_tokens: input, output_tokens: output }) {
    const bad = outcome === "refused" || outcome === "broken";
    this.element.className = `call ${bad ? "bad" : "good"}`;
    this.status.textContent = String(status ?? "…");
    const notes = [t(`call.${call}`), t(`outcome.${outcome}`)];
    if (outcome !== "refused") notes.push(t("modelTokens", { input, output }));
    this.outcome.textContent = notes.join(" · ");
  }
}

/** @param {ModelRequest} request A model of YandexGPT is shown without its folder. */
const nameOf = ({ provider, model }) => model?.replace(/^gpt:\/\/[^/]*\//, "") ?? provider;

/** @param {ModelRequest} request */
const messagesOf = ({ messages }) =>
  messages.map(({ role, text }) =>
    h("p", {}, h("span", { class: "json-key" }, t(`role.${role}`)), ` ${text}`),
  );
