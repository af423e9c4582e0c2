/**
 * The sim API over fetch: one function per action of a user.
 */

import { t } from "./i18n.js";

/** An error of the emulator (with its status), or a missing answer (status 0). */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.name = "ApiError";
    this.status = status;
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body] FormData goes as it is, anything else as JSON.
 * @returns {Promise<any>}
 */
export async function request(method, path, body) {
  const form = body instanceof FormData;
  /** @type {RequestInit} */
  const options = { method, cache: "no-store" };
  if (body !== undefined) options.body = form ? body : JSON.stringify(body);
  if (body !== undefined && !form) options.headers = { "Content-Type": "application/json" };
  /** @type {Response} */
  let response;
  try {
    response = await fetch(`/sim${path}`, options);
  } catch {
    throw new ApiError(0, t("unreachable"));
  }
  if (response.ok) return response.status === 204 ? null : response.json();
  const problem = await response.json().catch(() => ({}));
  const detail = typeof problem.detail === "string" ? problem.detail : response.statusText;
  throw new ApiError(response.status, detail || String(response.status));
}

/** @returns {Promise<import("./types.js").Person[]>} */
export const listPeople = async () => (await request("GET", "/users")).users;

/**
 * @param {import("./types.js").NewPerson} person
 * @returns {Promise<import("./types.js").Person>}
 */
export const createPerson = (person) => request("POST", "/users", person);

/**
 * @param {number} chat
 * @returns {Promise<import("./types.js").Transcript>}
 */
export const transcript = (chat) => request("GET", `/chats/${chat}`);

/**
 * @param {number} chat
 * @param {string} text
 * @returns {Promise<import("./types.js").Message>}
 */
export const say = (chat, text) => request("POST", `/chats/${chat}/messages`, { text });

/**
 * @param {number} chat
 * @param {{file: File, kind: string, caption: string}} upload
 * @returns {Promise<import("./types.js").Message>}
 */
export function upload(chat, { file, kind, caption }) {
  const form = new FormData();
  form.set("kind", kind);
  form.set("file", file, file.name || "file");
  if (caption) form.set("caption", caption);
  return request("POST", `/chats/${chat}/files`, form);
}

/**
 * Presses an inline button and waits for the bot's answer.
 *
 * @param {number} chat
 * @param {number} message
 * @param {import("./types.js").Button} button
 * @returns {Promise<import("./types.js").ClickResult>}
 */
export const click = (chat, message, button) =>
  request("POST", `/chats/${chat}/clicks`, {
    message_id: message,
    ...(button.data === null ? { text: button.text } : { data: button.data }),
    wait: 10,
  });

/**
 * Pays an invoice; the bot has ten seconds to agree.
 *
 * @param {number} chat
 * @param {number} message
 * @returns {Promise<import("./types.js").PaymentOutcome>}
 */
export const pay = (chat, message) =>
  request("POST", `/chats/${chat}/payments`, { message_id: message });

/**
 * @param {number} chat
 * @param {"stop" | "block" | "unblock"} what
 * @returns {Promise<null>}
 */
export const act = (chat, what) => request("POST", `/chats/${chat}/${what}`);

/**
 * @param {number} limit Only the latest ones.
 * @returns {Promise<import("./types.js").Call[]>}
 */
export const calls = async (limit) => (await request("GET", `/calls?limit=${limit}`)).calls;

/** @returns {Promise<import("./types.js").Fault[]>} */
export const faults = async () => (await request("GET", "/faults")).faults;

/** @param {import("./types.js").Fault} fault */
export const addFault = (fault) => request("POST", "/faults", fault);

export const clearFaults = () => request("DELETE", "/faults");
