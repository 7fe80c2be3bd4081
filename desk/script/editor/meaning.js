// meaning.js -- whether two pieces of HTML say the same.
//
// meaningOf() puts a tree into one text by which trees are told apart: elements and their attributes (sorted), and, of inline
// content, each run of text with the set of elements around it. So white space that a browser does not show, and
// which of two inline elements stands around the other, make no difference; everything else does.

import { attributesOf, withoutStyle } from "./attributes.js";
import { isInline } from "./blocks.js";

const SPACE = /[ \t\n\f\r]+/g;

function tag(element) {
  const all = attributesOf(element) ?? {};
  return [element.localName, ...Object.keys(all).sort().map((name) => `${name}=${JSON.stringify(all[name])}`)].join(" ");
}

/** Inline, and nothing but inline in it. */
export function isInlineTree(node) {
  return node.nodeType !== Node.ELEMENT_NODE || (isInline(node.localName) && [...node.childNodes].every(isInlineTree));
}

function readRun(node, around, run) {
  if (node.nodeType === Node.TEXT_NODE) {
    run.push({ text: node.data, around: [...around].sort().join(", ") });
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE) {
    run.push({ thing: `<!--${node.data}-->`, around: "" });
    return;
  }
  const name = tag(node);
  if (node.childNodes.length > 0) for (const child of node.childNodes) readRun(child, [...around, name], run);
  else if (node.localName === "br") run.push({ thing: name, around: "" });
  else if (node.attributes.length > 0 || node.localName === "wbr") run.push({ thing: name, around: [...around].sort().join(", ") });
}

/** As a browser shows it: white space made one, and none at the ends and around line breaks. */
function collapse(run) {
  let space = true; // a space here would not show
  let last = null; // the text whose space at the end may have to go
  for (const part of run) {
    if (part.thing) {
      if (part.thing.startsWith("br") && last?.text.endsWith(" ")) last.text = last.text.slice(0, -1);
      space = part.thing.startsWith("br");
      last = null;
      continue;
    }
    part.text = part.text.replace(SPACE, " ");
    if (space && part.text.startsWith(" ")) part.text = part.text.slice(1);
    if (part.text === "") continue;
    space = part.text.endsWith(" ");
    last = part;
  }
  if (last?.text.endsWith(" ")) last.text = last.text.slice(0, -1);
}

function runMeaning(run, pre) {
  if (!pre) collapse(run);
  let out = "";
  let around = null;
  for (const part of run) {
    if (part.text === "") continue;
    if (part.around !== around || part.thing) out += `\n[${part.around}]`;
    out += part.thing ? `(${part.thing})` : part.text;
    around = part.thing ? null : part.around;
  }
  return out;
}

/** @param {Node} parent whose children are meant */
export function meaningOf(parent, pre = false) {
  let out = "";
  let run = [];
  const flush = () => {
    out += runMeaning(run, pre);
    run = [];
  };
  for (const node of parent.childNodes) {
    if (isInlineTree(node)) {
      readRun(node, [], run);
      continue;
    }
    flush();
    const inner = meaningOf(node, pre || node.localName === "pre");
    const empty = inner === "" && node.attributes.length === 0 && (node.localName === "p" || node.localName === "figcaption");
    if (!empty) out += `\n<${tag(node)}>${inner}\n</${node.localName}>`;
  }
  flush();
  return out;
}

/** A piece of HTML as a tree that shows nothing and runs nothing. */
export function treeOf(html) {
  const template = document.createElement("template");
  template.innerHTML = withoutStyle(html);
  return template.content;
}

export function sameMeaning(a, b) {
  return a === b || meaningOf(treeOf(a)) === meaningOf(treeOf(b));
}
