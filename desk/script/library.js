// library.js -- the pages of pictures and files: uploads with progress, by button, drag and paste; the point that
// matters and the crop, set on the picture itself (focus.js); and small helps for lists.
import { ask, token, tokenNew } from "./ask.js";
import { start as startFocus } from "./focus.js";
import { tooLarge, upload } from "./upload.js";
import { say } from "./words.js";

const AT_ONCE = 2;

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function button(text, className, click) {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", click);
  return made;
}

// ---- several files, each with a line of its own ----

class Uploads {
  constructor(form) {
    this.form = form;
    this.bytesMax = Number(form.dataset.bytesMax);
    this.waiting = [];
    this.running = 0;
    this.came = 0;
    this.list = element("ul", "uploads");
    this.status = element("p", "soft");
    this.status.setAttribute("role", "status");
    form.after(this.list, this.status); // a line may hold a form of its own
  }

  add(files) {
    for (const file of files) {
      const line = new Line(this, file);
      this.list.append(line.row);
      const why = tooLarge(file, this.bytesMax);
      if (why) line.refused(why, false);
      else this.waiting.push(line);
    }
    this.next();
  }

  next() {
    while (this.running < AT_ONCE && this.waiting.length > 0) {
      this.running++;
      void this.waiting.shift().send().then((came) => {
        this.running--;
        if (came) this.came++;
        this.next();
      });
    }
    if (this.running === 0 && this.came > 0) {
      const link = element("a", "", say("script.upload.show"));
      link.href = "/desk/media/";
      this.status.replaceChildren(`${say("script.upload.came", { n: this.came })} `, link);
    }
  }

  again(line) {
    this.waiting.push(line);
    this.next();
  }
}

class Line {
  constructor(uploads, file) {
    this.uploads = uploads;
    this.file = file;
    this.row = element("li");
    this.frame = element("span", "frame");
    this.name = element("span", "name", file.name);
    this.bar = element("progress");
    this.bar.max = 1;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", say("script.upload.bar", { name: file.name }));
    this.row.append(this.frame, this.name, this.bar);
  }

  async send() {
    this.row.querySelector(".wrong")?.remove();
    this.row.querySelector("button")?.remove();
    this.bar.hidden = false;
    this.bar.value = 0;
    const answer = await upload(this.uploads.form.action, this.file, {}, (part) => {
      // All is sent long before a large picture is read: then nobody knows how long it takes.
      if (part < 1) this.bar.value = part;
      else this.bar.removeAttribute("value");
    });
    if (answer.ok) this.taken(answer.values.item, answer.values.new);
    else this.refused(answer.why, answer.code !== 413 && answer.code !== 422, answer);
    return answer.ok;
  }

  refused(why, again, answer = {}) {
    const sentence = element("p", "wrong", why);
    sentence.setAttribute("role", "alert");
    this.bar.hidden = true;
    this.row.append(sentence);
    if (!again) return;
    if (answer.code === 401) {
      const link = element("a", "", say("script.upload.sign-in"));
      link.href = "/desk/sign-in/";
      link.target = "_blank";
      sentence.append(" ", link);
    }
    this.name.after(button(say("script.upload.again"), "plain", async () => {
      if (answer.code === 401 || answer.code === 403) await renew();
      this.uploads.again(this);
    }));
  }

  taken(item, isNew) {
    const link = element("a", "", item.name);
    link.href = item.page;
    this.name.replaceChildren(link);
    this.bar.remove();
    if (item.thumb) {
      const picture = element("img");
      picture.alt = "";
      picture.src = item.thumb;
      this.frame.append(picture);
    } else this.frame.append(element("span", "kind", item.ending));
    if (!isNew) this.name.after(element("span", "soft", say("script.upload.known")));
    if (item.silent && item.mine) this.row.append(altField(item));
  }
}

/** A form's token of a session begun since, in another window. */
async function renew() {
  try {
    const page = await (await fetch("/desk/media/")).text();
    const csrf = new DOMParser().parseFromString(page, "text/html").querySelector("input[name=csrf]")?.value;
    if (csrf) tokenNew(csrf);
  } catch {
    // Still no network: the next try says so.
  }
}

let asked = 0;

/** Asks for the alt text at once, where the picture has just come in. */
function altField(item) {
  const form = element("form", "silent");
  const label = element("label", "", say("script.upload.alt"));
  const input = element("input");
  input.type = "text";
  input.id = `alt-of-${++asked}`; // the same picture may come twice
  label.htmlFor = input.id;
  const save = element("button", "plain", say("script.upload.alt-save"));
  form.append(label, input, save);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!input.value.trim()) return;
    const answer = await ask(`${item.page}words/`, { csrf: token(), alt: input.value });
    if (answer.ok) form.replaceChildren(element("span", "soft", answer.values.item.alt));
    else if (!form.querySelector(".wrong")) form.append(element("p", "wrong", answer.values.wrong?.alt ?? answer.values.error ?? say("script.upload.lost")));
  });
  return form;
}

