/**
 * An invoice inside a message.
 */

import { h, icon } from "../dom.js";
import { t } from "../i18n.js";

/** @param {import("../types.js").Invoice} invoice */
export function invoiceCard({ title, description, stars, receipt_id: receipt }) {
  return h(
    "div",
    { class: "invoice" },
    h("h3", {}, title),
    h("p", { class: "invoice-description" }, description),
    h(
      "p",
      { class: "invoice-foot" },
      price(stars),
      receipt !== null && h("span", { class: "invoice-paid" }, icon("check"), t("paid")),
    ),
  );
}

/** @param {number} stars */
export const price = (stars) =>
  h(
    "span",
    { class: "price" },
    h("span", { "aria-hidden": "true" }, `⭐ ${count(stars)}`),
    h("span", { class: "spoken" }, t("stars", { count: count(stars) })),
  );

/** @param {number} stars */
const count = (stars) => stars.toLocaleString(navigator.language || "en");
