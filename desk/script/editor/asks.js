// asks.js -- the dialogs behind commands that must know something first, and those of the cards.
//
// Each is a ProseMirror command: asked without dispatch it says whether it could; else it opens its dialog, and the change
// comes when that is closed. A card's position is looked up again then, as the text may have moved meanwhile.

import { say } from "../words.js";
import { withAttribute, withClass } from "./attributes.js";
import { commandsWith, insertBlock, keyName, setAttributes } from "./commands.js";
import { field, h, openDialog, wrong } from "./dom.js";
import { addressIn, addressInIframe, addressTyped, embedOf, linkTo } from "./embeds.js";
import { inert } from "./inert.js";
import { askAddress, editLink } from "./links.js";
import { doing } from "./names.js";
import { askAlt, choosePictures, editGallery, galleryImage } from "./pictures.js";
import { schema } from "./schema.js";
import { creditText, imageOf } from "./uploads.js";

const { nodes } = schema;

/** A command that opens a dialog. */
const asking = (ask) => (state, dispatch, view) => {
  if (dispatch) void ask(view);
  return true;
};

function put(view, node, options) {
  view.dispatch(insertBlock(view.state, node, options));
  view.focus();
}

/** The card that was asked about, where it is by now. */
function still(view, found) {
  if (view.state.doc.nodeAt(found.pos)?.eq(found.node)) return found.pos;
  let at = null;
  view.state.doc.descendants((node, pos) => {
    if (node === found.node) at = pos;
    return at === null;
  });
  return at;
}

function change(view, found, attributes) {
  const pos = still(view, found);
  if (pos !== null) view.dispatch(setAttributes(view.state, pos, attributes));
  view.focus();
}

// ---- putting in ----

async function picture(view) {
  const chosen = await choosePictures();
  if (chosen) put(view, imageOf(chosen[0]), { selectInside: false });
}

async function gallery(view) {
  const chosen = await choosePictures({ several: true, title: doing("gallery") });
  if (!chosen) return;
  if (chosen.length === 1) put(view, imageOf(chosen[0]), { selectInside: false });
  else put(view, nodes.gallery.create({ html: { class: "kg-card kg-gallery-card kg-width-wide" }, images: chosen.map(galleryImage) }), { selectInside: false });
}

async function embedAttributes(before = null) {
  const typed = field(say("editor.embed-address"), { type: "text", value: before?.link?.href ?? "", inputmode: "url" }, say("editor.embed-hint"));
  const label = field(say("editor.embed-label"), { type: "text", value: before?.label ?? "" });
  const { done } = openDialog({
    title: doing("embed"), body: h("div", {}, typed.field, before && label.field),
    buttons: [{ label: say("editor.keep"), kind: "first", type: "submit", act: () => {
      const text = typed.input.value;
      const address = addressInIframe(text) ?? addressIn(addressTyped(text) ?? "");
      const attributes = address && embedOf(address);
      if (attributes) return label.input.value.trim() ? { ...attributes, label: label.input.value.trim() } : attributes;
      wrong(typed.input, say("editor.embed-unknown"));
      return false;
    } }],
  });
  typed.input.focus();
  return done;
}

async function bookmarkAttributes(before = null) {
  const href = field(say("editor.address"), { type: "text", value: before?.link?.href ?? "", inputmode: "url" });
  const title = field(say("editor.bookmark.title"), { type: "text", value: before?.title ?? "" });
  const description = field(say("editor.bookmark.description"), { tag: "textarea", rows: "3", value: before?.description ?? "" });
  const publisher = field(say("editor.bookmark.publisher"), { type: "text", value: before?.publisher ?? "" });
  const { done } = openDialog({
    title: doing("bookmark"), body: h("div", {}, href.field, title.field, description.field, publisher.field),
    buttons: [{ label: say("editor.keep"), kind: "first", type: "submit", act: () => {
      const address = addressTyped(href.input.value);
      if (!address) {
        wrong(href.input, say("editor.address-wrong"));
        return false;
      }
      return { ...before, html: before?.html ?? { class: "kg-card kg-bookmark-card" }, link: linkTo(address, before?.link ?? { class: "kg-bookmark-container" }),
        title: title.input.value.trim() || address, description: description.input.value.trim(), publisher: publisher.input.value.trim() };
    } }],
  });
  href.input.focus();
  return done;
}

