// reader.js -- HTML read into nodes.
//
// Two kinds of readers use it. Storage is read exactly: readStored() takes a block's bytes, makes a node, writes it again
// (writer.js) and holds the two against each other (meaning.js); a node that would lose something is not taken, and the
// block becomes an `html` node with its bytes. So a form that is not known here costs an editor comfort, never
// content. A clipboard is read by readLoose(): what does not fit is taken apart into what does.
//
// Each card has a function that answers null when an element is not of its form. `READERS` asks them in order.

import { attributesOf, classesOf, STYLE } from "./attributes.js";
import { isInlineTree, meaningOf, treeOf } from "./meaning.js";
import { BARE_IN, markOfTag, schema } from "./schema.js";
import { writeExact } from "./writer.js";

const { nodes, marks } = schema;
const SPACE = /[ \t\n\f\r]+/g;
const GROUPS = new Set(["div", "section", "aside", "article", "header", "footer"]);

class Unreadable extends Error {}

// ---- inline ----

function markOf(element) {
  const html = attributesOf(element);
  const tag = element.localName;
  if (tag === "a") return marks.link.create({ html });
  if (markOfTag[tag]) return marks[markOfTag[tag]].create({ tag, html });
  return marks.wrap.create({ tag, html });
}

function readRun(node, around, run) {
  if (node.nodeType === Node.TEXT_NODE) {
    run.push({ text: node.data, around });
  } else if (node.nodeType !== Node.ELEMENT_NODE) {
    throw new Unreadable("a comment in a text");
  } else if (node.localName === "br") {
    run.push({ leaf: nodes.hard_break.create({ html: attributesOf(node) }, null, around) });
  } else if (node.localName === "img") {
    run.push({ leaf: nodes.picture.create({ html: attributesOf(node) }, null, around) });
  } else if (node.childNodes.length === 0) {
    if (node.attributes.length > 0 || node.localName === "wbr")
      run.push({ leaf: nodes.anchor.create({ tag: node.localName, html: attributesOf(node) }, null, around) });
  } else {
    const inner = markOf(node).addToSet(around);
    for (const child of node.childNodes) readRun(child, inner, run);
  }
}

/** White space as a browser shows it. */
function collapse(run) {
  let space = true;
  let last = null;
  for (const part of run) {
    if (part.leaf) {
      space = part.leaf.type === nodes.hard_break;
      if (space && last) last.text = last.text.replace(/ $/, "");
      last = null;
      continue;
    }
    part.text = part.text.replace(SPACE, " ");
    if (space && part.text.startsWith(" ")) part.text = part.text.slice(1);
    if (part.text === "") continue;
    space = part.text.endsWith(" ");
    last = part;
  }
  if (last) last.text = last.text.replace(/ $/, "");
}

function inlineNodes(domNodes, pre = false) {
  const run = [];
  for (const node of domNodes) {
    if (!isInlineTree(node)) throw new Unreadable(`a ${node.localName} in a text`);
    readRun(node, [], run);
  }
  if (!pre) collapse(run);
  return run.filter((part) => part.leaf || part.text).map((part) => part.leaf ?? schema.text(part.text, part.around));
}

function isBlank(node) {
  return node.nodeType === Node.TEXT_NODE && !/[^ \t\n\f\r]/.test(node.data);
}

/** The element children; null when there is text beside them. */
function parts(element) {
  const all = [...element.childNodes].filter((node) => !isBlank(node));
  return all.every((node) => node.nodeType === Node.ELEMENT_NODE) ? all : null;
}

// ---- flow: blocks one after another ----

class Flow {
  /**
   * @param {boolean} exact what does not fit is refused, not taken apart
   * @param {boolean} gates comments between blocks are lines for members
   */
  constructor(exact, gates = false) {
    this.exact = exact;
    this.gates = gates;
  }

  /** @returns {import("prosemirror-model").Node[]} */
  read(parent, into = "") {
    const out = [];
    let run = [];
    const flush = () => {
      const inline = inlineNodes(run);
      run = [];
      if (inline.length > 0) out.push(nodes.paragraph.create({ bare: BARE_IN.has(into) ? null : this.exact || null }, inline));
    };
    for (const node of parent.childNodes) {
      if (node.nodeType === Node.COMMENT_NODE) {
        if (!this.exact) continue;
        if (!this.gates) throw new Unreadable("a comment");
        flush();
        out.push(nodes.gate.create({ text: node.data }));
        continue;
      }
      if (isInlineTree(node)) {
        run.push(node);
        continue;
      }
      flush();
      out.push(...this.block(node, into));
    }
    flush();
    return out;
  }

