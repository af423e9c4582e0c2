/**
 * One chat column: the state of a person's chat with the bot, connected with its parts.
 */

import { act, say, upload } from "./api.js";
import { Clicks } from "./clicks.js";
import { Composer } from "./composer.js";
import { h } from "./dom.js";
import { createDraft } from "./draft.js";
import { subscribe } from "./events.js";
import { fullName } from "./format.js";
import { createHeader } from "./header.js";
import { t } from "./i18n.js";
import { showPicture } from "./popup.js";
import { createScroll } from "./scroll.js";
import { createStore } from "./store.js";
import { Timeline } from "./timeline.js";
import { createToasts } from "./toast.js";
import { acceptDrops, confirmUpload } from "./upload.js";
import { createWelcome } from "./welcome.js";

const HAS_KEYBOARD = matchMedia("(hover: hover)");

/** @typedef {import("./store.js").ChatState} ChatState */

export class Chat {
  /**
   * @param {import("./types.js").Person} person
   * @param {{onPeople: () => void, onClose: () => void, onGone: () => void,
   *   onActivity: () => void}} listener
   */
  constructor(person, { onPeople, onClose, onGone, onActivity }) {
    this.person = person;
    this.chat = person.chat_id;
    this.store = createStore();
    this.toasts = createToasts();
    this.isNew = true;
    this.header = createHeader({
      person,
      onPeople,
      onClose,
      onBlock: (block) => this.act(block ? "block" : "unblock"),
      isBlocked: () => this.store.state.blocked,
    });
    this.lost = h("div", { class: "lost", role: "status" }, h("span", {}, t("connectionLost")));
    this.log = h("div", { class: "log", role: "log", "aria-live": "polite", tabindex: -1 });
    this.log.setAttribute("aria-busy", "true");
    this.timeline = new Timeline(this.log, this.messageActions());
    this.draft = createDraft(this.textActions(), {
      onStop: () => this.act("stop"),
      onEnd: () => this.focus(),
    });
    this.welcome = createWelcome();
    this.composer = new Composer({
      onSend: (text) => this.sendText(text),
      onFiles: (files) => this.sendFiles(files),
      onUnblock: () => this.act("unblock"),
    });
    this.content = h("div", { class: "content" });
    this.content.append(this.welcome.element, this.log, this.draft.element);
    this.viewport = h("div", { class: "viewport", tabindex: 0, role: "region" }, this.content);
    this.viewport.setAttribute("aria-label", t("messages"));
    this.scroll = createScroll(this.viewport, this.content);
    this.element = this.createElement();
    this.store.watch((state) => this.show(state));
    this.unsubscribe = subscribe(this.chat, {
      onEvent: (kind, data) => {
        this.store.apply(kind, data);
        onActivity();
      },
      onLost: this.store.lost,
      onGone,
    });
  }

  createElement() {
    const { header, lost, viewport, toasts, scroll, composer } = this;
    const element = h(
      "section",
      { class: "chat", "aria-label": fullName(this.person) },
      header.element,
      h("div", { class: "middle" }, lost, viewport, toasts.element, scroll.button),
      composer.element,
    );
    lost.hidden = true;
    acceptDrops(element, (files) => this.sendFiles(files));
    return element;
  }

  /** @returns {import("./render/entities.js").TextActions} */
  textActions() {
    return {
      sendText: (text) => this.sendText(text),
      copy: (text) => this.copy(text),
      botUsername: () => this.store.state.bot?.username,
    };
  }

  /** @returns {import("./render/message.js").MessageActions} */
  messageActions() {
    const clicks = new Clicks({
      ...this.textActions(),
      chat: this.chat,
      bot: () => this.store.state.bot,
      toast: this.toasts.show,
      redraw: (id) => this.timeline.showWaiting(id),
      stars: () => this.store.state.stars,
      jumpTo: (id) => this.timeline.jumpTo(id),
    });
    return {
      ...this.textActions(),
      press: (message, button) => clicks.press(message, button),
      isWaiting: (message, button) => clicks.isWaiting(message, button),
      enlarge: showPicture,
      quoted: (id) => this.store.state.messages.get(id),
      jumpTo: (id) => this.timeline.jumpTo(id),
    };
  }

  /** @param {ChatState} state */
  show(state) {
    this.header.show(state);
    this.lost.hidden = state.connection !== "lost";
    if (!state.chat) return;
    const hadDraft = this.draft.isShown();
    this.draft.show(state.draft);
    const animate = !this.isNew && !hadDraft;
    const fresh = this.timeline.show(state.messages, { animate });
    this.welcome.show(state);
    this.composer.show(state);
    if (this.isNew) this.begin();
    else if (fresh.some(({ author }) => author === "user")) this.scroll.toBottom();
    else this.scroll.arrived(fresh.length);
  }

  /** Lets screen readers read changes, after the first drawing. */
  begin() {
    this.isNew = false;
    this.scroll.toBottom();
    this.log.setAttribute("aria-busy", "false");
    if (HAS_KEYBOARD.matches) this.focus();
  }

  focus() {
    this.composer.focus();
  }

  /**
   * @param {() => Promise<unknown>} action
   * @returns {Promise<boolean>} Whether it worked; if not, the reason is shown.
   */
  async attempt(action) {
    try {
      await action();
      return true;
    } catch (error) {
      this.toasts.show(t("failed", { reason: /** @type {Error} */ (error).message }));
      return false;
    }
  }

  /** @param {"stop" | "block" | "unblock"} what */
  act(what) {
    return this.attempt(() => act(this.chat, what));
  }

  /** @param {string} text */
  async sendText(text) {
    this.scroll.toBottom();
    const sent = await this.attempt(async () => this.store.put(await say(this.chat, text)));
    if (!sent) this.composer.restore(text);
  }

  /** @param {File[]} files */
  sendFiles(files) {
    confirmUpload(files, async (uploads) => {
      this.scroll.toBottom();
      for (const each of uploads) {
        await this.attempt(async () => this.store.put(await upload(this.chat, each)));
      }
    });
  }

  /** @param {string} text */
  async copy(text) {
    const copied = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    this.toasts.show(t(copied ? "copied" : "copyFailed"));
  }

  end() {
    this.unsubscribe();
    this.scroll.end();
    this.element.remove();
  }
}