/** Source and, beside it, what a reader will see. */
async function rawSource(before = "") {
  const source = field(say("editor.raw-source"), { tag: "textarea", rows: "12", spellcheck: "false", class: "source", value: before }, say("editor.raw-hint"));
  const shown = h("div", { class: "raw-shown" }, inert(before));
  source.input.addEventListener("input", () => shown.replaceChildren(inert(source.input.value)));
  const { done } = openDialog({ title: doing("raw"), wide: true, body: h("div", {}, source.field, h("h3", {}, say("editor.raw-preview")), shown),
    buttons: [{ label: say("editor.keep"), kind: "first", type: "submit", act: () => source.input.value.trim() }] });
  source.input.focus();
  return done;
}

// ---- changing ----

async function changeCredit(view, found) {
  const { content } = found.node;
  let credit = "";
  content.forEach((node) => {
    if (node.marks.some((mark) => mark.attrs.html?.class === "credit")) credit += node.text ?? "";
  });
  const typed = field(say("editor.credit"), { type: "text", value: credit }, say("editor.credit-hint"));
  const { done } = openDialog({ title: say("editor.credit"), body: typed.field,
    buttons: [{ label: say("editor.keep"), kind: "first", type: "submit", act: () => typed.input.value.trim() }] });
  typed.input.focus();
  const text = await done;
  const pos = text === null ? null : still(view, found);
  if (pos !== null) {
    const kept = [];
    content.forEach((node) => {
      if (!node.marks.some((mark) => mark.attrs.html?.class === "credit")) kept.push(node);
    });
    const last = kept[kept.length - 1];
    if (last?.isText && last.text.endsWith(" ")) kept[kept.length - 1] = last.text.length > 1 ? last.cut(0, last.text.length - 1) : null;
    const words = [...kept.filter(Boolean), ...(text ? creditText(text, kept.length > 0).filter(Boolean) : [])];
    view.dispatch(view.state.tr.replaceWith(pos + 1, pos + 1 + content.size, words));
  }
  view.focus();
}

const CHANGES = {
  async alt(view, found) {
    const { img } = found.node.attrs;
    const alt = await askAlt(img.src, img.alt ?? "");
    if (alt !== null) change(view, found, { img: alt ? { ...img, alt } : { ...withAttribute(img, "alt", null), alt: "" } });
  },
  credit: changeCredit,
  async replace(view, found) {
    const chosen = await choosePictures({ title: say("editor.replace") });
    const pos = chosen ? still(view, found) : null;
    if (pos !== null) view.dispatch(view.state.tr.replaceWith(pos, pos + found.node.nodeSize, imageOf(chosen[0], found.node)));
    view.focus();
  },
  async imagelink(view, found) {
    const address = await askAddress({ title: doing("link"), value: found.node.attrs.link?.href ?? "", removable: found.node.attrs.link !== null });
    if (address !== null) change(view, found, { link: address ? linkTo(address, found.node.attrs.link) : null });
  },
  async gallery(view, found) {
    const images = await editGallery(found.node.attrs.images);
    if (images) change(view, found, { images, rows: null });
  },
  async embed(view, found) {
    const attributes = await embedAttributes(found.node.attrs);
    if (attributes) change(view, found, attributes);
  },
  async bookmark(view, found) {
    const attributes = await bookmarkAttributes(found.node.attrs);
    if (attributes) change(view, found, attributes);
  },
  async button(view, found) {
    const address = await askAddress({ title: doing("button"), value: found.node.attrs.link?.href ?? "", removable: found.node.attrs.link !== null });
    if (address !== null) change(view, found, { link: address ? linkTo(address, found.node.attrs.link ?? { class: "kg-btn kg-btn-accent" }) : null });
  },
  async raw(view, found) {
    const source = await rawSource(found.node.attrs.source);
    if (source !== null) change(view, found, { source });
  },
};

