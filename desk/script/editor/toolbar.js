// toolbar.js -- the line of tools above the text: role=toolbar, one stop for Tab, arrows within (WAI-ARIA's pattern).
//
// First what is always there, then what can be done to the card or table that the cursor is in
// (card_tools.js). Alt+F10 comes here from the text, Escape goes back.

import { say } from "../words.js";
import { keyName } from "./commands.js";
import { h } from "./dom.js";
import { doing } from "./names.js";

const ALWAYS = [
  ["strong", "em", "link", "code"],
  ["paragraph", "heading2", "heading3"],
  ["quote", "bullets", "numbers"],
];
const LAST = ["insert", "undo", "redo", "keys"];
const GLYPHS = { strong: "B", em: "I", link: "Link", code: "‹›", paragraph: "¶", heading2: "H2", heading3: "H3", quote: "“”", bullets: "•", numbers: "1.",
  insert: "+", undo: "↶", redo: "↷", keys: "?" };

export class Toolbar {
  /** @param {{view: () => import("prosemirror-view").EditorView, commands: object, cardTools: (state: any) => object[]}} page */
  constructor(page) {
    this.page = page;
    this.buttons = [];
    this.card = h("span", { class: "tools-card" });
    this.cardSays = "";
    const group = (names) => h("span", { class: "tools-group" }, names.map((name) => this.button(name)));
    this.dom = h("div", { class: "tools", role: "toolbar", "aria-label": say("editor.toolbar"), "aria-controls": "ed-text",
      onkeydown: (event) => this.key(event), onmousedown: (event) => event.preventDefault() },
    [...ALWAYS, LAST].map(group), this.card);
    this.roving(this.all()[0]);
  }

  button(name) {
    const command = this.page.commands[name];
    const label = doing(name);
    const key = command.keys?.[0] ? ` (${keyName(command.keys[0])})` : "";
    const button = h("button", { type: "button", class: `tool tool-${name}`, title: label + key, tabindex: "-1",
      "aria-pressed": command.active ? "false" : null, onclick: () => this.run(command.run) },
    h("span", { "aria-hidden": "true" }, GLYPHS[name]), h("span", { class: "unseen" }, label));
    this.buttons.push({ button, command });
    return button;
  }

  run(command) {
    const view = this.page.view();
    command(view.state, view.dispatch, view);
    if (!document.querySelector("dialog[open]") && !document.activeElement?.closest(".menu")) view.focus();
  }

  all() {
    return [...this.dom.querySelectorAll("button, select")].filter((one) => !one.disabled);
  }

  roving(to) {
    for (const one of this.dom.querySelectorAll("button, select")) one.tabIndex = one === to ? 0 : -1;
  }

  focus() {
    (this.all().find((one) => one.tabIndex === 0) ?? this.all()[0]).focus();
  }

  key(event) {
    const all = this.all();
    const at = all.indexOf(document.activeElement);
    const steps = { ArrowRight: 1, ArrowLeft: -1 };
    if (event.key === "Escape") {
      event.preventDefault();
      this.page.view().focus();
      return;
    }
    const to = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : event.key in steps ? (at + steps[event.key] + all.length) % all.length : -1;
    if (to < 0 || at < 0) return;
    event.preventDefault();
    this.roving(all[to]);
    all[to].focus();
  }

  /** As the selection says. */
  update(state) {
    for (const { button, command } of this.buttons) {
      if (command.active) button.setAttribute("aria-pressed", String(command.active(state)));
      button.disabled = !command.run(state);
    }
    const tools = this.page.cardTools(state);
    const says = JSON.stringify(tools.map(({ label, pressed, kind, value }) => [label, pressed, kind, value]));
    if (says !== this.cardSays) {
      this.cardSays = says;
      const held = this.card.contains(document.activeElement) ? [...this.card.children].indexOf(document.activeElement) : -1;
      this.card.replaceChildren(...tools.map((tool) => this.cardTool(tool)));
      if (held >= 0) (this.card.children[held] ?? this.all()[0])?.focus();
    }
    if (!this.all().some((one) => one.tabIndex === 0)) this.roving(this.all()[0]);
  }

  cardTool({ label, run, pressed, kind }) {
    if (kind === "name") return h("span", { class: "tools-name" }, label);
    return h("button", { type: "button", class: "tool tool-word", tabindex: "-1", "aria-pressed": pressed === undefined ? null : String(pressed),
      onclick: () => this.run(run) }, label);
  }
}
