/**
 * Makes links only of addresses whose scheme cannot run code in the page.
 */

const SAFE = new Set(["http:", "https:", "tg:", "mailto:", "tel:"]);
const SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/**
 * @param {string | null | undefined} address
 * @returns {string | null} The address made absolute, or null if it is not safe to open.
 */
export function safeUrl(address) {
  if (!address) return null;
  try {
    const url = new URL(SCHEME.test(address) ? address : `http://${address}`);
    return SAFE.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Attributes of every link that leads out of the page. */
export const outside = { target: "_blank", rel: "noopener noreferrer" };

/**
 * The payload of a deep link to this very bot (`t.me/<bot>?start=…`), which must not leave
 * the page: it means "send /start with the payload".
 *
 * @param {string} href
 * @param {string | undefined} username The bot's.
 * @returns {string | null}
 */
export function startPayload(href, username) {
  const url = new URL(href);
  const toBot =
    url.host === "t.me" && url.pathname.slice(1).toLowerCase() === username?.toLowerCase();
  return toBot ? url.searchParams.get("start") : null;
}
