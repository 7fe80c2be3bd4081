// markdown.js -- Markdown that was pasted, as HTML for the reader.
//
// What people paste from notes, chats and repositories: headings, lists in lists, quotes, fences, rules, pipe tables, pictures,
// links and the usual marks. The server's cmark (src/text/markdown.c) has the whole of CommonMark; here a text that does
// not look like Markdown must above all stay as it is, so looksLikeMarkdown() wants a sign that is rarely typed by chance.

import { escapeText, escapeValue } from "./attributes.js";
import { addressTyped } from "./embeds.js";

const HEADING = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/;
const RULE = /^ {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$/;
const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([\w+#.-]*)[^`]*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( *)(?:([-*+])|(\d{1,9})[.)])[ \t]+/;
const DIVIDER = /^ *\|?(?: *:?-+:? *\|)+ *(?::?-+:? *)?$/;

export function looksLikeMarkdown(text) {
  const lines = text.split("\n");
  const count = (pattern) => lines.filter((line) => pattern.test(line)).length;
  if (count(HEADING) > 0 || count(/^ {0,3}```/) > 0 || count(/^ {0,3}> /) > 0 || lines.some((line, i) => i > 0 && DIVIDER.test(line) && line.includes("|"))) return true;
  if (/!?\[[^\]\n]+\]\([^)\s]+\)/.test(text) || /(^|[\s(])\*\*[^\s*][^*\n]*\*\*/.test(text)) return true;
  return count(ITEM) > 1 || (count(ITEM) === 1 && lines.length === 1);
}

// ---- inline ----

const ESCAPABLE = /\\([!-/:-@[-`{-~])/g;

/** Marks by pattern, from the outside in; code first, as nothing counts within it. */
function inline(text) {
  const held = [];
  const hold = (html) => `\u0001${held.push(html) - 1}\u0001`; // no mark of Markdown, and taken out of what came in
  let out = text.replaceAll("\u0001", "")
    .replace(/(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/g, (_, ticks, code) => hold(`<code>${escapeText(code.replace(/^ (.*\S.*) $/, "$1"))}</code>`))
    .replace(ESCAPABLE, (_, c) => hold(escapeText(c)))
    .replace(/!\[([^\]]*)\]\(\s*<?([^)\s>]+)>?(?:\s+"([^"]*)")?\s*\)/g, (_, alt, src) => hold(`<img src="${escapeValue(src)}" alt="${escapeValue(alt)}">`))
    .replace(/<((?:https?:\/\/|mailto:)[^\s<>]+)>/g, (_, href) => hold(`<a href="${escapeValue(href)}">${escapeText(href)}</a>`));
  out = escapeText(out);
  out = out.replace(/\[([^\]\u0001]*(?:\u0001\d+\u0001[^\]\u0001]*)*)\]\(\s*(?:&lt;)?([^)\s]+?)(?:&gt;)?(?:\s+"[^"]*")?\s*\)/g, (whole, label, href) => {
    const address = addressTyped(href.replaceAll("&amp;", "&"));
    return address ? `${hold(`<a href="${escapeValue(address)}">`)}${label}${hold("</a>")}` : whole;
  });
  out = out.replace(/(\*\*|__)(?=\S)([\s\S]*?\S)\1/g, (whole, mark, inner, at, all) => (mark === "__" && wordAround(all, at, whole) ? whole : `<strong>${inner}</strong>`))
    .replace(/(\*|_)(?=\S)([\s\S]*?\S)\1(?!\1)/g, (whole, mark, inner, at, all) => (mark === "_" && wordAround(all, at, whole) ? whole : `<em>${inner}</em>`))
    .replace(/~~(?=\S)([\s\S]*?\S)~~/g, "<s>$1</s>")
    .replace(/==(?=\S)([\s\S]*?\S)==/g, "<mark>$1</mark>")
    .replace(/(?: {2,}|\\)\n/g, "<br>");
  while (/\u0001\d+\u0001/.test(out)) out = out.replace(/\u0001(\d+)\u0001/g, (_, i) => held[Number(i)]);
  return out;
}

/** snake_case_names are no emphasis. */
function wordAround(all, at, whole) {
  return /[\p{L}\p{N}]/u.test(all[at - 1] ?? "") || /[\p{L}\p{N}]/u.test(all[at + whole.length] ?? "");
}

// ---- blocks ----

function cells(line) {
  return line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => inline(cell.trim().replaceAll("\\|", "|")));
}

function tableAt(lines, at) {
  if (!lines[at].includes("|") || at + 1 >= lines.length || !DIVIDER.test(lines[at + 1])) return null;
  let end = at + 2;
  while (end < lines.length && lines[end].includes("|")) end++;
  const head = cells(lines[at]);
  const row = (tag, all) => `<tr>${head.map((_, i) => `<${tag}>${all[i] ?? ""}</${tag}>`).join("")}</tr>`;
  const body = lines.slice(at + 2, end).map((line) => row("td", cells(line))).join("");
  return { html: `<table><thead>${row("th", head)}</thead>${body ? `<tbody>${body}</tbody>` : ""}</table>`, end };
}

function listAt(lines, at) {
  const first = ITEM.exec(lines[at]);
  const ordered = first[3] !== undefined;
  const indent = first[1].length;
  const items = [];
  let loose = false;
  let end = at;
  while (end < lines.length) {
    const item = ITEM.exec(lines[end]);
    if (item && item[1].length <= indent + 1 && (item[3] !== undefined) === ordered && !RULE.test(lines[end])) {
      items.push([lines[end].slice(item[0].length)]);
    } else if (/^\s*$/.test(lines[end])) {
      const next = lines[end + 1] ?? "";
      if (!/^ {2,}\S|^\t/.test(next) && !(ITEM.test(next) && (ITEM.exec(next)[3] !== undefined) === ordered)) break;
      loose = loose || !ITEM.test(next) || ITEM.exec(next)[1].length <= indent + 1;
      items[items.length - 1].push("");
    } else if (/^ {2,}|^\t/.test(lines[end])) {
      items[items.length - 1].push(lines[end].replace(/^(?:\t| {1,4})/, ""));
    } else if (items[items.length - 1].at(-1) !== "" && !startsBlock(lines[end])) {
      items[items.length - 1].push(lines[end]); // a lazy line
    } else break;
    end++;
  }
  const tag = ordered ? "ol" : "ul";
  const start = ordered && first[3] !== "1" ? ` start="${Number(first[3])}"` : "";
  const item = (text) => {
    const inner = blocks(text);
    return `<li>${loose ? inner : inner.replace(/^<p>([\s\S]*?)<\/p>/, "$1")}</li>`;
  };
  return { html: `<${tag}${start}>${items.map(item).join("")}</${tag}>`, end };
}

function startsBlock(line) {
  return HEADING.test(line) || RULE.test(line) || FENCE.test(line) || QUOTE.test(line) || ITEM.test(line);
}

function blocks(lines) {
  let out = "";
  for (let at = 0; at < lines.length; ) {
    const line = lines[at];
    const heading = HEADING.exec(line);
    const fence = FENCE.exec(line);
    const table = tableAt(lines, at);
    if (/^\s*$/.test(line)) {
      at++;
    } else if (fence) {
      let end = at + 1;
      while (end < lines.length && !lines[end].trim().startsWith(fence[1])) end++;
      const language = fence[2] ? ` class="language-${escapeValue(fence[2])}"` : "";
      out += `<pre><code${language}>${escapeText(lines.slice(at + 1, end).join("\n"))}</code></pre>`;
      at = end + 1;
    } else if (heading) {
      out += `<h${heading[1].length}>${inline(heading[2])}</h${heading[1].length}>`;
      at++;
    } else if (RULE.test(line)) {
      out += "<hr>";
      at++;
    } else if (table) {
      out += table.html;
      at = table.end;
    } else if (QUOTE.test(line)) {
      let end = at;
      while (end < lines.length && (QUOTE.test(lines[end]) || (!/^\s*$/.test(lines[end]) && !startsBlock(lines[end])))) end++;
      out += `<blockquote>${blocks(lines.slice(at, end).map((l) => l.replace(QUOTE, "")))}</blockquote>`;
      at = end;
    } else if (ITEM.test(line)) {
      const list = listAt(lines, at);
      out += list.html;
      at = list.end;
    } else {
      let end = at + 1;
      while (end < lines.length && !/^\s*$/.test(lines[end]) && !startsBlock(lines[end])) end++;
      out += `<p>${inline(lines.slice(at, end).map((l) => l.replace(/^ +/, "")).join("\n"))}</p>`;
      at = end;
    }
  }
  return out;
}

/** @returns {string} HTML: not sanitized, for reader.js to read */
export function markdownToHtml(text) {
  return blocks(text.replace(/\r\n?/g, "\n").split("\n"));
}
