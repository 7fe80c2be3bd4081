// words.js -- what a script says, in the person's language: the strings that the page brought along.
//
//     say(key, { n: 3 })        "3 words"
//
// The template prints them by {{words "editor."}}. A text may hold {name}s and one {n, plural, one {...} other {...}},
// as in src/theme/phrases.h; '#' in a plural is the number.

const language = document.documentElement.lang || "en";
const plurals = new Intl.PluralRules(language);
const numbers = new Intl.NumberFormat(language);
let words;

function read() {
  words = {};
  for (const block of document.querySelectorAll("script[data-words]")) Object.assign(words, JSON.parse(block.textContent));
}

/** The index after the brace that closes the one at `open`. */
function closing(text, open) {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return i + 1;
  }
  return text.length;
}

function plural(forms, n) {
  const bodies = {};
  let rest = forms.trim();
  while (rest) {
    const open = rest.indexOf("{");
    if (open < 0) break;
    const end = closing(rest, open);
    bodies[rest.slice(0, open).trim()] = rest.slice(open + 1, end - 1);
    rest = rest.slice(end).trim();
  }
  const body = bodies[`=${n}`] ?? bodies[plurals.select(n)] ?? bodies.other ?? "";
  return body.replaceAll("#", numbers.format(n));
}

function fill(text, values) {
  let out = "";
  for (let i = 0; i < text.length; ) {
    if (text[i] !== "{") {
      out += text[i++];
      continue;
    }
    const end = closing(text, i);
    const [name, kind, ...forms] = text.slice(i + 1, end - 1).split(",");
    if (kind?.trim() === "plural") out += fill(plural(forms.join(","), Number(values[name.trim()])), values);
    else out += values[name.trim()] ?? text.slice(i, end);
    i = end;
  }
  return out;
}

/** The string itself when the page did not bring it: a missing word must not stop anybody's work. */
export function say(key, values = {}) {
  if (!words) read();
  return fill(words[key] ?? key, values);
}
