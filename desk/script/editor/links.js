// links.js -- the link under the cursor: a line beside it with its address, and the dialog in which it is given one.
//
// What is typed there is an address, or words of one of the site's own stories, which are looked for and offered
// (GET /desk/stories/search/). Ctrl+K opens the dialog; the line is for the mouse, the same is in the dialog for the keyboard.

import { toggleMark } from "prosemirror-commands";
import { Plugin } from "prosemirror-state";
import { say } from "../words.js";
import { h, newId, openDialog, field, wrong } from "./dom.js";
import { addressTyped, linkTo } from "./embeds.js";
import { schema } from "./schema.js";
import { get } from "./sending.js";

const link = schema.marks.link;
const TYPING_MS = 200;

/** The stretch of the link at the cursor: {from, to, mark}. */
export function linkAround(state) {
  const { $from, empty, from, to } = state.selection;
  if (!$from.parent.inlineContent) return null; // all is selected
  const near = link.isInSet($from.marks()) ?? ($from.nodeAfter && link.isInSet($from.nodeAfter.marks));
  if (!near) return null;
  if (!empty && !state.doc.rangeHasMark(from, to, link)) return null;
  const { parent } = $from;
  let index = $from.index();
  if (index === parent.childCount || !near.isInSet(parent.child(index).marks)) index--;
  if (index < 0 || !near.isInSet(parent.child(index).marks)) return null;
  let first = index;
  let last = index;
  while (first > 0 && near.isInSet(parent.child(first - 1).marks)) first--;
  while (last + 1 < parent.childCount && near.isInSet(parent.child(last + 1).marks)) last++;
  let begin = $from.start();
  for (let i = 0; i < first; i++) begin += parent.child(i).nodeSize;
  let end = begin;
  for (let i = first; i <= last; i++) end += parent.child(i).nodeSize;
  return { from: begin, to: end, mark: near };
}

/** An address field that offers stories: an ARIA combobox. */
export function addressField(label, value) {
  const id = newId("stories");
  const typed = field(label, { type: "text", value, inputmode: "url", autocomplete: "off", spellcheck: "false", role: "combobox", "aria-expanded": "false",
    "aria-controls": id, "aria-autocomplete": "list" }, say("editor.link-hint"));
  const list = h("ul", { class: "offers", role: "listbox", id, "aria-label": say("editor.link-stories"), hidden: true });
  typed.field.append(list);
  let items = [];
  let at = -1;
  let asked = 0;
  let timer;
  const show = () => {
    list.replaceChildren(...items.map((item, i) => h("li", { role: "option", id: `${id}-${i}`, "aria-selected": String(i === at), onmousedown: (event) => {
      event.preventDefault();
      take(i);
    } }, h("span", {}, item.title), h("span", { class: "soft" }, item.path))));
    list.hidden = items.length === 0;
    typed.input.setAttribute("aria-expanded", String(items.length > 0));
    if (at >= 0) typed.input.setAttribute("aria-activedescendant", `${id}-${at}`);
    else typed.input.removeAttribute("aria-activedescendant");
  };
  const hide = () => {
    items = [];
    at = -1;
    show();
  };
  const take = (i) => {
    typed.input.value = items[i].path;
    hide();
  };
  typed.input.addEventListener("input", () => {
    clearTimeout(timer);
    const text = typed.input.value.trim();
    const mine = ++asked;
    if (text.length < 2 || /^(?:https?:|mailto:|tel:|\/|#)/i.test(text)) {
      hide();
      return;
    }
    timer = setTimeout(async () => {
      const answer = await get(`/desk/stories/search/?${new URLSearchParams({ q: text })}`);
      if (mine !== asked || !answer.ok) return;
      items = (answer.values.items ?? []).slice(0, 8);
      at = -1;
      show();
    }, TYPING_MS);
  });
  typed.input.addEventListener("keydown", (event) => {
    if (items.length === 0) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      at = (at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length;
      show();
    } else if (event.key === "Enter" && at >= 0) {
      event.preventDefault();
      take(at);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      hide();
    }
  });
  typed.input.addEventListener("blur", hide);
  return typed;
}

/** The address, "" for no link any more, null for nothing. */
export async function askAddress({ title, value = "", removable = false }) {
  const typed = addressField(say("editor.address"), value);
  const { done } = openDialog({
    title, body: typed.field,
    buttons: [
      { label: say("editor.keep"), kind: "first", type: "submit", act: () => {
        const address = addressTyped(typed.input.value);
        if (address && !/^[^\s]+\s[^\s]/.test(address)) return address;
        wrong(typed.input, say("editor.address-wrong"));
        typed.input.focus();
        return false;
      } },
      removable && { label: say("editor.link-remove"), act: () => "" },
      removable && value && { label: say("editor.link-open"), act: () => {
        open(value, "_blank", "noopener");
        return false;
      } },
    ].filter(Boolean),
  });
  typed.input.focus();
  typed.input.select();
  return done;
}

export function removeLink(state, dispatch) {
  const found = linkAround(state);
  if (!found) return false;
  if (dispatch) dispatch(state.tr.removeMark(found.from, found.to, link).removeStoredMark(link));
  return true;
}

/** Ctrl+K. */
export function editLink(state, dispatch, view) {
  if (!toggleMark(link)(state)) return false;
  if (!dispatch) return true;
  const found = linkAround(state);
  const { from, to, empty } = state.selection;
  void askAddress({ title: say("editor.do.link"), value: found?.mark.attrs.html?.href ?? "", removable: found !== null }).then((address) => {
    view.focus();
    if (address === null) return;
    if (address === "") {
      removeLink(view.state, view.dispatch);
      return;
    }
    const mark = link.create({ html: linkTo(address, found?.mark.attrs.html) });
    const range = found ?? { from, to };
    if (found || !empty) view.dispatch(view.state.tr.removeMark(range.from, range.to, link).addMark(range.from, range.to, mark));
    else view.dispatch(view.state.tr.replaceSelectionWith(schema.text(address, [mark]), false).removeStoredMark(link));
  });
  return true;
}

/** The line beside a link that the cursor is in. */
export function linkLine() {
  let line;
  return new Plugin({
    view(view) {
      const address = h("a", { class: "address", href: "#", target: "_blank", rel: "noopener", tabindex: "-1" });
      const tool = (text, run) => h("button", { type: "button", class: "quiet", tabindex: "-1", onclick: () => run(view.state, view.dispatch, view) }, text);
      line = h("div", { class: "link-line", hidden: true, onmousedown: (event) => event.preventDefault() }, address, tool(say("editor.change"), editLink), tool(say("editor.link-remove"), removeLink));
      view.dom.parentNode.append(line);
      return {
        update() {
          const found = view.state.selection.empty && view.hasFocus() ? linkAround(view.state) : null;
          line.hidden = !found;
          if (!found) return;
          const { href = "" } = found.mark.attrs.html ?? {};
          address.textContent = href;
          address.href = href;
          const box = view.dom.parentNode.getBoundingClientRect();
          const { left, bottom } = view.coordsAtPos(found.from);
          line.style.top = `${bottom - box.top + 4}px`;
          line.style.left = `${Math.max(0, Math.min(left - box.left, box.width - line.offsetWidth))}px`;
        },
        destroy: () => line.remove(),
      };
    },
    props: { handleDOMEvents: { blur: () => (line && (line.hidden = true), false) } },
  });
}
