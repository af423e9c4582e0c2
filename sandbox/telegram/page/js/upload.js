/**
 * Files to send: dropped, pasted or picked, and shown before they are sent.
 */

import { h, icon } from "./dom.js";
import { fileSize } from "./format.js";
import { t } from "./i18n.js";
import { openDialog } from "./popup.js";

const PHOTO = /^image\/(jpeg|png|webp)$/;
const VOICE = /^audio\/ogg/;

/**
 * Asks for a caption and the kind of message.
 *
 * @param {File[]} files
 * @param {(uploads: {file: File, kind: string, caption: string}[]) => void} onSend
 */
export function confirmUpload(files, onSend) {
  if (!files.length) return;
  const hasPhoto = files.some((file) => PHOTO.test(file.type));
  const caption = h("input", {
    type: "text",
    class: "input",
    maxlength: 1024,
    placeholder: t("caption"),
    "aria-label": t("caption"),
    autofocus: true,
  });
  const asFile = h("input", { type: "checkbox" });
  const cancel = h("button", { type: "button", class: "plain-button" }, t("cancel"));
  const form = h(
    "form",
    { method: "dialog" },
    h(
      "div",
      { class: "dialog-body" },
      h("h2", {}, files.length > 1 ? t("sendFiles", { count: files.length }) : t("sendFile")),
      h("div", { class: "upload-previews" }, ...files.map(preview)),
      hasPhoto && h("label", { class: "check" }, asFile, t("asFile")),
      caption,
    ),
    h(
      "div",
      { class: "dialog-actions" },
      cancel,
      h("button", { type: "submit", class: "plain-button primary" }, t("send")),
    ),
  );
  const dialog = openDialog(t("sendFile"), { class: "upload" }, form);
  cancel.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", () =>
    onSend(
      files.map((file, index) => ({
        file,
        kind: kindOf(file, asFile.checked),
        caption: index === 0 ? caption.value.trim() : "",
      })),
    ),
  );
}

/**
 * @param {File} file
 * @param {boolean} asFile
 */
function kindOf(file, asFile) {
  if (asFile) return "document";
  if (PHOTO.test(file.type)) return "photo";
  return VOICE.test(file.type) ? "voice" : "document";
}

/** @param {File} file */
function preview(file) {
  if (PHOTO.test(file.type)) {
    const address = URL.createObjectURL(file);
    const image = h("img", { class: "upload-picture", src: address, alt: file.name });
    image.addEventListener("load", () => URL.revokeObjectURL(address), { once: true });
    return image;
  }
  return h(
    "div",
    { class: "media-file" },
    h("span", { class: "file-badge" }, icon("file")),
    h(
      "span",
      { class: "file-text" },
      h("span", { class: "file-name" }, file.name),
      h("span", { class: "file-size" }, fileSize(file.size)),
    ),
  );
}

/**
 * Takes files dropped anywhere on an element, which shows that it is ready for them.
 *
 * @param {HTMLElement} target
 * @param {(files: File[]) => void} onFiles
 */
export function acceptDrops(target, onFiles) {
  let depth = 0;
  const ready = (/** @type {boolean} */ on) => target.classList.toggle("dropping", on);
  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files");
  target.append(h("div", { class: "drop-hint", "aria-hidden": "true" }, t("dropHere")));
  target.addEventListener("dragenter", (event) => {
    if (hasFiles(event)) ready((depth += 1) > 0);
  });
  target.addEventListener("dragleave", (event) => {
    if (hasFiles(event)) ready((depth -= 1) > 0);
  });
  target.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  target.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    ready(false);
    onFiles([...(event.dataTransfer?.files ?? [])]);
  });
}
