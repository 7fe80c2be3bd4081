// dom.js -- elements made by script, and dialogs. Words come from words.js; nothing here is markup in a string.
//
//     h("button", { type: "button", class: "quiet", onclick: go }, say("editor.close"))
//
// A property that begins with "on" is a listener, true is an attribute without a value, false and null are none.

import { say } from "../words.js";

export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let ids = 0;

/** An id that is nobody else's on this page. */
export function newId(name) {
  ids += 1;
  return `ed-${name}-${ids}`;
}

/** A labelled field: {field, input}. */
export function field(label, properties = {}, hint = "") {
  const id = newId("field");
  const { tag = "input", options, ...rest } = properties;
  const input = h(tag, { id, ...rest, ...(tag === "input" ? {} : { value: null }) }, ...(options ?? []).map(([value, text]) => h("option", { value, selected: value === rest.value }, text)));
  if (tag !== "input" && rest.value !== undefined) input.value = rest.value;
  const hinted = hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null;
  if (hinted) input.setAttribute("aria-describedby", hinted.id);
  return { field: h("div", { class: "field" }, h("label", { for: id }, label), hinted, input), input };
}

/** What is wrong with a field, beside it; "" takes it away. */
export function wrong(input, sentence) {
  const id = `${input.id}-wrong`;
  document.getElementById(id)?.remove();
  if (!sentence) {
    input.removeAttribute("aria-invalid");
    if (input.getAttribute("aria-describedby") === id) input.removeAttribute("aria-describedby");
    return;
  }
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-describedby", id);
  input.after(h("p", { class: "wrong", id }, sentence));
}

/**
 * A modal dialog. `act(value)` of a button's click closes it with the value, unless it answers false; Escape and the close button close it with null.
 * @returns {{dialog: HTMLDialogElement, done: Promise<any>, close: (value: any) => void}}
 */
export function openDialog({ title, body, buttons = [], wide = false, closable = true }) {
  const heading = newId("title");
  let settle;
  const done = new Promise((resolve) => (settle = resolve));
  const before = document.activeElement;
  const close = (value) => {
    dialog.close();
    dialog.remove();
    if (before instanceof HTMLElement && before.isConnected) before.focus();
    settle(value);
  };
  const make = ({ label, kind = "plain", act, type = "button" }) =>
    h("button", { type, class: kind === "first" ? null : kind,
      onclick: type === "submit" ? null : async () => {
        const value = await act();
        if (value !== false) close(value);
      } }, label);
  const form = h("form", { class: "dialog", novalidate: true, method: "dialog",
    onsubmit: async (event) => {
      event.preventDefault();
      const first = buttons.find((button) => button.type === "submit");
      const value = first ? await first.act() : false;
      if (value !== false) close(value);
    } },
    h("header", {}, h("h2", { id: heading }, title),
      closable && h("button", { type: "button", class: "quiet", onclick: () => close(null) }, say("editor.close"))),
    body, buttons.length > 0 && h("p", { class: "buttons" }, buttons.map(make)));
  const dialog = h("dialog", { class: wide ? "wide-dialog" : null, "aria-labelledby": heading,
    oncancel: (event) => {
      event.preventDefault();
      if (closable) close(null);
    } }, form);
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, done, close };
}
