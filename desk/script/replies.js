// replies.js -- the queue of replies with one key each: decided, answered and edited in place.
//
// The page is whole without it: every button posts its form. Here the same forms are sent by ask.js, the row that was
// decided leaves at once, and comes back with the sentence when the desk did not take it. Focus is really moved from
// reply to reply, so that a screen reader reads where one is; what was done is said in one line.
//
// Keys are single letters, so they can be turned off (WCAG 2.1.4): in the list of keys, kept in this browser alone.
import { ask, token } from "./ask.js";
import { say } from "./words.js";

const OFF = "desk.replies.keys"; // localStorage: "off"
const LEAVING_MS = 160;
const WORDS = { a: "approve", s: "spam", b: "bin", h: "hold" };
const DONE = { approve: "approved", spam: "spam", bin: "trash", hold: "pending" }; // the desk's lines for them

let queue; // the form that decides
let list; // the replies' own place
const done = []; // what can be undone: {batch, rows: [{row, before}]}

// ---- where one is ----

const rows = () => [...list.querySelectorAll("[data-reply]")].filter((row) => !row.classList.contains("going"));
const current = () => document.activeElement?.closest?.("[data-reply]") ?? null;

function go(row) {
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function move(by) {
  const all = rows();
  const at = all.indexOf(current());
  const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by;
  if (all[next]) go(all[next]);
}

// ---- what is said ----

function announce(sentence) {
  const line = document.querySelector("[data-said]");
  line.textContent = "";
  // A line that says the same again is read again only if it was empty in between.
  setTimeout(() => (line.textContent = sentence), 50);
}

function showUndo(sentence, can) {
  const line = document.querySelector("[data-undo-line]");
  line.querySelector("p").textContent = sentence;
  line.querySelector("button").hidden = !can;
  line.hidden = false;
  announce(sentence);
}

function showWaiting(waiting) {
  if (waiting === undefined) return;
  const link = document.querySelector('.top a[href="/desk/replies/"]');
  link?.querySelector(".count")?.remove();
  if (!link || !waiting) return;
  const badge = document.querySelector("template[data-badge]").content.cloneNode(true);
  badge.querySelector(".count").append(waiting);
  link.append(" ", badge);
}

function sentenceOf(answer) {
  if (answer.values.sign_in) return say("script.replies.signed-out");
  return answer.values.error ?? say("script.replies.failed");
}

// ---- rows that leave and come back ----

/** Takes rows out of sight, and gives focus to the one that comes next. */
function leave(leaving) {
  const all = rows();
  const had = leaving.some((row) => row.contains(document.activeElement));
  const last = all.indexOf(leaving.at(-1));
  const next = all.slice(last + 1).find((row) => !leaving.includes(row)) ?? all.slice(0, last).findLast((row) => !leaving.includes(row));
  const places = leaving.map((row) => ({ row, before: row.nextElementSibling }));
  for (const row of leaving) {
    row.classList.add("going");
    row.querySelector("input[type=checkbox]").checked = false;
    setTimeout(() => row.classList.contains("going") && row.remove(), LEAVING_MS);
  }
  if (had && next) go(next);
  showEmpty();
  if (had && !next) document.querySelector("h1").focus();
  return places;
}

/** Back to where they stood: each before the one that followed it, which may be one of these. */
function comeBack(places) {
  for (const { row, before } of places.toReversed()) {
    row.classList.remove("going");
    const anchor = before?.isConnected && before.parentNode === list ? before : null;
    if (!row.isConnected) list.insertBefore(row, anchor);
  }
  showEmpty();
  if (places[0]) go(places[0].row);
}

function showEmpty() {
  const none = rows().length === 0;
  document.querySelector("[data-none]").hidden = !none;
  queue.hidden = list.hidden = none;
}

function fault(row, sentence) {
  let line = row.querySelector(".wrong.failed");
  if (!line) {
    line = document.createElement("p");
    line.className = "wrong failed";
    line.setAttribute("role", "alert");
    row.querySelector(".what").append(line);
  }
  line.textContent = sentence;
}

// ---- deciding ----

async function decide(word, chosen) {
  const fields = new URLSearchParams({ csrf: token(), state: queue.elements.state.value, do: word });
  for (const row of chosen) {
    fields.append("reply", row.dataset.reply);
    row.querySelector(".wrong.failed")?.remove();
  }
  const places = leave(chosen);
  const answer = await ask(queue.getAttribute("action"), fields);
  if (!answer.ok) {
    comeBack(places);
    for (const { row } of places) fault(row, sentenceOf(answer));
    return;
  }
  if (rows().length === 0 && document.querySelector(".older")) {
    // More of them wait: the page anew, with the same line and its way back.
    const to = new URL(location.pathname + location.search, location.href);
    for (const [name, value] of Object.entries({ done: DONE[word], n: answer.values.n, batch: answer.values.batch })) to.searchParams.set(name, value);
    location.assign(to);
    return;
  }
  showWaiting(answer.values.waiting);
  if (answer.values.batch) done.push({ batch: answer.values.batch, places });
  showUndo(answer.values.done, answer.values.batch > 0);
}

async function undo() {
  const last = done.pop();
  if (!last) {
    announce(say("script.replies.no-undo"));
    return;
  }
  const answer = await ask(queue.dataset.undo, { csrf: token(), state: queue.elements.state.value, batch: last.batch });
  if (!answer.ok) {
    done.push(last);
    showUndo(sentenceOf(answer), true);
    return;
  }
  showWaiting(answer.values.waiting);
  if (answer.values.n > 0) comeBack(last.places);
  showUndo(answer.values.done, done.length > 0);
}

/** Those that are ticked; else the one that has focus. */
function chosenRows() {
  const ticked = rows().filter((row) => row.querySelector("input[type=checkbox]").checked);
  if (ticked.length > 0) return ticked;
  const row = current();
  if (row) return [row];
  announce(say("script.replies.pick"));
  move(1);
  return [];
}

// ---- in place ----

function close(row) {
  row.querySelector(".in-place")?.remove();
  go(row);
}

async function open(row, what) {
  for (const old of row.querySelectorAll(".in-place, .failed")) old.remove();
  const id = row.dataset.reply;
  const form = document.querySelector(`template[data-form="${what}"]`).content.querySelector("form").cloneNode(true);
  const area = form.querySelector("textarea");
  if (what === "edit") {
    const answer = await ask(`/desk/replies/${id}/`);
    if (!answer.ok) {
      fault(row, sentenceOf(answer));
      return;
    }
    area.value = answer.values.text;
  }
  form.action = `/desk/replies/${id}/${what}/`;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(row, form, what);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(row);
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  form.querySelector("[data-close]").addEventListener("click", () => close(row));
  row.querySelector(".what").append(form);
  area.focus();
}

async function send(row, form, what) {
  const area = form.querySelector("textarea");
  const wrong = form.querySelector(".wrong");
  const answer = await ask(form.getAttribute("action"), { csrf: token(), [area.name]: area.value });
  if (!answer.ok) {
    wrong.textContent = answer.values.wrong?.[area.name] ?? sentenceOf(answer);
    wrong.hidden = false;
    area.setAttribute("aria-invalid", "true");
    area.focus();
    return;
  }
  close(row);
  if (what === "edit") row.querySelector(".text").innerHTML = answer.values.html; // the desk's, sanitized
  else if (queue.elements.state.value !== "approved") leave([row]); // approved with its answer
  showWaiting(answer.values.waiting);
  showUndo(answer.values.done, false);
}

// ---- keys ----

const keysOn = () => {
  try {
    return localStorage.getItem(OFF) !== "off";
  } catch {
    return true; // a browser that keeps nothing
  }
};

function keysSet(on) {
  try {
    if (on) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "off");
  } catch {
    // Then they are on again with the next page.
  }
}