function startUploads(form) {
  const uploads = new Uploads(form);
  const input = form.querySelector("input[type=file]");
  const takesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  let inside = 0;
  form.classList.add("ready");
  form.querySelector(".hint").after(element("p", "hint drop", say("script.upload.drop")));
  input.addEventListener("change", () => {
    uploads.add(input.files);
    input.value = "";
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("dragenter", (event) => {
    if (takesFiles(event) && ++inside === 1) document.body.classList.add("dragging");
  });
  document.addEventListener("dragleave", (event) => {
    if (takesFiles(event) && --inside === 0) document.body.classList.remove("dragging");
  });
  document.addEventListener("dragover", (event) => {
    if (takesFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!takesFiles(event)) return;
    event.preventDefault();
    inside = 0;
    document.body.classList.remove("dragging");
    uploads.add(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    if (event.target.closest?.("input, textarea")) return; // text from a word processor brings its picture along
    if (event.clipboardData?.files.length) uploads.add(event.clipboardData.files);
  });
}

// ---- another in a picture's place ----

function startReplace(form) {
  const input = form.querySelector("input[type=file]");
  const bar = element("progress");
  bar.max = 1;
  bar.hidden = true;
  bar.setAttribute("aria-label", say("script.upload.bar", { name: "" }));
  form.append(bar);
  const wrong = (why) => {
    form.querySelector("#file-wrong")?.remove();
    const sentence = element("p", "wrong", why);
    sentence.id = "file-wrong";
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", sentence.id);
    input.after(sentence);
    input.focus();
  };
  form.addEventListener("submit", async (event) => {
    const [file] = input.files;
    if (!file) return; // one that is here already: the form as it is
    event.preventDefault();
    const large = tooLarge(file, Number(form.dataset.bytesMax));
    if (large) {
      wrong(large);
      return;
    }
    bar.hidden = false;
    const answer = await upload(form.action, file, {}, (part) => (bar.value = part));
    bar.hidden = true;
    if (answer.ok) location.assign(answer.values.to);
    else wrong(answer.why);
  });
}

/** One that is here already, found by its words: its address goes into the field. */
function startChoose(field) {
  const dialog = element("dialog", "chooser");
  const search = element("input");
  const label = element("label", "", say("script.picture.search"));
  const list = element("ul", "pictures");
  const status = element("p", "soft");
  const more = button(say("script.picture.more"), "plain", () => void load(next));
  const close = button(say("script.picture.close"), "plain", () => dialog.close());
  const buttons = element("p", "buttons");
  let next = null;
  let asked = 0;
  let typing;
  search.type = "search";
  search.id = "choose-words";
  label.htmlFor = search.id;
  status.setAttribute("role", "status");
  dialog.setAttribute("aria-label", say("script.picture.choose"));
  buttons.append(more, " ", close);
  dialog.append(label, search, status, list, buttons);
  const load = async (before) => {
    const mine = ++asked;
    const query = new URLSearchParams({ kind: field.dataset.choose, q: search.value, ...(before ? { before } : {}) });
    const answer = await ask(`/desk/media/?${query}`);
    if (mine !== asked) return; // typed on meanwhile
    if (!before) list.replaceChildren();
    next = answer.values.more ?? null;
    more.hidden = !next;
    for (const item of answer.values.items ?? []) list.append(choice(item));
    status.textContent = !answer.ok ? (answer.values.error ?? say("script.upload.lost")) : list.children.length === 0 ? say("script.picture.none") : "";
  };
  const choice = (item) => {
    const row = element("li");
    const take = button("", "quiet", () => {
      field.value = item.src;
      dialog.close();
      field.focus();
    });
    const frame = element("span", "frame");
    if (item.thumb) {
      const picture = element("img");
      picture.alt = "";
      picture.src = item.thumb;
      picture.loading = "lazy";
      frame.append(picture);
    } else frame.append(element("span", "kind", item.ending));
    take.append(frame, element("span", "name", item.name));
    row.append(take);
    return row;
  };
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => void load(null), 250);
  });
  const open = button(say("script.picture.choose"), "quiet", () => {
    dialog.showModal();
    void load(null);
  });
  field.after(open);
  document.querySelector("main").append(dialog); // not into the form, which Enter would send
}

// ---- small helps ----

function startSure(form) {
  form.addEventListener("submit", (event) => {
    if (!confirm(say("script.upload.remove", { n: 1 }))) event.preventDefault();
  });
}

function startTicks(form) {
  const boxes = [...form.querySelectorAll("input[type=checkbox][name=media]")];
  const all = button(say("script.upload.tick-all"), "quiet", () => {
    const every = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !every;
  });
  form.querySelector(".bulk .soft").after(all);
  form.addEventListener("submit", (event) => {
    const n = boxes.filter((box) => box.checked).length;
    if (event.submitter?.value === "remove" && n > 0 && !confirm(say("script.upload.remove", { n }))) event.preventDefault();
  });
}

function startCopy(address) {
  if (!navigator.clipboard) return; // only pages over https and of this very machine have one
  const copy = button(say("script.picture.copy"), "quiet", async () => {
    await navigator.clipboard.writeText(address.textContent);
    copy.textContent = say("script.picture.copied");
  });
  address.after(copy);
}

export function start() {
  for (const form of document.querySelectorAll("form[data-upload]")) startUploads(form);
  for (const form of document.querySelectorAll("form[data-replace]")) startReplace(form);
  for (const form of document.querySelectorAll("form[data-ticks]")) startTicks(form);
  for (const form of document.querySelectorAll("form[data-sure]")) startSure(form);
  for (const field of document.querySelectorAll("[data-choose]")) startChoose(field);
  for (const address of document.querySelectorAll("[data-copy]")) startCopy(address);
  startFocus();
}