  /** At least one block, as most nodes must hold. */
  content(parent, into) {
    const out = this.read(parent, into);
    return out.length > 0 ? out : [nodes.paragraph.create({ bare: BARE_IN.has(into) ? null : true })];
  }

  block(element, into) {
    for (const reader of READERS) {
      const node = reader(element, this, into);
      if (node) return [node];
    }
    if (this.exact) throw new Unreadable(element.localName);
    return this.read(element, into);
  }

  inline(element, pre = false) {
    if (this.exact || [...element.childNodes].every(isInlineTree)) return inlineNodes(element.childNodes, pre);
    const text = document.createTextNode(element.textContent);
    return inlineNodes([text], pre);
  }
}

// ---- text ----

function paragraph(element, flow, into) {
  if (element.localName !== "p") return null;
  return nodes.paragraph.create({ html: attributesOf(element), bare: BARE_IN.has(into) && flow.exact ? false : null }, flow.inline(element));
}

function heading(element, flow) {
  if (!/^h[1-6]$/.test(element.localName)) return null;
  return nodes.heading.create({ level: Number(element.localName[1]), html: attributesOf(element) }, flow.inline(element));
}

function quote(element, flow) {
  if (element.localName !== "blockquote") return null;
  return nodes.quote.create({ html: attributesOf(element) }, flow.content(element, "quote"));
}

function list(element, flow) {
  if (element.localName !== "ul" && element.localName !== "ol") return null;
  const items = [];
  for (const node of element.childNodes) {
    if (isBlank(node)) continue;
    if (node.localName === "li") items.push(nodes.list_item.create({ html: attributesOf(node) }, flow.content(node, "list_item")));
    else if (flow.exact) throw new Unreadable("a list with something beside items");
    else if (/^[uo]l$/.test(node.localName) && items.length > 0) {
      const last = items.pop(); // how Google Docs nests lists
      items.push(last.copy(last.content.append(nodes.doc.create(null, flow.block(node, "list_item")).content)));
    }
  }
  if (items.length === 0) return null;
  return (element.localName === "ul" ? nodes.bullet_list : nodes.ordered_list).create({ html: attributesOf(element) }, items);
}

function definitions(element, flow) {
  if (element.localName !== "dl") return null;
  const items = parts(element);
  if (!items || items.length === 0 || !items.every((node) => node.localName === "dt" || node.localName === "dd")) return null;
  return nodes.definitions.create({ html: attributesOf(element) }, items.map((item) => {
    const name = item.localName === "dt" ? "term" : "definition";
    return nodes[name].create({ html: attributesOf(item) }, flow.content(item, name));
  }));
}

function pre(element, flow) {
  if (element.localName !== "pre") return null;
  const html = attributesOf(element);
  const only = element.childNodes.length === 1 ? element.firstChild : null;
  const code = only?.localName === "code" ? only : null;
  const holder = code ?? element;
  const text = [...holder.childNodes].every((node) => node.nodeType === Node.TEXT_NODE) ? holder.textContent : null;
  if (text !== null && (code || !html || element.childNodes.length === 0))
    return nodes.code_block.create({ html, code: code && attributesOf(code), coded: Boolean(code) }, text ? schema.text(text) : null);
  return nodes.preformatted.create({ html }, flow.inline(element, true));
}

function rule(element) {
  return element.localName === "hr" ? nodes.rule.create({ html: attributesOf(element) }) : null;
}

// ---- tables ----

function cell(element, flow) {
  const name = element.localName === "th" ? "table_header" : "table_cell";
  const span = (attribute) => Math.max(1, Number(element.getAttribute(attribute)) || 1);
  return nodes[name].create({ colspan: span("colspan"), rowspan: span("rowspan"), html: attributesOf(element) }, flow.content(element, name));
}

function row(element, section, flow) {
  const cells = [...element.children].filter((node) => /^t[dh]$/.test(node.localName));
  return nodes.table_row.create({ html: attributesOf(element), section }, cells.map((node) => cell(node, flow)));
}

function table(element, flow) {
  if (element.localName !== "table") return null;
  const rows = [];
  let before = "";
  for (const part of element.children) {
    if (part.localName === "caption" || part.localName === "colgroup") {
      if (flow.exact) before += part.outerHTML.replaceAll(` ${STYLE}=`, " style=");
    } else if (/^t(head|body|foot)$/.test(part.localName)) {
      for (const tr of part.children) if (tr.localName === "tr" && tr.children.length > 0) rows.push(row(tr, part.localName, flow));
    }
  }
  return rows.length > 0 ? nodes.table.create({ html: attributesOf(element), before }, rows) : null;
}

// ---- pictures ----

