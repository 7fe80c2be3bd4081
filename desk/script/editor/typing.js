// typing.js -- what the keyboard does: the keys of commands.js, Enter and Tab where they mean something of their own, and the signs
// of Markdown that become what they stand for as they are typed. Backspace right after gives the signs back.

import { baseKeymap, chainCommands, createParagraphNear, exitCode, liftEmptyBlock, newlineInCode, selectNodeBackward, splitBlock } from "prosemirror-commands";
import { redo, undo } from "prosemirror-history";
import { InputRule, inputRules, textblockTypeInputRule, undoInputRule, wrappingInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { liftListItem, sinkListItem, splitListItem } from "prosemirror-schema-list";
import { NodeSelection, Selection, TextSelection } from "prosemirror-state";
import { goToNextCell } from "prosemirror-tables";
import { around } from "./commands.js";
import { addressTyped, linkTo } from "./embeds.js";
import { schema } from "./schema.js";

const { nodes, marks } = schema;

// ---- Markdown as it is typed ----

/** **word** and the like: the last sign makes the mark. */
function markRule(pattern, type) {
  return new InputRule(pattern, (state, match, start, end) => {
    const [, before, inner] = match;
    const from = start + before.length;
    const { parent } = state.doc.resolve(from);
    if (parent.type.spec.code || !parent.type.allowsMarkType(type) || state.doc.rangeHasMark(from, end, marks.code)) return null;
    const inside = match[0].indexOf(inner, before.length);
    const tr = state.tr;
    const textFrom = start + inside;
    const textTo = textFrom + inner.length;
    if (textTo < end) tr.delete(textTo, end);
    if (textFrom > from) tr.delete(from, textFrom);
    const to = from + inner.length;
    return tr.addMark(from, to, type.create()).removeStoredMark(type);
  });
}

const linkRule = new InputRule(/(!?)\[([^\]]+)\]\(([^()\s]+)\)$/, (state, match, start, end) => {
  const href = addressTyped(match[3]);
  if (!href || match[1] || state.doc.resolve(start).parent.type.spec.code) return null;
  const text = schema.text(match[2], [marks.link.create({ html: linkTo(href) })]);
  return state.tr.replaceWith(start, end, text).removeStoredMark(marks.link);
});

const ruleRule = new InputRule(/^(?:---|\*\*\*|___)$/, (state, _, start, end) => {
  const $start = state.doc.resolve(start);
  if ($start.parent.type !== nodes.paragraph || $start.parent.content.size > end - start) return null;
  const tr = state.tr.replaceWith($start.before(), $start.after(), [nodes.rule.create(), nodes.paragraph.create()]);
  return tr.setSelection(TextSelection.create(tr.doc, $start.before() + 2));
});

