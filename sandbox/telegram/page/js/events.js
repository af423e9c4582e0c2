/**
 * The event stream of a chat, which survives restarts of the emulator and sleeping tabs.
 *
 * EventSource gives up on a 404 and hides the status. So after every break, the page fetches the
 * chat: this tells a lost connection (try again) from a chat that no longer exists.
 * A hidden tab closes its stream, because browsers allow only six connections to one origin.
 */

import { ApiError, transcript } from "./api.js";

const KINDS = [
  "snapshot",
  "message",
  "deleted",
  "draft",
  "action",
  "reply_keyboard",
  "commands",
  "blocked",
  "stars",
  "reset",
];
const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 5000;
const HIDDEN_FOR = 30_000;

/**
 * @param {number} chat
 * @param {{onEvent: (kind: string, data: any) => void, onLost: () => void,
 *   onGone: () => void}} listener
 * @returns {() => void} Ends the subscription.
 */
export function subscribe(chat, { onEvent, onLost, onGone }) {
  /** @type {EventSource | null} */
  let source = null;
  let pause = FIRST_PAUSE;
  let timer = 0;
  let ended = false;
  let recovering = false;

  const release = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };

  const open = () => {
    release();
    if (ended) return;
    source = new EventSource(`/sim/chats/${chat}/events`);
    source.addEventListener("error", recover);
    for (const kind of KINDS) source.addEventListener(kind, receive);
  };

  /** @param {MessageEvent} event */
  const receive = (event) => {
    pause = FIRST_PAUSE;
    if (event.type !== "reset") return onEvent(event.type, JSON.parse(event.data));
    end();
    onGone();
  };

  const recover = async () => {
    if (recovering || ended) return;
    recovering = true;
    release();
    onLost();
    try {
      await transcript(chat);
      timer = setTimeout(open, pause);
    } catch (error) {
      if (ended) return;
      if (error instanceof ApiError && error.status === 404) {
        end();
        return onGone();
      }
      timer = setTimeout(recover, pause);
    }
    pause = Math.min(pause * 2, LONGEST_PAUSE);
    recovering = false;
  };

  const watchVisibility = () => {
    if (document.hidden && source) timer = setTimeout(release, HIDDEN_FOR);
    else if (!document.hidden && source) clearTimeout(timer);
    else if (!document.hidden) recover();
  };

  const end = () => {
    ended = true;
    release();
    document.removeEventListener("visibilitychange", watchVisibility);
    removeEventListener("online", recover);
  };

  document.addEventListener("visibilitychange", watchVisibility);
  addEventListener("online", recover);
  open();
  return end;
}