/** An img, or a link around one: {img, link}. */
function linkedPicture(element) {
  const link = element?.localName === "a" ? element : null;
  const inner = link ? parts(link) : [element];
  if (inner?.length !== 1 || inner[0]?.localName !== "img") return null;
  return { img: attributesOf(inner[0]), link: link && attributesOf(link) };
}

/** The caption at the end of a figure, if any: {caption, content, rest}, where rest is what stands before it. */
function captioned(figure, flow) {
  const all = parts(figure);
  if (!all || all.length === 0) return null;
  const last = all[all.length - 1];
  if (last.localName !== "figcaption") return { caption: null, content: [], rest: all };
  if (![...last.childNodes].every(isInlineTree)) return null;
  return { caption: attributesOf(last), content: flow.inline(last), rest: all.slice(0, -1) };
}

function image(element, flow) {
  if (element.localName !== "figure") return null;
  const figure = captioned(element, flow);
  const picture = figure?.rest.length === 1 ? linkedPicture(figure.rest[0]) : null;
  if (!picture) return null;
  return nodes.image.create({ html: attributesOf(element), ...picture, caption: figure.caption }, figure.content);
}

function foreignPicture(element) {
  if (element?.localName !== "a" || !element.classList.contains("kg-foreign-media") || element.children.length > 0) return null;
  return { foreign: { html: attributesOf(element), label: element.textContent } };
}

function galleryItem(element) {
  const all = parts(element);
  if (!all || all.length === 0 || all.length > 2) return null;
  const picture = linkedPicture(all[0]) ?? foreignPicture(all[0]);
  if (!picture || (all[1] && all[1].localName !== "figcaption")) return null;
  return { tag: element.localName, html: attributesOf(element), img: null, link: null, foreign: null, ...picture,
    caption: all[1]?.innerHTML ?? "", captionHtml: all[1] ? attributesOf(all[1]) : null };
}

function gallery(element, flow) {
  if (element.localName !== "figure") return null;
  const kg = element.classList.contains("kg-gallery-card");
  if (!kg && !element.classList.contains("wp-block-gallery")) return null;
  const figure = captioned(element, flow);
  if (!figure) return null;
  let rows = null;
  let items = figure.rest;
  if (kg) {
    if (items.length !== 1 || items[0].className !== "kg-gallery-container") return null;
    const lines = parts(items[0]);
    if (!lines?.every((line) => line.className === "kg-gallery-row" && parts(line))) return null;
    rows = lines.map((line) => parts(line).length);
    items = lines.flatMap((line) => parts(line));
  }
  const images = items.map(galleryItem);
  if (images.length === 0 || images.includes(null)) return null;
  return nodes.gallery.create({ html: attributesOf(element), shape: kg ? "kg" : "wp", images, rows, caption: figure.caption }, figure.content);
}

// ---- cards ----

function embed(element, flow) {
  if (element.localName !== "figure") return null;
  const figure = captioned(element, flow);
  const link = figure?.rest.length === 1 ? figure.rest[0] : null;
  if (link?.localName !== "a" || link.children.length > 0 || !(link.classList.contains("kg-embed-link") || element.classList.contains("kg-embed-card"))) return null;
  return nodes.embed.create({ html: attributesOf(element), link: attributesOf(link), label: link.textContent, caption: figure.caption }, figure.content);
}

function bookmark(element, flow) {
  if (element.localName !== "figure" || !element.classList.contains("kg-bookmark-card")) return null;
  const figure = captioned(element, flow);
  const link = figure?.rest.length === 1 && figure.rest[0].localName === "a" ? figure.rest[0] : null;
  if (!link) return null;
  const text = (name) => link.querySelector(`.kg-bookmark-${name}`)?.textContent ?? "";
  const picture = (selector) => {
    const img = link.querySelector(selector);
    return img && attributesOf(img);
  };
  return nodes.bookmark.create({
    html: attributesOf(element), link: attributesOf(link), title: text("title"), description: text("description"),
    author: text("author"), publisher: text("publisher"), icon: picture(".kg-bookmark-metadata > img"),
    thumbnail: picture(".kg-bookmark-thumbnail > img"), caption: figure.caption,
  }, figure.content);
}

function callout(element, flow) {
  if (!element.classList.contains("kg-callout-card")) return null;
  const all = parts(element);
  const text = all?.[all.length - 1];
  if (!text?.classList.contains("kg-callout-text") || all.length > 2 || ![...text.childNodes].every(isInlineTree)) return null;
  return nodes.callout.create({ html: attributesOf(element), emoji: all.length === 2 ? all[0].textContent : "" }, flow.inline(text));
}

