// card_tools.js -- what can be done to the block the cursor is in, beyond writing in it: the second half of the toolbar.
//
// A tool is {label, run, pressed?}; the first says what the block is. `asks` are the dialogs of the page.

import { NodeSelection } from "prosemirror-state";
import { addColumnAfter, addColumnBefore, addRowAfter, addRowBefore, deleteColumn, deleteRow, deleteTable, isInTable, selectedRect } from "prosemirror-tables";
import { say } from "../words.js";
import { classesOf, hasClass, withClass } from "./attributes.js";
import { around, deleteBlock, moveBlock, setAttributes, topBlock } from "./commands.js";
import { schema } from "./schema.js";
import { colourName, keptName, widthName } from "./names.js";

const { nodes } = schema;

const name = (label) => ({ kind: "name", label });

/** A command that sets attributes of the found node. */
const set = (found, attributes) => (state, dispatch) => {
  if (dispatch) dispatch(setAttributes(state, found.pos, attributes));
  return true;
};

// ---- widths ----

const WIDTH = /^(?:kg-width-(?:wide|full)|align(?:wide|full))$/;

function widthTools(found) {
  const now = classesOf(found.node.attrs.html).find((one) => WIDTH.test(one))?.replace(/^(?:kg-width-|align)/, "") ?? "regular";
  return ["regular", "wide", "full"].map((width) => ({
    label: widthName(width),
    pressed: now === width,
    run: set(found, { html: withClass(found.node.attrs.html, WIDTH, width === "regular" ? "" : `kg-width-${width}`) }),
  }));
}

// ---- tables ----

/** The first row as headings of its columns, or no longer. */
function toggleHeader(state, dispatch) {
  if (!isInTable(state)) return false;
  if (!dispatch) return true;
  const { table, tableStart } = selectedRect(state);
  const first = table.firstChild;
  const on = first.attrs.section !== "thead";
  const tr = state.tr.setNodeMarkup(tableStart, null, { ...first.attrs, section: on ? "thead" : "tbody" });
  first.forEach((cell, offset) => tr.setNodeMarkup(tableStart + 1 + offset, on ? nodes.table_header : nodes.table_cell, cell.attrs));
  dispatch(tr);
  return true;
}

function tableTools(state) {
  const header = selectedRect(state).table.firstChild.attrs.section === "thead";
  return [name(say("editor.do.table")),
    { label: say("editor.table.header"), pressed: header, run: toggleHeader },
    { label: say("editor.table.row-above"), run: addRowBefore }, { label: say("editor.table.row-below"), run: addRowAfter },
    { label: say("editor.table.row-out"), run: deleteRow }, { label: say("editor.table.column-before"), run: addColumnBefore },
    { label: say("editor.table.column-after"), run: addColumnAfter }, { label: say("editor.table.column-out"), run: deleteColumn },
    { label: say("editor.table.out"), run: deleteTable }];
}

// ---- callouts, buttons, code ----

const COLOURS = ["grey", "blue", "green", "yellow", "red", "accent"];
const COLOUR = /^kg-callout-card-[a-z]+$/;

function calloutTools(found, asks) {
  const now = classesOf(found.node.attrs.html).find((one) => COLOUR.test(one))?.slice("kg-callout-card-".length) ?? "grey";
  const next = COLOURS[(COLOURS.indexOf(now) + 1) % COLOURS.length];
  return [name(say("editor.do.callout")),
    { label: say("editor.callout.colour", { colour: colourName(now) }), run: set(found, { html: withClass(found.node.attrs.html, COLOUR, `kg-callout-card-${next}`) }) },
    { label: say("editor.callout.emoji"), run: asks.emoji(found) }];
}

function buttonTools(found, asks) {
  const centred = hasClass(found.node.attrs.html, "kg-align-center");
  const to = (side) => set(found, { html: withClass(found.node.attrs.html, /^kg-align-/, `kg-align-${side}`) });
  return [name(say("editor.do.button")), { label: say("editor.address-change"), run: asks.at("button", found) },
    { label: say("editor.align.left"), pressed: !centred, run: to("left") }, { label: say("editor.align.center"), pressed: centred, run: to("center") }];
}

function codeTools(found, asks) {
  const language = /(?:^|\s)language-([\w-]+)/.exec(found.node.attrs.code?.class ?? "")?.[1] ?? "";
  return [name(say("editor.do.codeblock")), { label: language ? say("editor.code.language", { language }) : say("editor.code.no-language"), run: asks.language(found, language) }];
}

// ---- all ----

const CARDS = ["image", "gallery", "embed", "bookmark", "callout", "button", "code_block", "html", "kept", "gate", "rule"];

export function cardTools(state, asks) {
  const found = around(state, ...CARDS);
  const tools = found ? toolsOf(found, asks) : isInTable(state) ? tableTools(state) : [];
  const top = topBlock(state);
  const selected = state.selection instanceof NodeSelection || tools.length > 0;
  if (!top || !selected) return tools;
  return [...tools,
    ...(moveBlock(-1)(state) ? [{ label: say("editor.do.up"), run: moveBlock(-1) }] : []),
    ...(moveBlock(1)(state) ? [{ label: say("editor.do.down"), run: moveBlock(1) }] : []),
    { label: say("editor.do.remove"), run: deleteBlock }];
}

function toolsOf(found, asks) {
  switch (found.node.type.name) {
    case "image":
      return [name(say("editor.do.picture")), { label: say("editor.alt-tool"), run: asks.at("alt", found) }, { label: say("editor.credit-tool"), run: asks.at("credit", found) },
        { label: say("editor.replace"), run: asks.at("replace", found) }, { label: say("editor.do.link"), run: asks.at("imagelink", found), pressed: found.node.attrs.link !== null },
        ...widthTools(found)];
    case "gallery":
      return [name(say("editor.do.gallery")), { label: say("editor.gallery-edit"), run: asks.at("gallery", found) }, ...widthTools(found)];
    case "embed":
      return [name(say("editor.do.embed")), { label: say("editor.address-change"), run: asks.at("embed", found) }];
    case "bookmark":
      return [name(say("editor.do.bookmark")), { label: say("editor.change"), run: asks.at("bookmark", found) }];
    case "callout":
      return calloutTools(found, asks);
    case "button":
      return buttonTools(found, asks);
    case "code_block":
      return codeTools(found, asks);
    case "html":
      return [name(say("editor.do.raw")), { label: say("editor.raw-edit"), run: asks.at("raw", found) }];
    case "kept":
      return [name(keptName(found.node.attrs.kind))];
    case "gate":
      return [name(say("editor.do.members"))];
    default:
      return [name(say("editor.do.divider"))];
  }
}
