// writer.js -- nodes written as HTML, in the very form in which the sanitizer writes what it keeps (src/text/sanitize.h).
//
// What is written here passes through the sanitizer unchanged; so what was saved is what comes back, and the next
// save finds it equal. Empty paragraphs are not written: the sanitizer takes them away.

import { escapeText, hasClass, writeAttributes } from "./attributes.js";
import { BARE_IN } from "./schema.js";

// ---- inline ----

function openTag(mark) {
  const tag = mark.type.name === "link" ? "a" : mark.attrs.tag;
  return `<${tag}${writeAttributes(mark.attrs.html)}>`;
}

function closeTag(mark) {
  return `</${mark.type.name === "link" ? "a" : mark.attrs.tag}>`;
}

function leaf(node) {
  switch (node.type.name) {
    case "hard_break":
      return `<br${writeAttributes(node.attrs.html)}>`;
    case "picture":
      return `<img${writeAttributes(node.attrs.html)}>`;
    case "anchor":
      return `<${node.attrs.tag}${writeAttributes(node.attrs.html)}>${node.attrs.tag === "wbr" ? "" : `</${node.attrs.tag}>`}`;
    default:
      return escapeText(node.text);
  }
}

export function writeInline(parent) {
  let out = "";
  const open = [];
  const closeTo = (count) => {
    while (open.length > count) out += closeTag(open.pop());
  };
  parent.forEach((node) => {
    let same = 0;
    while (same < open.length && same < node.marks.length && open[same].eq(node.marks[same])) same++;
    closeTo(same);
    for (const mark of node.marks.slice(same)) {
      open.push(mark);
      out += openTag(mark);
    }
    out += leaf(node);
  });
  closeTo(0);
  return out;
}

// ---- blocks ----

function element(tag, html, inner) {
  return `<${tag}${writeAttributes(html)}>${inner}</${tag}>`;
}

function isBare(parent, index) {
  const node = parent.maybeChild(index);
  if (!node || node.type.name !== "paragraph" || node.attrs.html) return false;
  return node.attrs.bare ?? BARE_IN.has(parent.type.name);
}

/** Two bare paragraphs beside each other would run together: they get their elements. */
function writesBare(parent, index) {
  return isBare(parent, index) && !isBare(parent, index - 1) && !isBare(parent, index + 1);
}

function writeParagraph(node, bare) {
  const inner = writeInline(node);
  if (bare) return inner;
  if (node.content.size === 0 && !node.attrs.html) return "";
  return element("p", node.attrs.html, inner);
}

export function writeChildren(parent) {
  let out = "";
  parent.forEach((node, _, i) => {
    out += node.type.name === "paragraph" ? writeParagraph(node, writesBare(parent, i)) : writeBlock(node);
  });
  return out;
}

/** A parser drops a newline right behind <pre>. */
function preText(text) {
  return text.startsWith("\n") ? `\n${text}` : text;
}

function writeTable(node) {
  let out = node.attrs.before;
  let section = null;
  node.forEach((row) => {
    if (row.attrs.section !== section) {
      if (section) out += `</${section}>`;
      section = row.attrs.section;
      out += `<${section}>`;
    }
    out += element("tr", row.attrs.html, writeChildren(row));
  });
  return element("table", node.attrs.html, `${out}</${section}>`);
}

function writeCell(tag, node) {
  let html = node.attrs.html;
  for (const name of ["colspan", "rowspan"]) {
    const { [name]: before, ...others } = html ?? {};
    const now = node.attrs[name];
    if (now !== Number(before ?? 1)) html = now === 1 ? others : { ...html, [name]: String(now) };
  }
  return element(tag, html, writeChildren(node));
}

function writeCaption(node) {
  return node.content.size > 0 ? element("figcaption", node.attrs.caption, writeInline(node)) : "";
}

function writeLinked(link, inner) {
  return link ? element("a", link, inner) : inner;
}

function writeImage(node) {
  const img = `<img${writeAttributes(node.attrs.img)}>`;
  return element("figure", node.attrs.html, writeLinked(node.attrs.link, img) + writeCaption(node));
}

// ---- galleries ----

const ROW_MAX = 3;

/** How many pictures stand in each row: as they were stored, while there are as many; else as Ghost spreads them. */
export function galleryRows(count, rows) {
  if (rows && rows.reduce((sum, n) => sum + n, 0) === count) return rows;
  const out = [];
  for (let left = count; left > 0; ) {
    const take = left === ROW_MAX + 1 ? 2 : Math.min(left, ROW_MAX); // no row of one behind a full one
    out.push(take);
    left -= take;
  }
  return out;
}

