// lists.js -- a list of stories by keyboard, and names as they are typed.
//
//     j k         to the next story and the one before        x       ticks it
//     Enter       opens it                                     a       ticks all on the page, or none
//     shift-click ticks or unticks all from the one before
//
// Everything works without: a tick is a checkbox, all are ticked by a link, a name may be typed whole.
import { ask } from "./ask.js";

const SUGGEST_AFTER_MS = 150;

/** Whether keys are for a field and not for the list. */
function typing(target) {
  return target.matches("textarea, select, [contenteditable], input:not([type=checkbox])") || target.closest("dialog, summary") !== null;
}

function ticks(form) {
  const boxes = [...form.querySelectorAll(".tick input")];
  const all = form.querySelector("[data-all]");
  let last = -1; // the one ticked before

  all?.addEventListener("click", (event) => {
    event.preventDefault();
    const on = !boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = on;
  });
  form.addEventListener("click", (event) => {
    const at = boxes.indexOf(event.target);
    if (at < 0) return;
    if (event.shiftKey && last >= 0)
      for (let i = Math.min(at, last); i <= Math.max(at, last); i++) boxes[i].checked = event.target.checked;
    last = at;
  });
  return boxes;
}

function keys(form, boxes) {
  const links = [...form.querySelectorAll(".item h2 a")];
  const here = () => links.findIndex((link) => link.closest(".item").contains(document.activeElement));
  const go = (at) => {
    links[Math.max(0, Math.min(links.length - 1, at))]?.focus();
    document.activeElement.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const at = here();
    if (event.key === "j") go(at + 1);
    else if (event.key === "k") go(at < 0 ? 0 : at - 1);
    else if (event.key === "x" && at >= 0) boxes[at].click();
    else if (event.key === "a") form.querySelector("[data-all]")?.click();
    else if (event.key === "Enter" && event.target === boxes[at]) links[at].click(); // not the form's own Enter
    else return;
    event.preventDefault();
  });
}

/** A <datalist> that follows what is typed: the browser shows it, by mouse, touch and keyboard. */
function suggest(input) {
  const list = document.createElement("datalist");
  list.id = `${input.id}-names`;
  input.after(list);
  input.setAttribute("list", list.id);
  let timer, asked;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const text = input.value.trim();
      if (text === asked || text === "") return;
      asked = text;
      const { ok, values } = await ask(`${input.dataset.suggest}?q=${encodeURIComponent(text)}`);
      if (!ok) asked = undefined; // a name can be typed whole
      else if (text === input.value.trim()) list.replaceChildren(...values.items.map((item) => new Option(item.name, item.name)));
    }, SUGGEST_AFTER_MS);
  });
}

export function start() {
  for (const form of document.querySelectorAll("form[data-list]")) keys(form, ticks(form));
  for (const input of document.querySelectorAll("input[data-suggest]")) suggest(input);
}
