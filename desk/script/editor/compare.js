// compare.js -- two versions of a story, block by block: when somebody saved another one, or the browser kept one.
//
//     const html = await compare({ title, mine, theirs, mineSays, theirsSays })   // the text to go on with; null: not decided
//
// The longest common sequence of top-level blocks is what both have; between stand the differences, mine on the left, theirs on the right, as a
// reader would see them. Each difference is taken from one side or the other, or all at once.

import { say } from "../words.js";
import { splitBlocks } from "./blocks.js";
import { h, newId, openDialog } from "./dom.js";
import { inert } from "./inert.js";

const CELLS_MAX = 4000000; // of the table; beyond, all between the equal ends is one difference

function sources(html) {
  const split = splitBlocks(html);
  return split ? split.blocks.map((block) => block.source) : [html];
}

/** Steps from the top: {same: [..]} or {mine: [..], theirs: [..]}. */
export function differences(a, b) {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const out = [];
  const add = (kind, mine, theirs) => {
    const last = out[out.length - 1];
    if (kind === "same") {
      if (last?.same) last.same.push(...mine);
      else if (mine.length > 0) out.push({ same: [...mine] });
    } else if (last && !last.same) {
      last.mine.push(...mine);
      last.theirs.push(...theirs);
    } else out.push({ mine: [...mine], theirs: [...theirs] });
  };
  add("same", a.slice(0, head), []);
  middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail), add);
  add("same", a.slice(a.length - tail), []);
  return out;
}

function middle(a, b, add) {
  const [n, m] = [a.length, b.length];
  if (n === 0 || m === 0 || n * m > CELLS_MAX) {
    if (n + m > 0) add("other", a, b);
    return;
  }
  const width = m + 1;
  const longest = new Uint32Array((n + 1) * width);
  for (let i = n - 1; i >= 0; i--) {
    for (let j = m - 1; j >= 0; j--)
      longest[i * width + j] = a[i] === b[j] ? longest[(i + 1) * width + j + 1] + 1 : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
  }
  let [i, j] = [0, 0];
  while (i < n || j < m) {
    if (i < n && j < m && a[i] === b[j]) {
      add("same", [a[i]], []);
      i++;
      j++;
    } else if (j >= m || (i < n && longest[(i + 1) * width + j] >= longest[i * width + j + 1])) add("other", [a[i++]], []);
    else add("other", [], [b[j++]]);
  }
}

function side(name, blocks, id) {
  return h("div", { class: `side side-${name}` }, blocks.length > 0 ? blocks.map((block) => inert(block)) : h("p", { class: "soft", id }, say("editor.compare.nothing")));
}

function choice(part, i) {
  const name = newId("choice");
  const option = (value, label) => {
    const id = `${name}-${value}`;
    return h("span", { class: "option" }, h("input", { type: "radio", name, id, value, checked: value === "mine", onchange: () => (part.take = value) }), h("label", { for: id }, label));
  };
  part.take = "mine";
  return h("fieldset", { class: "difference" }, h("legend", {}, say("editor.compare.difference", { n: i })),
    h("div", { class: "sides" }, side("mine", part.mine), side("theirs", part.theirs)),
    h("p", { class: "options" }, option("mine", say("editor.compare.take-mine")), option("theirs", say("editor.compare.take-theirs")),
      part.mine.length > 0 && part.theirs.length > 0 && option("both", say("editor.compare.take-both"))));
}

function joined(parts, pick) {
  return parts.flatMap((part) => part.same ?? pick(part)).join("\n");
}

/**
 * `titles` when they differ: {mine, theirs}. Answers {html, take} or null.
 */
export async function compare({ title, why, mine, theirs, mineSays, theirsSays, titles = null }) {
  const parts = differences(sources(mine), sources(theirs));
  let count = 0;
  const shown = parts.map((part) => {
    if (!part.same) return choice(part, ++count);
    const few = part.same.length > 2;
    return h("div", { class: "same" }, inert(part.same[0]), few && h("p", { class: "soft" }, say("editor.compare.same", { n: part.same.length - 2 })),
      part.same.length > 1 && inert(part.same[part.same.length - 1]));
  });
  const body = h("div", { class: "compare" }, h("p", {}, why),
    h("div", { class: "sides sides-head" }, h("p", {}, h("strong", {}, mineSays)), h("p", {}, h("strong", {}, theirsSays))),
    titles && h("div", { class: "sides compare-titles" }, h("p", { class: "side-mine" }, titles.mine), h("p", { class: "side-theirs" }, titles.theirs)),
    count === 0 && h("p", { class: "soft" }, say("editor.compare.text-same")), shown);
  const { done } = openDialog({
    title, body, wide: true,
    buttons: [
      { label: say("editor.compare.mine"), kind: "first", act: () => ({ html: mine, take: "mine" }) },
      { label: say("editor.compare.theirs"), act: () => ({ html: theirs, take: "theirs" }) },
      count > 0 && { label: say("editor.compare.chosen"), act: () => ({ html: joined(parts, (part) => (part.take === "both" ? [...part.mine, ...part.theirs] : part[part.take])), take: "blocks" }) },
    ].filter(Boolean),
  });
  return done;
}
