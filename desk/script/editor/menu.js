// menu.js -- "/" on an empty line, or "+" in the toolbar: the blocks that can be put there, by name.
//
// A listbox beside the text. What is typed after the "/" narrows it; the text keeps the focus, and tells a screen reader of
// the row at hand by aria-activedescendant. Choosing takes the typed "/..." away. From the toolbar the same list opens
// for an empty line, which is made if there is none.

import { Plugin, PluginKey, TextSelection } from "prosemirror-state";
import { say } from "../words.js";
import { h, newId } from "./dom.js";
import { schema } from "./schema.js";
import { doing } from "./names.js";

export const menuKey = new PluginKey("menu");

/** The "/word" that the cursor stands behind, alone in its paragraph: {from, to, query}. */
function slashAt(state) {
  const { $from, empty } = state.selection;
  if (!empty || $from.parent.type !== schema.nodes.paragraph) return null;
  const text = $from.parent.textContent;
  if (!/^\/[\p{L}\p{N} ]{0,30}$/u.test(text) || $from.parentOffset !== text.length) return null;
  return { from: $from.start(), to: $from.pos, query: text.slice(1).toLowerCase() };
}

class Menu {
  constructor(view, commands) {
    this.view = view;
    this.rows = Object.entries(commands).filter(([, command]) => command.insert).map(([name, command]) => ({ name, command, label: doing(name) }));
    this.id = newId("menu");
    // tabindex: it scrolls, so it must be within reach; Tab itself chooses, as in any such list.
    this.list = h("ul", { class: "menu", role: "listbox", id: this.id, "aria-label": say("editor.menu"), tabindex: "0", hidden: true, onmousedown: (event) => event.preventDefault() });
    this.said = h("p", { class: "unseen", role: "status" });
    view.dom.parentNode.append(this.list, this.said);
    this.resized = () => this.hide(); // its place was of the width before
    addEventListener("resize", this.resized);
    this.at = 0;
    this.dismissed = null; // the text that Escape was pressed over
    this.shown = [];
  }

  update(view) {
    const slash = view.hasFocus() || this.list.contains(document.activeElement) ? slashAt(view.state) : null;
    if (!slash || this.dismissed === slash.from) {
      if (!slash) this.dismissed = null;
      this.hide();
      return;
    }
    const found = this.rows.filter((row) => row.label.toLowerCase().includes(slash.query.trim()) || row.name.startsWith(slash.query.trim()));
    if (found.length === 0) {
      this.hide();
      return;
    }
    if (found.length !== this.shown.length) this.at = 0;
    this.shown = found;
    this.draw(slash);
  }

  draw(slash) {
    const first = this.list.hidden;
    this.list.replaceChildren(...this.shown.map((row, i) => h("li", { role: "option", id: `${this.id}-${row.name}`, "aria-selected": String(i === this.at),
      onclick: () => this.choose(i) }, h("span", {}, row.label), row.command.typed && h("span", { class: "soft" }, row.command.typed))));
    this.list.hidden = false;
    const { left, bottom, top } = this.view.coordsAtPos(slash.from);
    const box = this.view.dom.parentNode.getBoundingClientRect();
    const below = bottom - box.top;
    this.list.style.left = `${Math.max(0, Math.min(left - box.left, box.width - this.list.offsetWidth))}px`;
    const room = innerHeight - bottom > this.list.offsetHeight || top < this.list.offsetHeight;
    this.list.style.top = `${room ? below + 4 : top - box.top - this.list.offsetHeight - 4}px`;
    this.view.dom.setAttribute("aria-activedescendant", `${this.id}-${this.shown[this.at].name}`);
    this.view.dom.setAttribute("aria-controls", this.id);
    this.list.children[this.at].scrollIntoView({ block: "nearest" });
    if (first) this.said.textContent = say("editor.menu-open", { n: this.shown.length });
  }

  hide() {
    if (this.list.hidden) return;
    this.list.hidden = true;
    this.said.textContent = "";
    this.view.dom.removeAttribute("aria-activedescendant");
    this.view.dom.removeAttribute("aria-controls");
  }

  choose(i) {
    const slash = slashAt(this.view.state);
    const row = this.shown[i];
    this.hide();
    if (slash) this.view.dispatch(this.view.state.tr.delete(slash.from, slash.to));
    row.command.run(this.view.state, this.view.dispatch, this.view);
    if (!document.querySelector("dialog[open]")) this.view.focus();
  }

  key(event) {
    if (this.list.hidden) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.at = (this.at + (event.key === "ArrowDown" ? 1 : -1) + this.shown.length) % this.shown.length;
      this.draw(slashAt(this.view.state));
    } else if (event.key === "Enter" || event.key === "Tab") this.choose(this.at);
    else if (event.key === "Escape") {
      this.dismissed = slashAt(this.view.state)?.from ?? null;
      this.hide();
    } else return false;
    return true;
  }

  destroy() {
    removeEventListener("resize", this.resized);
    this.list.remove();
    this.said.remove();
  }
}

export function slashMenu(commands) {
  let menu;
  return new Plugin({
    key: menuKey,
    view: (view) => (menu = new Menu(view, commands)),
    props: { handleKeyDown: (_, event) => menu.key(event), handleDOMEvents: { blur: () => (setTimeout(() => menu.update(menu.view)), false) } },
  });
}

/** "+": a line with the "/" that opens the menu. */
export function openMenu(state, dispatch, view) {
  if (!dispatch) return true;
  const { $from } = state.selection;
  const here = $from.parent.type === schema.nodes.paragraph && $from.parent.content.size === 0;
  const tr = state.tr;
  if (!here) {
    const at = $from.depth > 0 ? $from.after(1) : state.selection.to;
    tr.insert(at, schema.node("paragraph")).setSelection(TextSelection.create(tr.doc, at + 1));
  }
  dispatch(tr.insertText("/").scrollIntoView());
  view.focus();
  return true;
}
