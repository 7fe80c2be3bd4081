// paste.js -- what comes by the clipboard, made plain.
//
// Word and Google Docs write HTML that says everything by style: lists are paragraphs with "mso-list" and a typed bullet,
// bold is a span with a font-weight, a whole document stands in a <b> that is not bold. cleanPasted() turns all that into
// the elements it stands for, in the tree itself, and takes away every attribute but those that readers see. What remains is
// read by reader.js, loosely. Text that looks like Markdown is read as such; taking that back (undo) leaves the
// text as it was pasted.

import { Fragment, Slice } from "prosemirror-model";
import { STYLE, withoutStyle } from "./attributes.js";
import { addressIn, addressInIframe, embedOf, linkTo } from "./embeds.js";
import { looksLikeMarkdown, markdownToHtml } from "./markdown.js";
import { isInlineTree, treeOf } from "./meaning.js";
import { readCopy, readLoose } from "./reader.js";
import { schema } from "./schema.js";
import { writeChildren } from "./writer.js";

const DROPPED = "script, style, meta, link, title, head, xml, iframe, object, embed, svg, math, template, noscript, input, select, textarea";
const KEPT_ATTRIBUTES = { a: ["href", "title"], img: ["src", "alt"], td: ["colspan", "rowspan"], th: ["colspan", "rowspan", "scope"], ol: ["start"], code: ["class"] };

// ---- Word ----

function wordLevel(element) {
  const found = /mso-list:\s*l(\d+)\s+level(\d+)/i.exec(element.getAttribute(STYLE) ?? "");
  return found ? { list: found[1], level: Number(found[2]) } : null;
}

/** The bullet or number that Word typed, which is taken out. */
function takeMarker(paragraph) {
  const marker = [...paragraph.querySelectorAll("span")].find((span) => /mso-list:\s*ignore/i.test(span.getAttribute(STYLE) ?? ""));
  const text = marker?.textContent ?? "";
  marker?.remove();
  return text.replace(/\u00a0/g, " ").trim();
}

/** Paragraphs that are items of a list, one after another, become that list. */
function wordLists(root) {
  let lists = []; // by level: the open list
  let last = null;
  for (const paragraph of [...root.querySelectorAll("p, h1, h2, h3, h4, h5, h6")]) {
    const place = wordLevel(paragraph);
    if (!place) continue;
    const marker = takeMarker(paragraph);
    const ordered = /^(?:\d+|[a-z]{1,4}|[ivxlcdm]+)[.)]$/i.test(marker) || /^\(?\d+\)$/.test(marker);
    const follows = last && previousElement(paragraph) === last;
    if (!follows) lists = [];
    lists.length = Math.min(lists.length, place.level);
    while (lists.length < place.level) {
      const list = document.createElement(ordered ? "ol" : "ul");
      const parent = lists[lists.length - 1];
      if (!parent) paragraph.before(list);
      else {
        if (!parent.lastElementChild) parent.append(document.createElement("li"));
        parent.lastElementChild.append(list);
      }
      lists.push(list);
    }
    const item = document.createElement("li");
    item.append(...paragraph.childNodes);
    lists[place.level - 1].append(item);
    paragraph.remove();
    last = lists[0];
  }
}

function previousElement(node) {
  let before = node.previousSibling;
  while (before && before.nodeType !== Node.ELEMENT_NODE && !/\S/.test(before.data ?? "")) before = before.previousSibling;
  return before;
}

/** Word's heading styles and title on plain paragraphs. */
function wordHeadings(root) {
  for (const paragraph of root.querySelectorAll("p[class]")) {
    const level = /MsoTitle/.test(paragraph.className) ? 1 : Number(/MsoHeading(\d)/.exec(paragraph.className)?.[1] ?? 0);
    if (level === 0) continue;
    rename(paragraph, `h${Math.min(level, 6)}`);
  }
}

// ---- styles that mean something ----

/** The declarations of an element, by property; the attribute's own text, as no policy lets it be a style here. */
function styleOf(element) {
  const out = {};
  for (const [, property, value] of (element.getAttribute(STYLE) ?? "").matchAll(/([a-z-]+)\s*:\s*([^;]*)/gi)) out[property.toLowerCase()] = value.trim().toLowerCase();
  return out;
}

const lines = (style) => `${style["text-decoration"] ?? ""} ${style["text-decoration-line"] ?? ""}`;
const MEANT = [
  ["strong", (style) => /^(?:bold|bolder|[6-9]00)$/.test(style["font-weight"])],
  ["em", (style) => /^(?:italic|oblique)/.test(style["font-style"])],
  ["s", (style) => lines(style).includes("line-through")],
  ["u", (style) => lines(style).includes("underline")],
  ["sup", (style) => style["vertical-align"] === "super"],
  ["sub", (style) => style["vertical-align"] === "sub"],
];

function unwrap(element) {
  element.replaceWith(...element.childNodes);
}

function rename(element, tag) {
  const other = document.createElement(tag);
  other.append(...element.childNodes);
  element.replaceWith(other);
}