/** By its name in CHANGES, of the card at `pos`: for the buttons that stand in cards. */
export function changeCard(view, what, pos) {
  const node = view.state.doc.nodeAt(pos);
  if (node) void CHANGES[what](view, { node, pos });
}

async function changeEmoji(view, found) {
  const typed = field(say("editor.callout.emoji"), { type: "text", value: found.node.attrs.emoji, maxlength: "8" }, say("editor.callout.emoji-hint"));
  const { done } = openDialog({ title: doing("callout"), body: typed.field, buttons: [{ label: say("editor.keep"), kind: "first", type: "submit", act: () => typed.input.value.trim() }] });
  typed.input.focus();
  const emoji = await done;
  if (emoji !== null) change(view, found, { emoji });
}

async function changeLanguage(view, found, language) {
  const typed = field(say("editor.code.language-field"), { type: "text", value: language, autocapitalize: "off", spellcheck: "false" }, say("editor.code.language-hint"));
  const { done } = openDialog({ title: doing("codeblock"), body: typed.field,
    buttons: [{ label: say("editor.keep"), kind: "first", type: "submit", act: () => typed.input.value.trim().toLowerCase().replace(/[^a-z0-9_-]/g, "") }] });
  typed.input.focus();
  const name = await done;
  if (name !== null) change(view, found, { coded: true, code: withClass(found.node.attrs.code, /^language-/, name ? `language-${name}` : "") });
}

// ---- the list of keys ----

function showKeys(commands) {
  const rows = Object.entries(commands).filter(([, command]) => command.keys || command.typed);
  const more = [["Alt-F10", say("editor.keys.toolbar")], ["/", say("editor.keys.menu")], ["Mod-z", doing("undo")], ["Mod-Shift-z", doing("redo")],
    ["Shift-Enter", say("editor.keys.break")], ["Tab", say("editor.keys.tab")], ["Mod-Shift-v", say("editor.keys.plain-paste")]];
  const row = (label, keys, typed) => h("tr", {}, h("th", { scope: "row" }, label), h("td", {}, keys), h("td", {}, typed));
  openDialog({
    title: doing("keys"), wide: true,
    body: h("div", { class: "keys" }, h("table", {},
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, say("editor.keys.what")), h("th", { scope: "col" }, say("editor.keys.keys")), h("th", { scope: "col" }, say("editor.keys.typed")))),
      h("tbody", {}, rows.map(([name, command]) => row(doing(name), (command.keys ?? []).map(keyName).join(", "), command.typed ?? "")),
        more.map(([key, label]) => row(label, keyName(key), ""))))),
  });
}

/** The commands of a page, and the asks that cardTools wants. `save` is Ctrl+S. */
export function pageCommands({ save }) {
  let commands = null;
  const asks = {
    link: editLink,
    picture: asking(picture),
    gallery: asking(gallery),
    embed: asking(async (view) => {
      const attributes = await embedAttributes();
      if (attributes) put(view, nodes.embed.create(attributes), { selectInside: false });
      else view.focus();
    }),
    bookmark: asking(async (view) => {
      const attributes = await bookmarkAttributes();
      if (attributes) put(view, nodes.bookmark.create(attributes), { selectInside: false });
      else view.focus();
    }),
    button: asking(async (view) => {
      const address = await askAddress({ title: doing("button") });
      if (address) put(view, nodes.button.create({ html: { class: "kg-card kg-button-card kg-align-center" }, link: linkTo(address, { class: "kg-btn kg-btn-accent" }) }));
      else view.focus();
    }),
    raw: asking(async (view) => {
      const source = await rawSource();
      if (source) put(view, nodes.html.create({ source }), { selectInside: false });
      else view.focus();
    }),
    keys: asking(() => showKeys(commands)),
    save: (_, dispatch) => {
      if (dispatch) save();
      return true;
    },
  };
  commands = commandsWith(asks);
  const ofCards = {
    at: (what, found) => asking((view) => CHANGES[what](view, found)),
    emoji: (found) => asking((view) => changeEmoji(view, found)),
    language: (found, language) => asking((view) => changeLanguage(view, found, language)),
  };
  return { commands, ofCards };
}