function galleryItem(image) {
  const picture = image.img ? `<img${writeAttributes(image.img)}>` : element("a", image.foreign.html, escapeText(image.foreign.label));
  const caption = image.caption ? `<figcaption${writeAttributes(image.captionHtml)}>${image.caption}</figcaption>` : "";
  const tag = image.tag === "div" && caption ? "figure" : image.tag;
  return element(tag, image.html, writeLinked(image.link, picture) + caption);
}

function writeGallery(node) {
  const items = node.attrs.images.map(galleryItem);
  if (node.attrs.shape === "wp") return element("figure", node.attrs.html, items.join("") + writeCaption(node));
  let at = 0;
  const rows = galleryRows(items.length, node.attrs.rows).map((count) => {
    at += count;
    return `<div class="kg-gallery-row">${items.slice(at - count, at).join("")}</div>`;
  });
  return element("figure", node.attrs.html, `<div class="kg-gallery-container">${rows.join("")}</div>${writeCaption(node)}`);
}

// ---- cards ----

function writeBookmark(node) {
  const { link, title, description, icon, author, publisher, thumbnail } = node.attrs;
  const part = (tag, name, text) => (text ? `<${tag} class="kg-bookmark-${name}">${escapeText(text)}</${tag}>` : "");
  const meta = (icon ? `<img${writeAttributes(icon)}>` : "") + part("span", "author", author) + part("span", "publisher", publisher);
  const content = part("div", "title", title) + part("div", "description", description) +
    (meta ? `<div class="kg-bookmark-metadata">${meta}</div>` : "");
  const picture = thumbnail ? `<div class="kg-bookmark-thumbnail"><img${writeAttributes(thumbnail)}></div>` : "";
  return element("figure", node.attrs.html, element("a", link, `<div class="kg-bookmark-content">${content}</div>${picture}`) + writeCaption(node));
}

function writeCallout(node) {
  const emoji = node.attrs.emoji ? `<div class="kg-callout-emoji">${escapeText(node.attrs.emoji)}</div>` : "";
  return element("div", node.attrs.html, `${emoji}<div class="kg-callout-text">${writeInline(node)}</div>`);
}

function writeSummary(node) {
  const inner = writeInline(node);
  const { heading } = node.attrs;
  return element("summary", node.attrs.html, heading ? element(heading.tag, heading.html, inner) : inner);
}

const LISTS = { bullet_list: "ul", ordered_list: "ol", list_item: "li", definitions: "dl", term: "dt", definition: "dd", quote: "blockquote", figure: "figure",
  toggle: "details" };

/** @returns {string} */
export function writeBlock(node) {
  const { html } = node.attrs;
  switch (node.type.name) {
    case "paragraph":
      return writeParagraph(node, false);
    case "heading":
      return element(`h${node.attrs.level}`, html, writeInline(node));
    case "code_block":
      return element("pre", html, node.attrs.coded ? element("code", node.attrs.code, escapeText(node.textContent)) : preText(escapeText(node.textContent)));
    case "preformatted":
      return element("pre", html, preText(writeInline(node)));
    case "rule":
      return `<hr${writeAttributes(html)}>`;
    case "group":
      return element(node.attrs.tag, html, writeChildren(node));
    case "figcaption":
      return element("figcaption", html, writeInline(node));
    case "table":
      return writeTable(node);
    case "table_cell":
      return writeCell("td", node);
    case "table_header":
      return writeCell("th", node);
    case "image":
      return writeImage(node);
    case "gallery":
      return node.attrs.images.length > 0 ? writeGallery(node) : "";
    case "embed":
      return element("figure", html, element("a", node.attrs.link, escapeText(node.attrs.label)) + writeCaption(node));
    case "bookmark":
      return writeBookmark(node);
    case "callout":
      return writeCallout(node);
    case "button":
      return element("div", html, writeLinked(node.attrs.link, writeInline(node)));
    case "summary":
      return writeSummary(node);
    case "gate":
      return `<!--${node.attrs.text}-->`;
    case "kept":
    case "html":
      return node.attrs.source;
    default:
      return element(LISTS[node.type.name], html, writeChildren(node));
  }
}

/** A top-level node as it is verified: loose text stays loose. Of a story that is saved, it has become a paragraph. */
export function writeExact(node) {
  return node.type.name === "paragraph" && node.attrs.bare && !node.attrs.html ? writeInline(node) : writeBlock(node);
}

/** The pictures of a node that have no words for those who cannot see them. */
export function picturesWithoutAlt(node) {
  const bare = (img) => Boolean(img) && !img.alt && !hasClass(img, "kg-bookmark-icon");
  if (node.type.name === "image") return bare(node.attrs.img) ? 1 : 0;
  if (node.type.name === "gallery") return node.attrs.images.filter((image) => bare(image.img)).length;
  return 0;
}