/** A span's style as elements within it; a <b> that says it is not bold, as Google Docs' wrapper, as nothing. */
function readStyles(root) {
  for (const element of [...root.querySelectorAll("b, strong, i, em")]) {
    const style = styleOf(element);
    const bold = element.localName === "b" || element.localName === "strong";
    if (bold ? /^(?:normal|[1-4]00)$/.test(style["font-weight"]) : style["font-style"] === "normal") unwrap(element);
    else if (element.localName.length === 1) rename(element, bold ? "strong" : "em");
  }
  for (const element of [...root.querySelectorAll(`span, font, p[${STYLE}], li[${STYLE}]`)]) {
    const style = styleOf(element);
    const inLink = element.closest("a") !== null;
    const heading = element.closest("h1, h2, h3, h4, h5, h6") !== null;
    for (const [tag, meant] of MEANT) {
      if (!meant(style) || (tag === "u" && inLink) || (tag === "strong" && heading)) continue;
      if (!/\S/.test(element.textContent) || element.closest(tag)) continue;
      const inner = document.createElement(tag);
      inner.append(...element.childNodes);
      element.append(inner);
    }
  }
  for (const element of [...root.querySelectorAll("span, font, o\\:p")]) unwrap(element);
}

// ---- all together ----

function takeComments(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  const comments = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  for (const comment of comments) comment.remove();
}

/** A link that a mail program or a search page wrapped, as the one it leads to. */
function honestHref(href) {
  try {
    const url = new URL(href);
    const inner = /(^|\.)google\.[a-z.]+$/.test(url.host) && url.pathname === "/url" ? url.searchParams.get("q") ?? url.searchParams.get("url") : null;
    return inner && /^https?:/.test(inner) ? inner : href;
  } catch {
    return href;
  }
}

