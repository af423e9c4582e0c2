/**
 * Pictures, sounds and files inside a message.
 */

import { h, icon } from "../dom.js";
import { fileSize } from "../format.js";
import { t } from "../i18n.js";

/** @typedef {import("../types.js").Media} Media */

const WIDEST = 360;
const TALLEST = 420;

/** @type {Record<string, (media: Media, onEnlarge: (media: Media) => void) => HTMLElement>} */
const KINDS = {
  photo: picture,
  sticker: picture,
  voice: sound,
  audio: sound,
  video: film,
  animation: film,
  video_note: film,
};

/**
 * @param {Media} media
 * @param {(media: Media) => void} onEnlarge
 */
export const mediaBlock = (media, onEnlarge) => (KINDS[media.kind] ?? file)(media, onEnlarge);

/**
 * @param {Media} media
 * @param {(media: Media) => void} onEnlarge
 */
function picture(media, onEnlarge) {
  const { width, height } = media;
  const image = h("img", { src: media.url, alt: t("photo"), width, height, decoding: "async" });
  if (width && height) {
    const scale = Math.min(1, WIDEST / width, TALLEST / height);
    image.style.width = `${Math.round(width * scale)}px`;
  }
  return h(
    "button",
    {
      type: "button",
      class: `media-picture kind-${media.kind}`,
      "aria-label": t("enlarge"),
      on: { click: () => onEnlarge(media) },
    },
    image,
  );
}

/** @param {Media} media */
function sound({ url }) {
  return h("audio", {
    class: "media-sound",
    controls: true,
    preload: "metadata",
    src: url,
    "aria-label": t("voice"),
  });
}

/** @param {Media} media */
function film({ url }) {
  return h("video", { class: "media-film", controls: true, preload: "metadata", src: url });
}

/** @param {Media} media */
function file(media) {
  const name = media.file_name || t("file");
  return h(
    "a",
    { class: "media-file", href: media.url, download: name, "aria-label": t("download", { name }) },
    h("span", { class: "file-badge" }, icon("download")),
    h(
      "span",
      { class: "file-text" },
      h("span", { class: "file-name" }, name),
      h("span", { class: "file-size" }, media.size === null ? "" : fileSize(media.size)),
    ),
  );
}