function typing(target) {
  return target.matches?.("textarea, select, [contenteditable], input:not([type=checkbox])");
}

function tick(row) {
  const box = row?.querySelector("input[type=checkbox]");
  if (box) box.checked = !box.checked;
}

/** Whether the key was one of ours. */
function press(key) {
  if (key in WORDS) {
    const chosen = queue.querySelector(`[name=do][value="${WORDS[key]}"]`) ? chosenRows() : [];
    if (chosen.length > 0) void decide(WORDS[key], chosen);
  } else if (key === "j") move(1);
  else if (key === "k") move(-1);
  else if (key === "u") void undo();
  else if (key === "x") tick(current());
  else if (key === "?") document.querySelector("dialog.keys").showModal();
  else if ((key === "e" || key === "r") && current()) void open(current(), key === "e" ? "edit" : "answer");
  else return false;
  return true;
}

function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  // Arrows scroll the page, unless one has gone to a reply.
  const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (arrow && event.target.matches?.("[data-reply]")) move(arrow);
  else if (!keysOn() || !press(event.key)) return;
  event.preventDefault();
}

// ---- beginning ----

/** A button that would post its form: the same by script. */
function onSubmit(event) {
  const [word, id] = (event.submitter?.value ?? "").split("-");
  if (!Object.values(WORDS).includes(word)) return;
  event.preventDefault();
  const row = id && rows().find((r) => r.dataset.reply === id);
  const chosen = row ? [row] : rows().filter((r) => r.querySelector("input[type=checkbox]").checked);
  if (chosen.length > 0) void decide(word, chosen);
}

function onClick(event) {
  const button = event.target.closest("[data-open]");
  if (button) void open(button.closest("[data-reply]"), button.dataset.open);
}

export function start() {
  queue = document.querySelector("form[data-replies]");
  list = document.querySelector("[data-rows]");
  if (!queue) return;
  for (const here of list.querySelectorAll(".here")) here.hidden = false;
  for (const link of list.querySelectorAll("[data-short]")) link.firstChild.textContent = link.dataset.short;
  queue.addEventListener("submit", onSubmit);
  list.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.querySelector("[data-undo-line] button").addEventListener("click", () => void undo());
  const dialog = document.querySelector("dialog.keys");
  const box = dialog.querySelector("[data-keys-on]");
  box.checked = keysOn();
  box.addEventListener("change", () => keysSet(box.checked));
  const opener = document.querySelector("[data-keys]");
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
}