function plainAttributes(root) {
  for (const element of root.querySelectorAll("*")) {
    const kept = KEPT_ATTRIBUTES[element.localName] ?? [];
    for (const { name } of [...element.attributes]) if (!kept.includes(name)) element.removeAttribute(name);
    if (element.localName === "code" && !/^language-[\w-]+$/.test(element.className)) element.removeAttribute("class");
  }
  for (const link of [...root.querySelectorAll("a")]) {
    const href = honestHref(link.getAttribute("href") ?? "");
    if (!/^(?:https?:|mailto:|tel:|\/(?!\/)|#\S)/i.test(href)) {
      unwrap(link);
      continue;
    }
    const attributes = linkTo(href);
    for (const name of Object.keys(attributes)) link.setAttribute(name, attributes[name]);
  }
  // A picture elsewhere would be asked for by readers' browsers; one in the clipboard itself comes as a file.
  for (const img of [...root.querySelectorAll("img")]) {
    const src = img.getAttribute("src") ?? "";
    if (!/^\/(?!\/)/.test(src) && !src.startsWith(`${location.origin}/`)) img.remove();
    else img.setAttribute("src", src.replace(location.origin, ""));
  }
}

/** Paragraphs that only kept a distance. */
function takeEmpty(root) {
  for (const element of [...root.querySelectorAll("p, h1, h2, h3, h4, h5, h6, div")]) {
    if (!/[^\s\u00a0]/.test(element.textContent) && !element.querySelector("img, hr, table")) element.remove();
  }
  for (const br of [...root.querySelectorAll("br")]) if (br.parentNode === root) br.remove();
}

export function cleanPasted(root) {
  takeComments(root);
  for (const element of [...root.querySelectorAll(DROPPED)]) element.remove();
  wordLists(root);
  wordHeadings(root);
  readStyles(root);
  plainAttributes(root);
  takeEmpty(root);
  return root;
}

/** ProseMirror's clipboard parser: our own copies (data-pm-slice) are read as stored HTML is. */
export const clipboardParser = {
  parseSlice(dom) {
    const ours = dom.querySelector("[data-pm-slice]") !== null;
    const holder = document.createElement("div");
    holder.append(...dom.childNodes);
    if (!ours) cleanPasted(holder);
    return sliceOf(holder, ours ? readCopy(holder) : readLoose(holder));
  },
};

/** ProseMirror's clipboard serializer: a copy is what would be stored. */
export const clipboardSerializer = {
  serializeFragment(fragment, options, target) {
    const holder = target ?? document.createDocumentFragment();
    let inline = fragment.childCount > 0;
    fragment.forEach((node) => (inline = inline && node.isInline));
    const parent = inline ? schema.node("paragraph", null, fragment) : schema.topNodeType.create(null, fragment);
    holder.append(treeOf(inline ? writeChildren(schema.topNodeType.create(null, parent)) : writeChildren(parent)));
    return holder;
  },
};

function sliceOf(holder, nodes) {
  const content = Fragment.from(nodes);
  const open = [...holder.childNodes].every(isInlineTree) ? 1 : 0;
  return new Slice(content, nodes.length > 0 ? open : 0, nodes.length > 0 ? open : 0);
}

/** Blocks of a text that is Markdown. */
export function sliceOfMarkdown(text) {
  const holder = document.createElement("div");
  holder.append(treeOf(markdownToHtml(text)));
  plainAttributes(holder);
  return Slice.maxOpen(Fragment.from(readLoose(holder)));
}

/** The embed that an address or a copied <iframe> is, as a node. */
export function embedFor(text) {
  const address = addressInIframe(text) ?? addressIn(text);
  const attributes = address && embedOf(address);
  return attributes ? schema.nodes.embed.create(attributes) : null;
}

function isEmptyLine(state) {
  const { $from, empty } = state.selection;
  return empty && $from.parent.type.name === "paragraph" && $from.parent.content.size === 0 && $from.depth === 1;
}

/** Some text is selected, of one paragraph. */
function inOneText(state) {
  const { from, to, empty } = state.selection;
  if (empty || state.doc.textBetween(from, to).trim() === "") return false;
  let blocks = 0;
  state.doc.nodesBetween(from, to, (node) => {
    if (node.isTextblock && node.content.size > 0) blocks++;
    return !node.isTextblock;
  });
  return blocks === 1;
}

/** The one address in what was pasted, if it is that alone. */
function pasteAddress(view, text) {
  const address = addressIn(text);
  const { state } = view;
  if (!address && !addressInIframe(text)) return false;
  if (address && inOneText(state)) {
    const { from, to } = state.selection;
    view.dispatch(state.tr.addMark(from, to, schema.marks.link.create({ html: linkTo(address) })).scrollIntoView());
    return true;
  }
  const embed = isEmptyLine(state) ? embedFor(text) : null;
  if (embed) {
    const { $from } = state.selection;
    const after = schema.node("paragraph");
    view.dispatch(state.tr.replaceWith($from.before(), $from.after(), [embed, after]).scrollIntoView());
    return true;
  }
  if (!address) return false;
  const mark = schema.marks.link.create({ html: linkTo(address) });
  if (!state.selection.$from.parent.type.allowsMarkType(schema.marks.link)) return false;
  view.dispatch(state.tr.replaceSelectionWith(schema.text(address, [mark]), false).removeStoredMark(schema.marks.link).scrollIntoView());
  return true;
}

/** Pasted twice over: as it is, then as Markdown, so that one undo brings back the plain text. */
function pasteMarkdown(view, text, closeHistory) {
  const { state } = view;
  if (state.selection.$from.parent.type.spec.code || !looksLikeMarkdown(text)) return false;
  const { from } = state.selection;
  const lines = text.replace(/\r\n?/g, "\n").split(/\n{2,}/);
  const plain = Slice.maxOpen(Fragment.from(lines.map((line) => {
    const parts = line.split("\n").flatMap((part, i) => [...(i > 0 ? [schema.node("hard_break")] : []), ...(part ? [schema.text(part)] : [])]);
    return schema.node("paragraph", null, parts);
  })));
  view.dispatch(state.tr.replaceSelection(plain).setMeta("paste", true));
  const to = view.state.selection.from;
  view.dispatch(closeHistory(view.state.tr.replaceRange(from, to, sliceOfMarkdown(text)).setMeta("paste", true).scrollIntoView()));
  return true;
}

/** Props for the view. `takeFiles(view, files, at)` uploads pictures. */
export function pasteProps(takeFiles, closeHistory) {
  let plain = false; // Ctrl+Shift+V
  return {
    clipboardParser,
    clipboardSerializer,
    transformPastedHTML: (html) => withoutStyle(html.replace(/<style\b[\s\S]*?<\/style>/gi, "")),
    clipboardTextParser(text) {
      const paragraphs = text.replace(/\r\n?/g, "\n").split(/\n+/).map((line) => schema.node("paragraph", null, line ? schema.text(line) : null));
      return Slice.maxOpen(Fragment.from(paragraphs));
    },
    handleKeyDown(_, event) {
      plain = event.key.toLowerCase() === "v" && event.shiftKey && (event.ctrlKey || event.metaKey);
      return false;
    },
    handlePaste(view, event) {
      const data = event.clipboardData;
      if (!data) return false;
      const files = [...data.files].filter((file) => file.type.startsWith("image/"));
      const html = data.getData("text/html");
      const text = data.getData("text/plain");
      if (files.length > 0 && !/<(?:p|h\d|li|td)\b/i.test(html)) return takeFiles(view, files, view.state.selection.from);
      if (html.includes("data-pm-slice") || plain) return false;
      if (pasteAddress(view, text.trim())) return true;
      const code = data.types.includes("vscode-editor-data") || /<pre\b/i.test(html.slice(0, 200));
      const rich = !code && /<(?:p|h\d|ul|ol|table|b|strong|em|i|a|br|span\s+style)\b/i.test(html);
      return !rich && text !== "" && pasteMarkdown(view, text, closeHistory);
    },
    handleDrop(view, event) {
      const files = [...(event.dataTransfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));
      if (files.length === 0) return false;
      event.preventDefault();
      const at = view.posAtCoords({ left: event.clientX, top: event.clientY });
      return takeFiles(view, files, at ? at.pos : view.state.doc.content.size);
    },
  };
}
