/**
 * The sheet that opens before a payment: the price, the user's Stars, and the bot's answer.
 */

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { openDialog } from "./popup.js";
import { price } from "./render/invoice.js";

/** @type {Record<string, Parameters<typeof t>[0]>} Telegram's own refusals; a bot uses words. */
const REFUSALS = {
  BOT_PRECHECKOUT_TIMEOUT: "payTimeout",
  BALANCE_TOO_LOW: "payTooFew",
  INVOICE_ALREADY_PAID: "payAlready",
};

/**
 * @param {import("./types.js").Invoice} invoice
 * @param {number} stars What the payer has.
 * @param {() => Promise<import("./types.js").PaymentOutcome>} pay
 */
export function confirmPayment(invoice, stars, pay) {
  const isEnough = stars >= invoice.stars;
  const refusal = h("p", { class: "pay-refusal", role: "alert" });
  const cancel = h("button", { type: "button", class: "plain-button" }, t("cancel"));
  const confirm = h(
    "button",
    { type: "button", class: "plain-button primary", autofocus: isEnough, disabled: !isEnough },
    t("pay", { stars: invoice.stars }),
  );
  if (!isEnough) refusal.textContent = t("payTooFew");
  const dialog = openDialog(
    t("payment"),
    { class: "alert pay" },
    h(
      "div",
      { class: "dialog-body" },
      h("h2", {}, invoice.title),
      h("p", {}, invoice.description),
      row(t("price"), invoice.stars),
      row(t("yourStars"), stars),
      refusal,
    ),
    h("div", { class: "dialog-actions" }, cancel, confirm),
  );
  cancel.addEventListener("click", () => dialog.close());
  confirm.addEventListener("click", async () => {
    refusal.textContent = "";
    confirm.disabled = true;
    confirm.setAttribute("aria-busy", "true");
    const reason = await refusalOf(pay);
    confirm.removeAttribute("aria-busy");
    if (reason === null) return dialog.close();
    refusal.textContent = reason;
    confirm.disabled = false;
    confirm.focus();
  });
}

/**
 * @param {() => Promise<import("./types.js").PaymentOutcome>} pay
 * @returns {Promise<string | null>} Null when it is paid.
 */
async function refusalOf(pay) {
  try {
    const { error } = await pay();
    if (error === null) return null;
    return error in REFUSALS ? t(REFUSALS[error]) : error;
  } catch (error) {
    return t("failed", { reason: /** @type {Error} */ (error).message });
  }
}

/**
 * @param {string} label
 * @param {number} stars
 */
const row = (label, stars) => h("p", { class: "pay-row" }, h("span", {}, label), price(stars));
