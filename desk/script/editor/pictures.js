// pictures.js -- choosing pictures: from the library, by name, or from this machine; and what is said of each.
//
// One dialog for a picture, for several (a gallery) and for the story's own picture in its settings. The library comes a page at a
// time (GET /desk/media/?json). Alt text is asked for when a picture that has none is chosen, in words that say what it is
// for; nobody is forced.

import { say } from "../words.js";
import { field, h, newId, openDialog } from "./dom.js";
import { get } from "./sending.js";
import { refusal, upload } from "./uploads.js";

const TYPING_MS = 250;

function thumb(item, several, name, onpick) {
  const id = newId("pick");
  return h("li", {}, h("input", { type: several ? "checkbox" : "radio", name, id, onchange: (event) => onpick(item, event.target.checked) }),
    h("label", { for: id }, h("img", { src: item.thumb || item.src, alt: item.alt || item.name, loading: "lazy" }), h("span", {}, item.name)));
}

/** The items chosen, in the order of choosing; null: none. */
export async function choosePictures({ several = false, title = say("editor.do.picture") } = {}) {
  const chosen = [];
  const name = newId("library");
  const list = h("ul", { class: "picks" });
  const more = h("button", { type: "button", class: "quiet", hidden: true, onclick: () => void load(next) }, say("editor.library-more"));
  const said = h("p", { class: "soft", role: "status" });
  const search = field(say("editor.library-search"), { type: "search" });
  const files = field(say(several ? "editor.upload-several" : "editor.upload-one"), { type: "file", accept: "image/*", multiple: several });
  const sent = h("ul", { class: "sent" });
  let next = null;
  let asked = 0;
  const pick = (item, on) => {
    const at = chosen.findIndex((one) => one.id === item.id);
    if (!several) chosen.length = 0;
    else if (at >= 0) chosen.splice(at, 1);
    if (on) chosen.push(item);
  };
  const load = async (before) => {
    const mine = ++asked;
    const query = new URLSearchParams({ json: "", q: search.input.value, ...(before ? { before } : {}) });
    const answer = await get(`/desk/media/?${query}`);
    if (mine !== asked) return;
    if (!before) list.replaceChildren();
    for (const item of answer.values.items ?? []) list.append(thumb(item, several, name, pick));
    next = answer.values.more ?? null;
    more.hidden = !next;
    said.textContent = answer.ok ? (list.children.length === 0 ? say("editor.library-none") : "") : say("editor.library-offline");
  };
  let typing;
  search.input.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => void load(null), TYPING_MS);
  });
  files.input.addEventListener("change", async () => {
    for (const file of [...files.input.files]) {
      const bar = h("progress", { max: "1", value: "0", "aria-label": say("editor.uploading", { name: file.name }) });
      const row = h("li", {}, h("span", {}, file.name), bar);
      sent.append(row);
      const answer = await upload(file, (part) => (bar.value = part));
      if (!answer.ok) {
        row.replaceChildren(h("span", { class: "wrong", role: "alert" }, `${file.name}: ${refusal(answer)}`));
        continue;
      }
      row.remove();
      const { item } = answer.values;
      list.prepend(thumb(item, several, name, pick));
      list.querySelector("input").checked = true;
      pick(item, true);
      if (!several) finish();
    }
  });
  const finish = () => {
    if (chosen.length > 0) dialog.close(chosen);
  };
  const dialog = openDialog({
    title, wide: true,
    body: h("div", {}, files.field, sent, search.field, said, list, h("p", {}, more)),
    buttons: [{ label: say("editor.choose"), kind: "first", type: "submit", act: () => (chosen.length > 0 ? chosen : false) }],
  });
  void load(null);
  return dialog.done;
}

/** The words of one picture: {alt, credit}. */
export async function askAlt(src, alt) {
  const words = field(say("editor.alt"), { tag: "textarea", rows: "3", value: alt }, say("editor.alt-hint"));
  const { done } = openDialog({
    title: say("editor.alt"),
    body: h("div", { class: "alt-dialog" }, h("img", { src, alt: "" }), words.field),
    buttons: [{ label: say("editor.keep"), kind: "first", type: "submit", act: () => words.input.value.trim().replace(/\s+/g, " ") }],
  });
  words.input.focus();
  return done;
}

/** The pictures of a gallery, in order: moved, removed, added, given words. Answers the new list or null. */
export async function editGallery(images) {
  let now = images.map((image) => ({ ...image }));
  const list = h("ol", { class: "gallery-list" });
  const draw = (focus = -1) => {
    list.replaceChildren(...now.map((image, i) => {
      const label = image.img?.alt || image.foreign?.label || image.img?.src.split("/").pop() || "";
      const alt = field(say("editor.alt"), { type: "text", value: image.img?.alt ?? "", oninput: (event) => image.img && (image.img = { ...image.img, alt: event.target.value }) });
      const move = (by, text) => h("button", { type: "button", class: "quiet", disabled: !now[i + by], onclick: () => {
        [now[i], now[i + by]] = [now[i + by], now[i]];
        draw(i + by);
      } }, text, h("span", { class: "unseen" }, ` ${label}`));
      return h("li", {}, image.img ? h("img", { src: image.img.src, alt: "" }) : h("span", {}, label),
        h("div", {}, image.img && alt.field, h("p", { class: "options" }, move(-1, say("editor.do.up")), move(1, say("editor.do.down")),
          h("button", { type: "button", class: "quiet grave", onclick: () => {
            now.splice(i, 1);
            draw(Math.min(i, now.length - 1));
          } }, say("editor.do.remove"), h("span", { class: "unseen" }, ` ${label}`)))));
    }));
    if (focus >= 0) list.children[focus]?.querySelector("input, button")?.focus();
  };
  draw();
  const add = h("button", { type: "button", class: "plain", onclick: async () => {
    for (const item of (await choosePictures({ several: true })) ?? []) now.push(galleryImage(item));
    draw(now.length - 1);
  } }, say("editor.gallery-add"));
  const { done } = openDialog({ title: say("editor.do.gallery"), wide: true, body: h("div", {}, list, h("p", {}, add)),
    buttons: [{ label: say("editor.keep"), kind: "first", type: "submit", act: () => now }] });
  return done;
}

export function galleryImage(item) {
  const img = { src: item.src, ...(item.width ? { width: String(item.width), height: String(item.height) } : {}), alt: item.alt ?? "" };
  return { tag: "div", html: { class: "kg-gallery-image" }, img, link: null, foreign: null, caption: "", captionHtml: null };
}