const rules = inputRules({
  rules: [
    textblockTypeInputRule(/^(#{1,6})\s$/, nodes.heading, (match) => ({ level: match[1].length })),
    wrappingInputRule(/^\s*>\s$/, nodes.quote),
    wrappingInputRule(/^\s*([-*+])\s$/, nodes.bullet_list),
    wrappingInputRule(/^(\d{1,4})[.)]\s$/, nodes.ordered_list, (match) => ({ html: match[1] === "1" ? null : { start: String(Number(match[1])) } }),
      (match, node) => node.childCount + Number(node.attrs.html?.start ?? 1) === Number(match[1])),
    textblockTypeInputRule(/^```([\w+#-]*)\s$/, nodes.code_block, (match) => ({ code: match[1] ? { class: `language-${match[1]}` } : null })),
    ruleRule,
    linkRule,
    markRule(/()(?:\*\*)([^*\s](?:[^*]*[^*\s])?)\*\*$/, marks.strong),
    markRule(/(^|[^\p{L}\p{N}_])__([^_\s](?:[^_]*[^_\s])?)__$/u, marks.strong),
    markRule(/(^|[^*])\*([^*\s](?:[^*]*[^*\s])?)\*$/, marks.em),
    markRule(/(^|[^\p{L}\p{N}_])_([^_\s](?:[^_]*[^_\s])?)_$/u, marks.em),
    markRule(/()~~([^~\s](?:[^~]*[^~\s])?)~~$/, marks.strike),
    markRule(/()==([^=\s](?:[^=]*[^=\s])?)==$/, marks.mark),
    markRule(/(^|[^`])`([^`]+)`$/, marks.code),
  ],
});

// ---- Enter, Tab, Backspace ----

/** ``` and Enter. */
function fenceOnEnter(state, dispatch) {
  const { $from, empty } = state.selection;
  const fence = /^```([\w+#-]*)$/.exec($from.parent.textContent);
  if (!empty || !fence || $from.parent.type !== nodes.paragraph) return false;
  if (dispatch) {
    const tr = state.tr.delete($from.start(), $from.end());
    dispatch(tr.setBlockType($from.start(), $from.start(), nodes.code_block, { code: fence[1] ? { class: `language-${fence[1]}` } : null }));
  }
  return true;
}

const CARDS = ["image", "gallery", "embed", "bookmark", "callout", "button", "figcaption", "summary"];

/** In a caption, a callout or a button Enter leaves it; in a summary it goes on into what it opens. */
function leaveCard(state, dispatch) {
  const card = around(state, ...CARDS);
  if (!card || state.selection instanceof NodeSelection || card.node !== state.selection.$from.parent) return false;
  if (!dispatch) return true;
  const end = card.pos + card.node.nodeSize;
  if (card.node.type === nodes.summary) {
    dispatch(state.tr.setSelection(Selection.near(state.doc.resolve(end), 1)).scrollIntoView());
    return true;
  }
  const $end = state.doc.resolve(end);
  const after = card.node.type === nodes.figcaption ? $end.after() : end;
  const tr = state.tr.insert(after, nodes.paragraph.create());
  dispatch(tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView());
  return true;
}

function breakLine(state, dispatch) {
  const { $from } = state.selection;
  if (!$from.parent.inlineContent || $from.parent.type.spec.code) return false;
  if (dispatch) dispatch(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
}

/** A heading or list that was begun by mistake is text again. */
function backToText(state, dispatch) {
  const { $from, empty } = state.selection;
  const { parent } = $from;
  if (!empty || $from.parentOffset > 0 || (parent.type !== nodes.heading && parent.type !== nodes.code_block)) return false;
  if (dispatch) dispatch(state.tr.setBlockType($from.pos, $from.pos, nodes.paragraph));
  return true;
}

/** A paragraph of its own behind the last block, so that nobody is shut in. */
function belowLast(state, dispatch) {
  const { $from } = state.selection;
  const top = $from.depth > 0 ? $from.node(1) : null;
  if (!top || $from.after(1) !== state.doc.content.size || top.type === nodes.paragraph) return false;
  if ($from.parentOffset < $from.parent.content.size || state.selection.$to.end() + ($from.depth - 1) < state.doc.content.size - 1) return false;
  if (dispatch) {
    const tr = state.tr.insert(state.doc.content.size, nodes.paragraph.create());
    dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(tr.doc.content.size))).scrollIntoView());
  }
  return true;
}

/** @param {ReturnType<import("./commands.js").commandsWith>} commands */
export function typing(commands) {
  const keys = {};
  for (const { run, keys: all = [] } of Object.values(commands)) for (const key of all) keys[key] = run;
  return [
    rules,
    keymap({
      ...keys,
      "Mod-z": undo,
      "Mod-y": redo,
      "Mod-Shift-z": redo,
      Backspace: chainCommands(undoInputRule, backToText, selectNodeBackward),
      Enter: chainCommands(fenceOnEnter, newlineInCode, leaveCard, splitListItem(nodes.list_item), createParagraphNear, liftEmptyBlock, splitBlock),
      "Shift-Enter": chainCommands(exitCode, breakLine),
      "Mod-Enter": chainCommands(exitCode, breakLine),
      Tab: chainCommands(goToNextCell(1), sinkListItem(nodes.list_item)),
      "Shift-Tab": chainCommands(goToNextCell(-1), liftListItem(nodes.list_item)),
      ArrowDown: belowLast,
    }),
    keymap(baseKeymap),
  ];
}
