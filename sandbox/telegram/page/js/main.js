/**
 * Starts the page: people at the left, chats in the middle, the developer drawer at the right.
 */

import { h, icon } from "./dom.js";
import { Drawer } from "./drawer/drawer.js";
import { language, t } from "./i18n.js";
import { People } from "./people.js";
import { untilDone } from "./retry.js";
import { followKeyboard } from "./viewport.js";
import { Workspace } from "./workspace.js";

const start = () => untilDone(() => workspace.start());

document.documentElement.lang = language;
followKeyboard();

const drawer = new Drawer();
const workspace = new Workspace({
  onPeople: () => people.open(),
  onPeopleChanged: () => people.refresh(),
  onActivity: () => drawer.refreshSoon(),
});
const people = new People({
  onOpen: (person) => workspace.open(person),
  onBeside: (person) => workspace.openBeside(person),
  shown: () => workspace.people(),
});

document
  .getElementById("app")
  ?.replaceChildren(
    h(
      "div",
      { class: "strip" },
      h("p", { class: "strip-note" }, icon("shield"), h("span", {}, t("emulator"))),
      drawer.toggle,
    ),
    h("div", { class: "panes" }, people.sidebar, workspace.element, drawer.element),
  );
addEventListener("hashchange", start);
addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.code === "Backquote") {
    event.preventDefault();
    drawer.flip();
  }
  const plain = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (plain && event.target === document.body) workspace.active?.focus();
});
start();
