// commands.js -- what can be done to a story: one table for the toolbar, the "/" menu, the keyboard and the list of keys.
//
// A row's `run` is a ProseMirror command; `active` says whether it holds where the cursor is. Rows with `insert` stand in the
// "/" menu. Those that ask something first (a picture, an address) are given by the page, by name, in `asks`.

import { lift, setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import { liftListItem, wrapInList } from "prosemirror-schema-list";
import { NodeSelection, TextSelection } from "prosemirror-state";
import { hasClass, withClass } from "./attributes.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;

// ---- where the cursor is ----

export function hasMark(state, type) {
  const { from, to, empty, $from } = state.selection;
  return empty ? Boolean(type.isInSet(state.storedMarks ?? $from.marks())) : state.doc.rangeHasMark(from, to, type);
}

/** The innermost node of a kind around the selection, or the one selected: {node, pos}. */
export function around(state, ...names) {
  const { selection } = state;
  if (selection instanceof NodeSelection && names.includes(selection.node.type.name)) return { node: selection.node, pos: selection.from };
  const { $from } = selection;
  for (let depth = $from.depth; depth > 0; depth--) {
    if (names.includes($from.node(depth).type.name)) return { node: $from.node(depth), pos: $from.before(depth) };
  }
  return null;
}

/** The top-level block at the cursor: {node, pos}. */
export function topBlock(state) {
  const { selection } = state;
  if (selection instanceof NodeSelection && selection.$from.depth === 0) return { node: selection.node, pos: selection.from };
  if (selection.$from.depth === 0) return null;
  return { node: selection.$from.node(1), pos: selection.$from.before(1) };
}

function isBlock(state, type, attrs = {}) {
  const { $from, to } = state.selection;
  return to <= $from.end() && $from.parent.hasMarkup(type, { ...$from.parent.attrs, ...attrs });
}

// ---- changes ----

/** Another attribute of the node at `pos`. */
export function setAttributes(state, pos, attributes) {
  const node = state.doc.nodeAt(pos);
  const tr = state.tr.setNodeMarkup(pos, null, { ...node.attrs, ...attributes }, node.marks);
  if (state.selection instanceof NodeSelection && state.selection.from === pos) tr.setSelection(NodeSelection.create(tr.doc, pos));
  return tr;
}

/** Back to a paragraph when it is that already. */
function toggleBlock(type, attrs = null) {
  return (state, dispatch, view) => {
    if (isBlock(state, type, attrs ?? {})) return setBlockType(nodes.paragraph)(state, dispatch, view);
    return setBlockType(type, attrs)(state, dispatch, view);
  };
}

function toggleList(type) {
  return (state, dispatch, view) => {
    const list = around(state, "bullet_list", "ordered_list");
    if (!list) return wrapInList(type)(state, dispatch, view);
    if (list.node.type === type) return liftListItem(nodes.list_item)(state, dispatch, view);
    if (dispatch) dispatch(state.tr.setNodeMarkup(list.pos, type, { key: null, html: null }));
    return true;
  };
}

/** Quote, pull quote, text again. */
function toggleQuote(state, dispatch, view) {
  const quote = around(state, "quote");
  if (!quote) return wrapIn(nodes.quote)(state, dispatch, view);
  if (!hasClass(quote.node.attrs.html, "kg-blockquote-alt")) {
    if (dispatch) dispatch(setAttributes(state, quote.pos, { html: withClass(quote.node.attrs.html, /^$/, "kg-blockquote-alt") }));
    return true;
  }
  return lift(state, dispatch, view);
}

/** Puts a block where the cursor is: in the place of an empty line, else behind the top-level block. */
export function insertBlock(state, node, { selectInside = true } = {}) {
  const { $from } = state.selection;
  const tr = state.tr;
  const empty = $from.depth === 1 && $from.parent.type === nodes.paragraph && $from.parent.content.size === 0;
  const top = topBlock(state);
  const from = empty ? $from.before() : top ? top.pos + top.node.nodeSize : state.selection.from;
  const to = empty ? $from.after() : from;
  tr.replaceWith(from, to, node);
  if (!tr.doc.resolve(from + node.nodeSize).nodeAfter) tr.insert(from + node.nodeSize, nodes.paragraph.create());
  if (selectInside && node.isTextblock) tr.setSelection(TextSelection.create(tr.doc, from + 1));
  else if (selectInside && !node.isAtom) tr.setSelection(TextSelection.near(tr.doc.resolve(from + 1)));
  else tr.setSelection(TextSelection.near(tr.doc.resolve(from + node.nodeSize)));
  return tr.scrollIntoView();
}

const insert = (make, options) => (state, dispatch) => {
  if (dispatch) dispatch(insertBlock(state, make(), options));
  return true;
};

const cell = (type) => type.createAndFill();
const emptyTable = () => nodes.table.create(null, [
  nodes.table_row.create({ section: "thead" }, [0, 1, 2].map(() => cell(nodes.table_header))),
  ...[0, 1].map(() => nodes.table_row.create(null, [0, 1, 2].map(() => cell(nodes.table_cell)))),
]);
const emptyCallout = () => nodes.callout.create({ html: { class: "kg-card kg-callout-card kg-callout-card-grey" } });
const emptyToggle = () => nodes.toggle.create({ html: { class: "kg-card kg-toggle-card" } }, [
  nodes.summary.create({ html: { class: "kg-toggle-heading" }, heading: { tag: "h4", html: { class: "kg-toggle-heading-text" } } }),
  nodes.group.create({ html: { class: "kg-toggle-content" } }, nodes.paragraph.create()),
]);

/** Moves the top-level block at the cursor up or down past its neighbour. */
export function moveBlock(direction) {
  return (state, dispatch) => {
    const top = topBlock(state);
    if (!top) return false;
    const index = state.doc.resolve(top.pos).index(0);
    const other = state.doc.maybeChild(index + direction);
    if (!other) return false;
    if (!dispatch) return true;
    const offset = state.selection.from - top.pos;
    const to = direction < 0 ? top.pos - other.nodeSize : top.pos + other.nodeSize;
    const tr = state.tr.delete(top.pos, top.pos + top.node.nodeSize).insert(to, top.node);
    const selection = state.selection instanceof NodeSelection ? NodeSelection.create(tr.doc, to) : TextSelection.near(tr.doc.resolve(to + offset));
    dispatch(tr.setSelection(selection).scrollIntoView());
    return true;
  };
}

export function deleteBlock(state, dispatch) {
  const top = topBlock(state);
  if (!top) return false;
  if (dispatch) {
    const tr = state.doc.childCount === 1 ? state.tr.replaceWith(0, state.doc.content.size, nodes.paragraph.create()) : state.tr.delete(top.pos, top.pos + top.node.nodeSize);
    dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(top.pos, tr.doc.content.size)))).scrollIntoView());
  }
  return true;
}

