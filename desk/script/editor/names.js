// names.js -- what each command, width, colour and kind of card is called, by the key of its words. Written out, so that a search for
// a word finds who says it (tests/lint/strings.py does).

import { say } from "../words.js";

const DOING = {
  strong: "editor.do.strong", em: "editor.do.em", link: "editor.do.link", underline: "editor.do.underline", strike: "editor.do.strike", code: "editor.do.code",
  mark: "editor.do.mark", sup: "editor.do.sup", sub: "editor.do.sub", plain: "editor.do.plain", paragraph: "editor.do.paragraph", heading2: "editor.do.heading2",
  heading3: "editor.do.heading3", heading4: "editor.do.heading4", quote: "editor.do.quote", bullets: "editor.do.bullets", numbers: "editor.do.numbers",
  picture: "editor.do.picture", gallery: "editor.do.gallery", embed: "editor.do.embed", bookmark: "editor.do.bookmark", button: "editor.do.button",
  callout: "editor.do.callout", toggle: "editor.do.toggle", table: "editor.do.table", codeblock: "editor.do.codeblock", divider: "editor.do.divider",
  raw: "editor.do.raw", members: "editor.do.members", up: "editor.do.up", down: "editor.do.down", remove: "editor.do.remove", keys: "editor.do.keys",
  save: "editor.do.save", insert: "editor.do.insert", undo: "editor.do.undo", redo: "editor.do.redo",
};

const WIDTHS = { regular: "editor.width.regular", wide: "editor.width.wide", full: "editor.width.full" };

const COLOURS = { grey: "editor.colour.grey", blue: "editor.colour.blue", green: "editor.colour.green", yellow: "editor.colour.yellow", red: "editor.colour.red",
  accent: "editor.colour.accent" };

const KEPT = { audio: "editor.kept.audio", video: "editor.kept.video", file: "editor.kept.file", product: "editor.kept.card", header: "editor.kept.card",
  signup: "editor.kept.card", email: "editor.kept.card", card: "editor.kept.card" };

export const doing = (name) => say(DOING[name]);
export const widthName = (width) => say(WIDTHS[width]);
export const colourName = (colour) => say(COLOURS[colour] ?? COLOURS.grey);
export const keptName = (kind) => say(KEPT[kind] ?? KEPT.card);
