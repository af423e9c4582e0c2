/**
 * The state of one chat, and the listeners to its changes.
 *
 * Events only change the state; listeners run once per frame, so a burst (draft gone, answer
 * arrived, keyboard changed) is drawn as one step, without flicker.
 */

/**
 * @typedef {object} ChatState
 * @property {"connecting" | "live" | "lost"} connection
 * @property {import("./types.js").Transcript["chat"] | null} chat
 * @property {import("./types.js").BotProfile | null} bot
 * @property {boolean} blocked
 * @property {import("./types.js").Command[]} commands
 * @property {Map<number, import("./types.js").Message>} messages
 * @property {import("./types.js").ReplyKeyboard | null} reply_keyboard
 * @property {import("./types.js").Draft | null} draft
 * @property {string | null} action
 * @property {number | null} stars
 */

export function createStore() {
  /** @type {ChatState} */
  const state = {
    connection: "connecting",
    chat: null,
    bot: null,
    blocked: false,
    commands: [],
    messages: new Map(),
    reply_keyboard: null,
    draft: null,
    action: null,
    stars: null,
  };
  /** @type {Set<(state: ChatState) => void>} */
  const listeners = new Set();
  let scheduled = false;
  let newest = 0;

  const changed = () => {
    if (scheduled) return;
    scheduled = true;
    requestAnimationFrame(() => {
      scheduled = false;
      for (const listener of listeners) listener(state);
    });
  };

  return {
    state,
    /** @param {(state: ChatState) => void} listener */
    watch: (listener) => listeners.add(listener),
    /**
     * Adds the message that a request has answered, unless the event stream was faster: it may
     * have shown the message already, or even its deletion.
     *
     * @param {import("./types.js").Message} message
     */
    put: (message) => {
      if (message.id <= newest) return;
      newest = message.id;
      state.messages.set(message.id, message);
      changed();
    },
    lost: () => {
      state.connection = "lost";
      changed();
    },
    /**
     * @param {string} kind An event of the stream.
     * @param {any} data
     */
    apply: (kind, data) => {
      reduce(state, kind, data);
      newest = Math.max(newest, ...state.messages.keys());
      changed();
    },
  };
}

/**
 * @param {ChatState} state
 * @param {string} kind
 * @param {any} data
 */
function reduce(state, kind, data) {
  if (kind === "snapshot") {
    const { messages, ...rest } = /** @type {import("./types.js").Transcript} */ (data);
    Object.assign(state, rest, { connection: "live" });
    state.messages = new Map(messages.map((message) => [message.id, message]));
  } else if (kind === "message") {
    state.messages.set(data.id, data);
  } else if (kind === "deleted") {
    for (const id of data.ids) state.messages.delete(id);
  } else {
    Object.assign(state, data);
  }
}
