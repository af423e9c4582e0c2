/**
 * One message as an element, and its change in place.
 *
 * A message keeps its element for life; of an edit only the parts that really differ are
 * replaced, so pictures do not reload, the page does not jump, and the focus stays.
 */

import { h, spoken } from "../dom.js";
import { fullDate, timeOfDay } from "../format.js";
import { t } from "../i18n.js";
import { formatted } from "./entities.js";
import { invoiceCard } from "./invoice.js";
import { inlineKeyboard } from "./keyboard.js";
import { mediaBlock } from "./media.js";

/** @typedef {import("../types.js").Message} Message */
/** @typedef {import("../types.js").Button} Button */

/**
 * @typedef {import("./entities.js").TextActions & {
 *   press: (message: Message, button: Button) => void,
 *   isWaiting: (message: Message, button: Button) => boolean,
 *   enlarge: (media: import("../types.js").Media) => void,
 *   quoted: (id: number) => Message | undefined,
 *   jumpTo: (id: number) => void}} MessageActions
 */

const ONLY_EMOJI =
  /^(?:\p{Extended_Pictographic}(?:\u200d\p{Extended_Pictographic}|\ufe0f|\p{Emoji_Modifier})*){1,3}$/u;

export class MessageView {
  /**
   * @param {Message} message
   * @param {MessageActions} actions
   */
  constructor(message, actions) {
    this.actions = actions;
    this.message = message;
    this.quote = h("div", { class: "slot" });
    this.media = h("div", { class: "slot" });
    this.invoice = h("div", { class: "slot" });
    this.text = h("div", { class: "text" });
    this.meta = h("span", { class: "meta" });
    this.keyboard = h("div", { class: "slot" });
    this.bubble = h("div", { class: "bubble" }, this.quote, this.media, this.invoice, this.text);
    this.element = h(
      "article",
      { class: `message from-${message.author}`, "data-message": message.id, tabindex: -1 },
      message.author === "service" ? null : spoken(`${message.from?.first_name ?? ""}: `),
      this.bubble,
      this.keyboard,
    );
    this.draw(null);
  }

  /** @param {Message} message */
  update(message) {
    const before = this.message;
    if (before === message) return;
    this.message = message;
    this.draw(before);
  }

  /** @param {Message | null} before */
  draw(before) {
    const { message } = this;
    const differs = (/** @type {(keyof Message)[]} */ ...names) =>
      !before
      || names.some((name) => JSON.stringify(before[name]) !== JSON.stringify(message[name]));
    if (differs("reply_to")) this.drawQuote();
    if (differs("media")) this.drawMedia();
    if (differs("invoice")) this.drawInvoice();
    if (differs("text", "entities", "edited")) this.drawText();
    if (differs("keyboard", "invoice")) this.drawKeyboard();
  }

  drawQuote() {
    const { reply_to: id } = this.message;
    if (!id) return this.quote.replaceChildren();
    const original = this.actions.quoted(id);
    this.quote.replaceChildren(
      h(
        "button",
        { type: "button", class: "reply-quote", on: { click: () => this.actions.jumpTo(id) } },
        spoken(`${t("reply")} `),
        h("strong", {}, original?.from?.first_name ?? "…"),
        h("span", {}, original ? original.text || t("file") : "…"),
      ),
    );
  }

  drawMedia() {
    const { media } = this.message;
    this.bubble.classList.toggle("with-picture", media?.kind === "photo");
    this.media.replaceChildren(...(media ? [mediaBlock(media, this.actions.enlarge)] : []));
  }

  drawInvoice() {
    const { invoice } = this.message;
    this.invoice.replaceChildren(...(invoice ? [invoiceCard(invoice)] : []));
  }

  drawText() {
    const { text, entities, media, author, payment } = this.message;
    if (payment) return this.drawPayment(payment);
    this.bubble.classList.toggle(
      "only-emoji",
      !media && author !== "service" && ONLY_EMOJI.test(text),
    );
    this.bubble.classList.toggle("without-text", !text);
    this.text.replaceChildren(...formatted(text, entities, this.actions), this.meta);
    this.drawMeta();
  }

  /**
   * The receipt; a press copies the transaction id, as the bot's support may ask for it.
   *
   * @param {NonNullable<Message["payment"]>} payment
   */
  drawPayment({ kind, stars, charge_id: id }) {
    this.text.replaceChildren(
      h(
        "button",
        {
          type: "button",
          class: "receipt",
          title: t("copyReceipt", { id }),
          on: { click: () => this.actions.copy(id) },
        },
        t(kind === "paid" ? "paidStars" : "refundedStars", { stars }),
      ),
    );
  }

  drawMeta() {
    const { date, edited, edit_date: editDate } = this.message;
    this.meta.title = fullDate(edited && editDate ? editDate : date);
    this.meta.replaceChildren(
      ...(edited ? [h("span", { class: "edited" }, t("edited"))] : []),
      h("time", { datetime: new Date(date * 1000).toISOString() }, timeOfDay(date)),
    );
  }

  /** Draws the buttons anew; one that had the focus hands it to the one in its place. */
  drawKeyboard() {
    const { message, actions } = this;
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    const place = this.buttons().indexOf(focused);
    const rows = this.shownRows();
    this.element.classList.toggle("with-keyboard", rows.length > 0);
    const grid = inlineKeyboard(rows, (button) => actions.press(message, button));
    this.keyboard.replaceChildren(...(rows.length ? [grid] : []));
    this.showWaiting();
    if (place >= 0) this.focusButton(place);
  }

  /** The button that has paid leads to the receipt. */
  shownRows() {
    const { keyboard, invoice } = this.message;
    const rows = keyboard?.filter((row) => row.length) ?? [];
    if (!invoice || invoice.receipt_id === null) return rows;
    return rows.map((row) =>
      row.map((button) => (button.kind === "pay" ? { ...button, text: t("receipt") } : button)),
    );
  }

  showWaiting() {
    const shown = this.message.keyboard?.flat() ?? [];
    for (const [place, element] of this.buttons().entries()) {
      const waiting = this.actions.isWaiting(this.message, shown[place]);
      if (waiting) element.setAttribute("aria-busy", "true");
      else element.removeAttribute("aria-busy");
    }
  }

  /** @returns {HTMLElement[]} In the order of the keyboard's buttons. */
  buttons() {
    return [...this.keyboard.querySelectorAll(".keyboard-button")].map(
      (element) => /** @type {HTMLElement} */ (element),
    );
  }

  /** @param {number} place */
  focusButton(place) {
    const buttons = this.buttons().filter((element) => !element.matches(":disabled"));
    (buttons[Math.min(place, buttons.length - 1)] ?? this.element).focus({ preventScroll: true });
  }
}
