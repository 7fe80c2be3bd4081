// attributes.js -- the attributes of stored HTML, as a node of the document carries them.
//
// A node keeps what stood on its element as {name: value} in the order of the page, or null for none, so that
// writing it again gives what the sanitizer would. Values of flags ("open", "controls") are "".

const FLAGS = new Set(["controls", "default", "loop", "muted", "open", "playsinline", "reversed"]);

/** Where style stands while HTML is a tree of ours: the desk's policy refuses the attribute itself, in any document. */
export const STYLE = "data-ed-style";

/** Of an element; null when it has none. What the editor or a clipboard sets for itself does not count. */
export function attributesOf(element) {
  const all = {};
  let any = false;
  for (const { name, value } of element.attributes) {
    if (name.startsWith("data-pm-")) continue;
    all[name === STYLE ? "style" : name] = value;
    any = true;
  }
  return any ? all : null;
}

/** HTML whose style attributes are under that name, so that no policy stops them and they can be read. */
export function withoutStyle(html) {
  return html.replace(/<[a-zA-Z][^<>]*>/g, (tag) => tag.replace(/(\s)style(\s*=)/i, `$1${STYLE}$2`));
}

export function escapeText(text) {
  return text.replace(/[&<>]/g, (c) => (c === "&" ? "&amp;" : c === "<" ? "&lt;" : "&gt;"));
}

export function escapeValue(text) {
  return escapeText(text).replace(/"/g, "&quot;");
}

/** ` class="a" open`, as it stands in a start tag. */
export function writeAttributes(all) {
  let out = "";
  for (const name in all ?? {}) out += FLAGS.has(name) && all[name] === "" ? ` ${name}` : ` ${name}="${escapeValue(all[name])}"`;
  return out;
}

/** The same attributes with one set, or, with null or "", taken away. */
export function withAttribute(all, name, value) {
  const next = { ...all };
  if (value === null || value === "") delete next[name];
  else next[name] = value;
  return Object.keys(next).length > 0 ? next : null;
}

export function classesOf(all) {
  return (all?.class ?? "").split(/\s+/).filter(Boolean);
}

export function hasClass(all, name) {
  return classesOf(all).includes(name);
}

/** Classes that `drop` matches go, `add` (which may be "") comes at the end. */
export function withClass(all, drop, add) {
  const classes = classesOf(all).filter((name) => !drop.test(name));
  if (add) classes.push(add);
  return withAttribute(all, "class", classes.join(" "));
}

/** How stored alignment is told: a class of WordPress's or a style that the sanitizer lets stand. */
export function alignmentOf(all) {
  const by = /(?:^|\s)has-text-align-(left|center|right)(?:\s|$)/.exec(all?.class ?? "") ?? /text-align:(left|center|right|start|end|justify)/.exec(all?.style ?? "");
  return by ? by[1] : "";
}
