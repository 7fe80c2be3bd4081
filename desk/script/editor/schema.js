// schema.js -- what a story is made of while it is written.
//
// The nodes follow stored HTML, not the other way round: whatever an element carried stands in the node's `html` (and `link`,
// `img`, ...), as attributes.js reads it, so that writer.js can say it again. A few rules hold for all:
//
//   key       on a top-level node read from storage: names its original bytes (origin.js). A new one has none.
//   bare      of a paragraph: null  as is usual where it stands: <p>, but no element in a list item, a cell, a definition
//                             true  no element although <p> is usual (Ghost's quotes, loose text)
//                             false <p> although none is usual
//   marks     have the `tag` that stood there (b or strong); `wrap` is every inline element that has no mark of its own
//   html      a node of this name is a block that no other node can carry; `source` has its bytes
//
// toDOM is for the screen alone: no style attribute (the desk's policy refuses them) and no id, since the page has its
// own. Stored classes are shown, so that editor.css can follow them.

import { Schema } from "prosemirror-model";
import { alignmentOf } from "./attributes.js";

/** Attributes for the screen: the stored classes and ours. */
function shown(own, html) {
  const align = alignmentOf(html);
  const classes = [own, html?.class ?? "", align ? `to-${align}` : ""].filter(Boolean).join(" ");
  const out = classes ? { class: classes } : {};
  for (const name of ["dir", "lang", "start", "type", "value", "reversed"]) if (html?.[name] !== undefined) out[name] = html[name];
  return out;
}

const stored = { key: { default: null }, html: { default: null } };
const block = (spec) => ({ group: "block", ...spec, attrs: { ...stored, ...spec.attrs } });
const card = (spec) => block({ isolating: true, defining: true, ...spec });

const cell = (name) => ({
  content: "block+",
  attrs: { colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null }, html: { default: null } },
  isolating: true,
  parseDOM: [{ tag: name }],
  toDOM(node) {
    const out = shown("", node.attrs.html);
    if (node.attrs.colspan !== 1) out.colspan = node.attrs.colspan;
    if (node.attrs.rowspan !== 1) out.rowspan = node.attrs.rowspan;
    return [name, out, 0];
  },
});

