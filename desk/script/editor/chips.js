// chips.js -- a field of names, parted by commas, as a row of names to take away and a box that suggests others.
//
// The plain input stays the field that is sent, and holds what the chips say; without script it is what one types into. A name
// with a comma in it stands in quotes, as src/desk/story_form.h reads it. An ARIA combobox: the list is moved in by arrows,
// Enter or a comma takes a name, Backspace in the empty box takes the last away.

import { say } from "../words.js";
import { h, newId } from "./dom.js";
import { get } from "./sending.js";

const TYPING_MS = 200;

export function splitNames(text) {
  const out = [];
  for (const [, quoted, bare] of text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/g)) {
    const name = (quoted !== undefined ? quoted.replaceAll('""', '"') : bare ?? "").trim();
    if (name) out.push(name);
  }
  return out;
}

export function joinNames(names) {
  return names.map((name) => (/[,"]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(", ");
}

class Chips {
  constructor(input, path) {
    this.input = input;
    this.path = path;
    this.names = splitNames(input.value);
    this.offers = [];
    this.at = -1;
    this.asked = 0;
    const id = newId("chips");
    const label = document.querySelector(`label[for="${CSS.escape(input.id)}"]`);
    this.list = h("ul", { class: "chips" });
    this.box = h("input", { type: "text", id, role: "combobox", "aria-expanded": "false", "aria-controls": `${id}-list`, "aria-autocomplete": "list", autocomplete: "off",
      oninput: () => this.typed(), onkeydown: (event) => this.key(event), onblur: () => this.left() });
    if (input.getAttribute("aria-describedby")) this.box.setAttribute("aria-describedby", input.getAttribute("aria-describedby"));
    if (label) label.htmlFor = id;
    this.offered = h("ul", { class: "offers", role: "listbox", id: `${id}-list`, "aria-label": say("editor.chips-offered"), hidden: true });
    this.said = h("p", { class: "unseen", role: "status" });
    input.hidden = true;
    input.after(h("div", { class: "chips-field" }, this.list, this.box, this.offered, this.said));
    this.draw();
  }

  draw() {
    this.list.replaceChildren(...this.names.map((name, i) => h("li", {}, h("span", {}, name),
      h("button", { type: "button", class: "quiet", "aria-label": say("editor.chip-remove", { name }), onclick: () => this.remove(i) }, "×"))));
  }

  changed() {
    this.input.value = joinNames(this.names);
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
    this.draw();
  }

  add(name) {
    const clean = name.trim().replace(/\s+/g, " ");
    this.box.value = "";
    this.close();
    if (clean === "" || this.names.some((one) => one.toLowerCase() === clean.toLowerCase())) return;
    this.names.push(clean);
    this.said.textContent = say("editor.chip-added", { name: clean });
    this.changed();
  }

  remove(i) {
    const [name] = this.names.splice(i, 1);
    this.said.textContent = say("editor.chip-removed", { name });
    this.changed();
    this.box.focus();
  }

  /** The input was set from elsewhere. */
  read() {
    this.names = splitNames(this.input.value);
    this.draw();
  }

  typed() {
    clearTimeout(this.timer);
    const text = this.box.value;
    if (text.endsWith(",")) {
      this.add(text.slice(0, -1));
      return;
    }
    const mine = ++this.asked;
    if (text.trim() === "") {
      this.close();
      return;
    }
    this.timer = setTimeout(async () => {
      const answer = await get(`${this.path}?${new URLSearchParams({ q: text.trim() })}`);
      if (mine !== this.asked || !answer.ok) return;
      this.offers = (answer.values.items ?? []).map((item) => item.name).filter((name) => !this.names.includes(name)).slice(0, 8);
      this.at = -1;
      this.show();
    }, TYPING_MS);
  }

  show() {
    this.offered.replaceChildren(...this.offers.map((name, i) => h("li", { role: "option", id: `${this.box.id}-${i}`, "aria-selected": String(i === this.at), onmousedown: (event) => {
      event.preventDefault();
      this.add(name);
    } }, name)));
    this.offered.hidden = this.offers.length === 0;
    this.box.setAttribute("aria-expanded", String(this.offers.length > 0));
    if (this.at >= 0) this.box.setAttribute("aria-activedescendant", `${this.box.id}-${this.at}`);
    else this.box.removeAttribute("aria-activedescendant");
  }

  close() {
    this.asked++;
    this.offers = [];
    this.at = -1;
    this.show();
  }

  left() {
    this.add(this.box.value);
  }

  key(event) {
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && this.offers.length > 0) {
      this.at = (this.at + (event.key === "ArrowDown" ? 1 : -1) + this.offers.length) % this.offers.length;
      this.show();
    } else if (event.key === "Enter" && (this.at >= 0 || this.box.value.trim() !== "")) this.add(this.offers[this.at] ?? this.box.value);
    else if (event.key === "Enter") {
      event.preventDefault(); // not the form's first button
      return;
    } else if (event.key === "Escape" && this.offers.length > 0) this.close();
    else if (event.key === "Backspace" && this.box.value === "" && this.names.length > 0) this.remove(this.names.length - 1);
    else return;
    event.preventDefault();
  }
}

/** @returns {{read: () => void} | null} */
export function chips(input, path) {
  return input ? new Chips(input, path) : null;
}
