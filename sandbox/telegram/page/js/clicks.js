/**
 * Clicks on inline buttons, and the buttons that still wait for the bot.
 */

import { click, pay } from "./api.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";
import { confirmPayment } from "./payment.js";
import { showAlert, showWebApp } from "./popup.js";
import { outside, safeUrl, startPayload } from "./render/links.js";

/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Button} Button */

export class Clicks {
  /**
   * @param {{chat: number, bot: () => import("./types.js").BotProfile | null,
   *   toast: (text: string, ...extra: Node[]) => void, copy: (text: string) => void,
   *   sendText: (text: string) => void, redraw: (message: number) => void,
   *   stars: () => number | null, jumpTo: (message: number) => void}} parts
   */
  constructor(parts) {
    this.parts = parts;
    /** @type {Set<string>} */
    this.waiting = new Set();
  }

  /**
   * @param {Message} message
   * @param {Button} button
   */
  isWaiting(message, button) {
    return this.waiting.has(keyOf(message, button));
  }

  /**
   * @param {Message} message
   * @param {Button} button
   */
  press(message, button) {
    if (button.kind === "copy") return this.parts.copy(button.copy ?? "");
    if (button.kind === "web_app") return this.openApp(button);
    if (button.kind === "callback") return this.ask(message, button);
    if (button.kind === "pay" && message.invoice) return this.buy(message, message.invoice);
    return this.parts.toast(t("cannotPress"));
  }

  /** @param {Button} button */
  openApp(button) {
    const href = safeUrl(button.url);
    if (href) showWebApp(button.text, href);
    else this.parts.toast(t("cannotPress"));
  }

  /**
   * Opens the sheet; of an invoice that is paid, shows the receipt.
   *
   * @param {Message} message
   * @param {import("./types.js").Invoice} invoice
   */
  buy(message, invoice) {
    if (invoice.receipt_id !== null) return this.parts.jumpTo(invoice.receipt_id);
    confirmPayment(invoice, this.parts.stars() ?? 0, () => pay(this.parts.chat, message.id));
  }

  /**
   * @param {Message} message
   * @param {Button} button
   */
  async ask(message, button) {
    const key = keyOf(message, button);
    if (this.waiting.has(key)) return;
    this.waiting.add(key);
    this.parts.redraw(message.id);
    try {
      this.tell(await click(this.parts.chat, message.id, button));
    } catch (error) {
      this.parts.toast(t("failed", { reason: /** @type {Error} */ (error).message }));
    } finally {
      this.waiting.delete(key);
      this.parts.redraw(message.id);
    }
  }

  /** @param {import("./types.js").ClickResult} answer */
  tell({ answered, text, show_alert: alert, url }) {
    const bot = this.parts.bot();
    if (!answered) return this.parts.toast(t("notAnswered"));
    if (text && alert) showAlert(bot?.first_name ?? "", text);
    else if (text) this.parts.toast(text);
    const href = safeUrl(url);
    if (!href) return;
    const payload = startPayload(href, bot?.username);
    if (payload !== null) this.parts.sendText(`/start ${payload}`);
    else this.parts.toast(text ?? href, h("a", { href, ...outside }, t("openLink")));
  }
}

/**
 * @param {Message} message
 * @param {Button} button
 */
const keyOf = (message, button) => `${message.id} ${button.data ?? button.text}`;