const nodes = {
  doc: { content: "block+" },
  paragraph: block({
    content: "inline*",
    attrs: { bare: { default: null } },
    parseDOM: [{ tag: "p" }],
    toDOM: (node) => ["p", shown("", node.attrs.html), 0],
  }),
  heading: block({
    content: "inline*",
    attrs: { level: { default: 2 } },
    defining: true,
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level } })),
    // The page has an <h1> of its own.
    toDOM: (node) => (node.attrs.level === 1 ? ["h2", shown("is-h1", node.attrs.html), 0] : [`h${node.attrs.level}`, shown("", node.attrs.html), 0]),
  }),
  quote: block({
    content: "block+",
    defining: true,
    parseDOM: [{ tag: "blockquote" }],
    toDOM: (node) => ["blockquote", shown("", node.attrs.html), 0],
  }),
  bullet_list: block({ content: "list_item+", parseDOM: [{ tag: "ul" }], toDOM: (node) => ["ul", shown("", node.attrs.html), 0] }),
  ordered_list: block({ content: "list_item+", parseDOM: [{ tag: "ol" }], toDOM: (node) => ["ol", shown("", node.attrs.html), 0] }),
  list_item: {
    content: "block+",
    attrs: { html: { default: null } },
    defining: true,
    parseDOM: [{ tag: "li" }],
    toDOM: (node) => ["li", shown("", node.attrs.html), 0],
  },
  definitions: block({ content: "(term | definition)+", toDOM: (node) => ["dl", shown("", node.attrs.html), 0] }),
  term: { content: "block+", attrs: { html: { default: null } }, defining: true, toDOM: (node) => ["dt", shown("", node.attrs.html), 0] },
  definition: { content: "block+", attrs: { html: { default: null } }, defining: true, toDOM: (node) => ["dd", shown("", node.attrs.html), 0] },
  code_block: block({
    content: "text*",
    marks: "",
    code: true,
    defining: true,
    attrs: { code: { default: null }, coded: { default: true } }, // attributes of <code>; whether there is one
    parseDOM: [{ tag: "pre", preserveWhitespace: "full" }],
    toDOM: (node) => ["pre", shown("is-code", node.attrs.html), ["code", {}, 0]],
  }),
  preformatted: block({
    content: "inline*",
    whitespace: "pre",
    defining: true,
    toDOM: (node) => ["pre", shown("", node.attrs.html), 0],
  }),
  rule: block({ parseDOM: [{ tag: "hr" }], toDOM: (node) => ["hr", shown("", node.attrs.html)] }),
  table: block({
    content: "table_row+",
    tableRole: "table",
    isolating: true,
    attrs: { before: { default: "" } }, // <caption> and <colgroup>, as they stand
    parseDOM: [{ tag: "table" }],
    toDOM: (node) => ["table", shown("", node.attrs.html), ["tbody", 0]],
  }),
  table_row: {
    content: "(table_cell | table_header)*",
    tableRole: "row",
    attrs: { html: { default: null }, section: { default: "tbody" } },
    parseDOM: [{ tag: "tr" }],
    toDOM: (node) => ["tr", shown(`in-${node.attrs.section}`, node.attrs.html), 0],
  },
  table_cell: { ...cell("td"), tableRole: "cell" },
  table_header: { ...cell("th"), tableRole: "header_cell" },

  // Whatever else holds blocks: WordPress's groups and columns, sections, asides.
  group: block({
    content: "block+",
    attrs: { tag: { default: "div" } },
    defining: true,
    toDOM: (node) => ["div", shown("group", node.attrs.html), 0],
  }),
  figure: block({
    content: "(block | figcaption)+",
    defining: true,
    toDOM: (node) => ["div", shown("figure", node.attrs.html), 0],
  }),
  figcaption: { content: "inline*", attrs: { html: { default: null } }, defining: true, toDOM: () => ["p", { class: "caption" }, 0] },

  // Cards. What stands beside their text is drawn by views.js.
  image: card({
    content: "inline*",
    attrs: { img: { default: null }, link: { default: null }, caption: { default: null } },
    toDOM: () => ["figure", 0],
  }),
  gallery: card({
    content: "inline*",
    attrs: { shape: { default: "kg" }, images: { default: [] }, rows: { default: null }, caption: { default: null } },
    toDOM: () => ["figure", 0],
  }),
  embed: card({
    content: "inline*",
    attrs: { link: { default: null }, label: { default: "" }, caption: { default: null } },
    toDOM: () => ["figure", 0],
  }),
  bookmark: card({
    content: "inline*",
    attrs: {
      link: { default: null }, title: { default: "" }, description: { default: "" }, icon: { default: null }, author: { default: "" },
      publisher: { default: "" }, thumbnail: { default: null }, caption: { default: null },
    },
    toDOM: () => ["figure", 0],
  }),
  callout: card({
    content: "inline*",
    attrs: { emoji: { default: "" } },
    toDOM: (node) => ["div", shown("callout", node.attrs.html), ["div", { class: "callout-text" }, 0]],
  }),
  button: card({
    content: "inline*",
    attrs: { link: { default: null } },
    toDOM: (node) => ["div", shown("button-card", node.attrs.html), ["span", { class: "button-text" }, 0]],
  }),
  toggle: block({ content: "summary block+", isolating: true, defining: true, toDOM: (node) => ["div", shown("toggle", node.attrs.html), 0] }),
  summary: {
    content: "inline*",
    attrs: { html: { default: null }, heading: { default: null } }, // {tag, html} of the heading that Ghost sets within
    defining: true,
    toDOM: () => ["p", { class: "summary" }, 0],
  },
  gate: block({ attrs: { text: { default: "members-only" } }, atom: true, toDOM: () => ["div", { class: "gate" }] }),
  kept: block({ attrs: { kind: { default: "card" }, source: { default: "" } }, atom: true, toDOM: () => ["div", { class: "kept" }] }),
  html: block({ attrs: { source: { default: "" } }, atom: true, toDOM: () => ["div", { class: "raw" }] }),

  text: { group: "inline" },
  hard_break: {
    group: "inline",
    inline: true,
    selectable: false,
    attrs: { html: { default: null } },
    parseDOM: [{ tag: "br" }],
    toDOM: () => ["br"],
    leafText: () => "\n",
  },
  picture: {
    group: "inline",
    inline: true,
    attrs: { html: { default: null } },
    toDOM: (node) => ["img", { class: "inline-picture", src: node.attrs.html?.src ?? "", alt: node.attrs.html?.alt ?? "" }],
  },
  // An empty inline element that says something all the same: an anchor, <wbr>.
  anchor: {
    group: "inline",
    inline: true,
    attrs: { tag: { default: "a" }, html: { default: null } },
    toDOM: () => ["span", { class: "anchor" }],
  },
};

const mark = (tags, own = {}) => ({
  attrs: { tag: { default: tags[0] }, html: { default: null } },
  parseDOM: tags.map((tag) => ({ tag, attrs: { tag } })),
  toDOM: (m) => [m.attrs.tag, shown("", m.attrs.html), 0],
  ...own,
});

// From the outermost in.
const marks = {
  link: {
    attrs: { html: { default: null } },
    inclusive: false,
    parseDOM: [{ tag: "a[href]", getAttrs: (dom) => ({ html: { href: dom.getAttribute("href") } }) }],
    toDOM: (m) => ["a", { href: m.attrs.html?.href ?? "#", title: m.attrs.html?.href ?? "" }, 0],
  },
  wrap: {
    attrs: { tag: { default: "span" }, html: { default: null } },
    excludes: "",
    toDOM: (m) => [m.attrs.tag, shown("", m.attrs.html), 0],
  },
  strong: mark(["strong", "b"]),
  em: mark(["em", "i"]),
  underline: mark(["u", "ins"]),
  strike: mark(["s", "del"]),
  mark: mark(["mark"]),
  sub: mark(["sub"], { excludes: "sub sup" }),
  sup: mark(["sup"], { excludes: "sub sup" }),
  code: mark(["code"], { code: true }),
};

export const schema = new Schema({ nodes, marks });

/** By element name, the mark that carries it. */
export const markOfTag = { b: "strong", strong: "strong", i: "em", em: "em", u: "underline", ins: "underline", s: "strike", del: "strike",
  mark: "mark", sub: "sub", sup: "sup", code: "code" };

/** In these a paragraph usually has no element of its own. */
export const BARE_IN = new Set(["list_item", "table_cell", "table_header", "term", "definition"]);