/** Takes every mark away. */
function plainText(state, dispatch) {
  const { from, to, empty } = state.selection;
  if (empty) return false;
  if (dispatch) dispatch(state.tr.removeMark(from, to));
  return true;
}

// ---- the table ----

const heading = (level) => ({ run: toggleBlock(nodes.heading, { level }), active: (state) => isBlock(state, nodes.heading, { level }) });
const markRow = (type) => ({ run: toggleMark(type), active: (state) => hasMark(state, type) });

/**
 * @param {Record<string, import("prosemirror-state").Command>} asks link, picture, gallery, embed, bookmark, raw, button, keys, save
 * @returns {Record<string, {run: import("prosemirror-state").Command, active?: Function, keys?: string[], typed?: string}>}
 */
export function commandsWith(asks) {
  return {
    strong: { ...markRow(marks.strong), keys: ["Mod-b"], typed: "**…**" },
    em: { ...markRow(marks.em), keys: ["Mod-i"], typed: "*…*" },
    link: { run: asks.link, active: (state) => hasMark(state, marks.link), keys: ["Mod-k"], typed: "[…](…)" },
    underline: { ...markRow(marks.underline), keys: ["Mod-u"] },
    strike: { ...markRow(marks.strike), keys: ["Mod-Shift-x"], typed: "~~…~~" },
    code: { ...markRow(marks.code), keys: ["Mod-e"], typed: "`…`" },
    mark: { ...markRow(marks.mark), keys: ["Mod-Shift-h"], typed: "==…==" },
    sup: { ...markRow(marks.sup), keys: ["Mod-."] },
    sub: { ...markRow(marks.sub), keys: ["Mod-,"] },
    plain: { run: plainText, keys: ["Mod-\\"] },
    paragraph: { run: setBlockType(nodes.paragraph), active: (state) => isBlock(state, nodes.paragraph), keys: ["Mod-Alt-0"] },
    heading2: { ...heading(2), keys: ["Mod-Alt-2"], typed: "##", insert: true },
    heading3: { ...heading(3), keys: ["Mod-Alt-3"], typed: "###", insert: true },
    heading4: { ...heading(4), keys: ["Mod-Alt-4"], typed: "####" },
    quote: { run: toggleQuote, active: (state) => around(state, "quote") !== null, keys: ["Mod-Shift-."], typed: ">", insert: true },
    bullets: { run: toggleList(nodes.bullet_list), active: (state) => around(state, "bullet_list", "ordered_list")?.node.type === nodes.bullet_list, keys: ["Mod-Shift-8"], typed: "-", insert: true },
    numbers: { run: toggleList(nodes.ordered_list), active: (state) => around(state, "bullet_list", "ordered_list")?.node.type === nodes.ordered_list, keys: ["Mod-Shift-7"], typed: "1.", insert: true },
    picture: { run: asks.picture, insert: true },
    gallery: { run: asks.gallery, insert: true },
    embed: { run: asks.embed, insert: true },
    bookmark: { run: asks.bookmark, insert: true },
    button: { run: asks.button, insert: true },
    callout: { run: insert(emptyCallout), insert: true },
    toggle: { run: insert(emptyToggle), insert: true },
    table: { run: insert(emptyTable), insert: true },
    codeblock: { run: insert(() => nodes.code_block.create()), typed: "```", insert: true },
    divider: { run: insert(() => nodes.rule.create(), { selectInside: false }), typed: "---", insert: true },
    raw: { run: asks.raw, insert: true },
    members: { run: insert(() => nodes.gate.create(), { selectInside: false }), insert: true },
    up: { run: moveBlock(-1), keys: ["Alt-ArrowUp"] },
    down: { run: moveBlock(1), keys: ["Alt-ArrowDown"] },
    remove: { run: deleteBlock, keys: ["Mod-Shift-Backspace"] },
    keys: { run: asks.keys, keys: ["Mod-/"] },
    save: { run: asks.save, keys: ["Mod-s"] },
  };
}

const MAC = /Mac|iP(hone|[oa]d)/.test(navigator.platform);

/** "Mod-Shift-x" as a person reads it. */
export function keyName(key) {
  return key.split("-").map((part) => {
    if (part === "Mod") return MAC ? "⌘" : "Ctrl";
    if (part === "Alt") return MAC ? "⌥" : "Alt";
    if (part === "Shift") return MAC ? "⇧" : "Shift";
    if (part === "ArrowUp") return "↑";
    if (part === "ArrowDown") return "↓";
    return part.length === 1 ? part.toUpperCase() : part;
  }).join(MAC ? "" : "+");
}
