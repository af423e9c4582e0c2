/**
 * The types of the sim API, as the page uses them.
 *
 * There is no code here: other modules import these names in JSDoc, so that an editor
 * (or `tsc --checkJs`) can check them without a build step.
 *
 * @typedef {{id: number, chat_id: number, first_name: string, last_name: string | null,
 *   username: string | null, language_code: string | null}} Person
 *
 * @typedef {{first_name: string, last_name?: string | null, username?: string | null,
 *   language_code?: string | null}} NewPerson
 *
 * @typedef {{type: string, offset: number, length: number, url?: string, language?: string,
 *   custom_emoji_id?: string, unix_time?: number, date_time_format?: string}} Entity
 * Offsets and lengths are UTF-16 code units, like those of JavaScript strings.
 *
 * @typedef {{text: string, kind: "callback" | "url" | "copy" | "web_app" | "pay" | "other",
 *   data: string | null, url: string | null, copy: string | null, style: string | null,
 *   disabled: boolean}} Button
 *
 * @typedef {{kind: string, file_id: string, file_name: string | null, mime_type: string | null,
 *   size: number | null, url: string, width: number | null, height: number | null}} Media
 *
 * @typedef {{title: string, description: string, stars: number,
 *   receipt_id: number | null}} Invoice
 * After the payment, `receipt_id` is the message that confirms it.
 *
 * @typedef {{id: number, date: number, edited: boolean, edit_date: number | null,
 *   author: "bot" | "user" | "service", from: {id: number, first_name: string} | null,
 *   text: string, entities: Entity[], reply_to: number | null,
 *   keyboard: Button[][] | null, media: Media | null, invoice: Invoice | null,
 *   payment: {kind: "paid" | "refunded", stars: number, charge_id: string} | null}} Message
 * Dates are Unix seconds. `text` is the caption when there is media.
 *
 * @typedef {{draft_id: number, text: string, entities: Entity[], can_stop: boolean}} Draft
 *
 * @typedef {{rows: {text: string}[][], resize: boolean, one_time: boolean,
 *   placeholder: string | null}} ReplyKeyboard
 *
 * @typedef {{command: string, description: string}} Command
 *
 * @typedef {{id: number, username: string, first_name: string, description: string | null,
 *   short_description: string | null}} BotProfile
 *
 * @typedef {{chat: {id: number, type: string, title: string | null, first_name: string | null},
 *   bot: BotProfile, blocked: boolean, commands: Command[], messages: Message[],
 *   reply_keyboard: ReplyKeyboard | null, draft: Draft | null, action: string | null,
 *   stars: number | null}} Transcript
 *
 * @typedef {{callback_query_id: string, answered: boolean, text: string | null,
 *   show_alert: boolean, url: string | null}} ClickResult
 *
 * @typedef {{pre_checkout_query_id: string, receipt_id: number | null,
 *   error: string | null}} PaymentOutcome
 *
 * @typedef {{method: string, params: Record<string, unknown>, status: number,
 *   description: string | null, unknown: string[], implemented: boolean, at: number}} Call
 *
 * @typedef {{method: string, kind: "error" | "not_json" | "drop" | "slow" | "lost_reply",
 *   code?: number, description?: string, retry_after?: number, delay?: number,
 *   times?: number}} Fault
 */

export {};
