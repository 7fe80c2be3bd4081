// blocks.js -- stored HTML cut into its top-level blocks, to the byte.
//
//     splitBlocks("<p>One</p>\n<b>two</b> and <hr>")
//       -> { head: "", foot: "", blocks: [{ source: "<p>One</p>", tail: "\n" }, { source: "<b>two</b> and ", tail: "" }, ...] }
//
// What the sanitizer writes is well-formed: every element closed in order, quotes around values, no raw text. So a
// walk over the tags is enough, and every byte lies in one block, in the white space behind one (`tail`; the last
// one's is `foot`) or before the first (`head`). Text and inline elements between two blocks are one block. Anything that is not
// of this form gives null, and the story then opens as one block of HTML.

const VOID = new Set(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]);
const INLINE = new Set(["a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "img", "ins", "kbd", "mark", "q",
  "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr"]);
const TAG = /<(\/?)([a-z][a-z0-9-]*)((?:\s+[a-zA-Z:_-][\w:.-]*(?:="[^"]*")?)*)\s*>/y;
const COMMENT = /<!--(?:(?!--)[\s\S])*-->/y;

export function isInline(name) {
  return INLINE.has(name);
}

/** @returns {{head: string, foot: string, blocks: {source: string, tail: string}[]} | null} */
export function splitBlocks(html) {
  const blocks = [];
  const open = [];
  let begin = -1; // of the block at hand
  let loose = false; // it is text and inline elements
  let head = "";
  let at = 0;

  const end = (to) => {
    if (begin < 0) return;
    const text = html.slice(begin, to);
    const source = loose ? text.replace(/[ \t\n\f\r]+$/, "") : text; // not trimEnd, to which a hard space is white
    blocks.push({ source, tail: text.slice(source.length) });
    begin = -1;
  };
  const beginLoose = () => {
    if (begin >= 0) return;
    begin = at;
    loose = true;
  };
  while (at < html.length) {
    if (html[at] !== "<") {
      const next = html.indexOf("<", at);
      const to = next < 0 ? html.length : next;
      const text = html.slice(at, to);
      if (open.length === 0 && begin < 0) {
        const blank = /^[ \t\n\f\r]*/.exec(text)[0];
        if (blocks.length > 0) blocks[blocks.length - 1].tail += blank;
        else head += blank;
        at += blank.length;
        if (blank !== text) beginLoose();
      }
      at = to;
      continue;
    }
    COMMENT.lastIndex = TAG.lastIndex = at;
    const comment = COMMENT.exec(html);
    if (comment) {
      if (open.length === 0) {
        end(at);
        blocks.push({ source: comment[0], tail: "" });
      }
      at += comment[0].length;
      continue;
    }
    const tag = TAG.exec(html);
    if (!tag) return null;
    const [text, closing, name] = tag;
    if (closing) {
      if (open.pop() !== name) return null;
      at += text.length;
      if (open.length === 0 && !loose) end(at);
      continue;
    }
    if (open.length === 0) {
      if (INLINE.has(name)) beginLoose();
      else {
        end(at);
        begin = at;
        loose = false;
      }
    }
    at += text.length;
    if (!VOID.has(name)) open.push(name);
    else if (open.length === 0 && !loose) end(at);
  }
  if (open.length > 0) return null;
  end(html.length);
  const last = blocks[blocks.length - 1];
  const foot = last?.tail ?? "";
  if (last) last.tail = "";
  return { head, foot, blocks };
}