function button(element) {
  if (!element.classList.contains("kg-button-card") || element.localName !== "div" || !isInlineTree(element.firstChild ?? element)) return null;
  const all = parts(element);
  const link = all?.length === 1 && all[0].localName === "a" ? all[0] : null;
  return nodes.button.create({ html: attributesOf(element), link: link && attributesOf(link) }, inlineNodes((link ?? element).childNodes));
}

function toggle(element, flow) {
  if (element.localName !== "details") return null;
  const first = [...element.childNodes].find((node) => !isBlank(node));
  if (first?.localName !== "summary") return null;
  const inner = parts(first);
  const title = inner?.length === 1 && /^h[1-6]$/.test(inner[0].localName) ? inner[0] : null;
  const summary = nodes.summary.create(
    { html: attributesOf(first), heading: title && { tag: title.localName, html: attributesOf(title) } }, flow.inline(title ?? first));
  const rest = document.createElement("div");
  for (const node of [...element.childNodes]) if (node !== first) rest.append(node.cloneNode(true));
  return nodes.toggle.create({ html: attributesOf(element) }, [summary, ...flow.content(rest, "toggle")]);
}

/** Shown as they are, moved and removed, and written as they were: what a form of their own would add nothing to. */
const KEPT = { "kg-audio-card": "audio", "kg-video-card": "video", "kg-file-card": "file", "wp-block-audio": "audio", "wp-block-video": "video",
  "wp-block-file": "file", "kg-product-card": "product", "kg-header-card": "header", "kg-signup-card": "signup", "kg-email-card": "email" };

function kept(element, flow) {
  if (!flow.exact) return null;
  const name = classesOf(attributesOf(element)).find((one) => KEPT[one]);
  const player = /^(audio|video)$/.exec(element.localName)?.[0];
  return name || player ? nodes.kept.create({ kind: player ?? KEPT[name], source: element.outerHTML.replaceAll(` ${STYLE}=`, " style=") }) : null;
}

// ---- what holds others ----

function figure(element, flow) {
  if (element.localName !== "figure") return null;
  const content = [];
  const rest = document.createElement("div");
  const flush = () => {
    content.push(...flow.read(rest, "figure"));
    rest.replaceChildren();
  };
  for (const node of element.childNodes) {
    if (node.localName !== "figcaption" || ![...node.childNodes].every(isInlineTree)) {
      rest.append(node.cloneNode(true));
      continue;
    }
    flush();
    content.push(nodes.figcaption.create({ html: attributesOf(node) }, flow.inline(node)));
  }
  flush();
  if (!flow.exact) return null;
  return nodes.figure.create({ html: attributesOf(element) }, content.length > 0 ? content : [nodes.paragraph.create({ bare: true })]);
}

function group(element, flow) {
  if (!flow.exact || !GROUPS.has(element.localName)) return null;
  return nodes.group.create({ tag: element.localName, html: attributesOf(element) }, flow.content(element, "group"));
}

const READERS = [paragraph, heading, list, quote, image, gallery, embed, bookmark, callout, button, toggle, table, pre, rule, definitions,
  kept, figure, group];

// ---- reading ----

const verified = (node, tree) => meaningOf(treeOf(writeExact(node))) === meaningOf(tree);

/** With its key to come; its content may break a rule of the schema, which is then no node of ours. */
function isWhole(node) {
  try {
    node.check();
    return true;
  } catch {
    return false;
  }
}

function readOne(tree) {
  const only = [...tree.childNodes].filter((node) => !isBlank(node));
  if (only.length === 1 && only[0].nodeType === Node.COMMENT_NODE) return nodes.gate.create({ text: only[0].data });
  const flow = new Flow(true);
  if (only.length !== 1 || isInlineTree(only[0])) {
    const all = flow.read(tree);
    return all.length === 1 ? all[0] : null;
  }
  for (const reader of READERS) {
    let node = null;
    try {
      node = reader(only[0], flow, "");
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
    }
    if (node && isWhole(node) && verified(node, tree)) return node;
  }
  return null;
}

/** One top-level block of a stored story. */
export function readStored(source) {
  const tree = treeOf(source);
  let node = null;
  try {
    node = readOne(tree);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  if (node && isWhole(node) && verified(node, tree)) return node;
  return nodes.html.create({ source });
}

/** Of a clipboard, already made plain (paste.js): blocks, as well as it goes. */
export function readLoose(parent) {
  return new Flow(false).read(parent).filter(isWhole);
}

/** A copy of our own: as it was, cards and all. */
export function readCopy(parent) {
  try {
    const all = new Flow(true, true).read(parent);
    if (all.every(isWhole)) return all;
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
  }
  return readLoose(parent);
}
