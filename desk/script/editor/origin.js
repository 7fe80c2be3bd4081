// origin.js -- where each part of an open story came from: the promise that what nobody touched is not changed.
//
//     const origin = new Origin();
//     const doc = origin.open(html);
//     origin.write(doc) === html                  // to the byte, for any html
//
// Each top-level node gets a key, under which its original bytes, the white space behind them and the node as read
// are kept. A node that still equals what was read is written as those bytes; another is written anew. Comparing,
// rather than noting what was changed, means that an edit taken back leaves no trace.
//
// Keys are never used twice, and what is under them is never forgotten: undo may bring back a node from before the
// story was replaced by another version.

import { splitBlocks } from "./blocks.js";
import { readStored } from "./reader.js";
import { schema } from "./schema.js";
import { writeBlock } from "./writer.js";

const BETWEEN = "\n";

export class Origin {
  constructor() {
    this.blocks = new Map(); // by key: {source, tail, node}; tail null of one that was last
    this.next = 1;
    this.head = this.foot = "";
    this.between = BETWEEN;
  }

  /** A node that is `source`, and will be written so while nobody changes it. */
  take(source, tail) {
    const key = this.next++;
    const read = readStored(source);
    const node = read.type.create({ ...read.attrs, key }, read.content, read.marks);
    this.blocks.set(key, { source, tail, node });
    return node;
  }

  /** @returns {import("prosemirror-model").Node} the document */
  open(html) {
    const split = splitBlocks(html) ?? { head: "", foot: "", blocks: [{ source: html, tail: "" }] };
    this.head = split.head;
    this.foot = split.foot;
    const closed = split.blocks.filter((block, i) => i + 1 < split.blocks.length && block.tail === "").length;
    this.between = closed * 2 > split.blocks.length ? "" : BETWEEN; // Ghost writes its blocks without a space
    const last = split.blocks.length - 1;
    const nodes = split.blocks.map((block, i) => this.take(block.source, i === last ? null : block.tail));
    return schema.node("doc", null, nodes.length > 0 ? nodes : [schema.node("paragraph")]);
  }

  sourceOf(node) {
    const kept = this.blocks.get(node.attrs.key);
    return kept && kept.node.eq(node) ? kept.source : writeBlock(node);
  }

  /** The top-level blocks that are not empty: {source, tail, index}. */
  pieces(doc) {
    const out = [];
    const used = new Set();
    doc.forEach((node, _, index) => {
      const source = this.sourceOf(node);
      if (source === "") return;
      const kept = used.has(node.attrs.key) ? undefined : this.blocks.get(node.attrs.key);
      used.add(node.attrs.key);
      out.push({ source, tail: kept?.tail ?? this.between, index });
    });
    return out;
  }

  /** @returns {string} the HTML to store */
  write(doc) {
    const pieces = this.pieces(doc);
    if (pieces.length === 0) return this.blocks.size === 0 ? this.head + this.foot : "";
    return this.head + pieces.map((piece, i) => piece.source + (i + 1 < pieces.length ? piece.tail : "")).join("") + this.foot;
  }
}
