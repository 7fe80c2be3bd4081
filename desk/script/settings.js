// settings.js -- the settings: lines of a menu moved by hand or by arrow keys, a colour chosen, a picture brought in.
import { ask, token } from "./ask.js";
import { say } from "./words.js";

// ---- menus ----

/** Without script each line has buttons that go by the server; here one grip does it in place. */
class Menus {
  constructor(form) {
    this.form = form;
    this.status = document.createElement("p");
    this.status.className = "unseen";
    this.status.setAttribute("role", "status");
    form.append(this.status);
    for (const line of form.querySelectorAll(".line")) this.equip(line);
  }

  label(line) {
    return line.querySelector("input").value.trim() || line.querySelector("input[list]").value.trim();
  }

  equip(line) {
    const order = line.querySelector(".order");
    for (const button of order.querySelectorAll("button")) {
      if (/^out-/.test(button.value)) button.addEventListener("click", (event) => this.remove(event, line));
      else button.remove();
    }
    const grip = document.createElement("button");
    grip.type = "button";
    grip.className = "quiet grip";
    grip.textContent = "↕";
    const name = () => grip.setAttribute("aria-label", say("script.menus.grip", { label: this.label(line) }));
    name();
    line.addEventListener("change", name);
    grip.addEventListener("keydown", (event) => this.key(event, line, grip));
    grip.addEventListener("pointerdown", (event) => this.carry(event, line, grip));
    order.prepend(grip);
  }

  moved(line) {
    const n = [...line.parentElement.children].indexOf(line) + 1;
    this.status.textContent = say("script.menus.moved", { label: this.label(line), n });
  }

  key(event, line, grip) {
    const other = { ArrowUp: line.previousElementSibling, ArrowDown: line.nextElementSibling }[event.key];
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    if (!other) return;
    if (event.key === "ArrowUp") other.before(line);
    else other.after(line);
    grip.focus();
    this.moved(line);
  }

  /** The document listens, not the grip: an element that is moved loses the pointer. */
  carry(event, line, grip) {
    event.preventDefault();
    line.classList.add("carried");
    const over = ({ clientY }) => {
      for (const other of line.parentElement.children) {
        const box = other.getBoundingClientRect();
        if (other === line || clientY < box.top || clientY > box.bottom) continue;
        if (clientY < box.top + box.height / 2) other.before(line);
        else other.after(line);
      }
    };
    const drop = () => {
      for (const name of ["pointerup", "pointercancel"]) document.removeEventListener(name, drop);
      document.removeEventListener("pointermove", over);
      line.classList.remove("carried");
      grip.focus();
      this.moved(line);
    };
    document.addEventListener("pointermove", over);
    for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, drop);
  }

  remove(event, line) {
    event.preventDefault();
    const next = (line.nextElementSibling ?? line.previousElementSibling)?.querySelector("input");
    this.status.textContent = say("script.menus.removed", { label: this.label(line) });
    line.remove();
    (next ?? this.form.querySelector("button.plain")).focus();
  }
}

// ---- colours ----

/** The browser's own way to choose one, beside the field that says which. */
function color(field) {
  const text = field.querySelector("input");
  const swatch = document.createElement("input");
  swatch.type = "color";
  swatch.className = "swatch";
  swatch.setAttribute("aria-label", say("script.settings.color", { label: field.querySelector("label").textContent }));
  const six = (value) => value.replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3");
  const follow = () => {
    if (/^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(text.value)) swatch.value = six(text.value);
  };
  follow();
  text.addEventListener("input", follow);
  swatch.addEventListener("input", () => {
    text.value = swatch.value;
  });
  text.after(swatch);
}

// ---- pictures ----

/** The newest of the library, for every field of a picture: asked for once, when the first is come to. */
let offered;
function offer(text) {
  if (!offered) {
    offered = document.createElement("datalist");
    offered.id = "pictures-offered";
    document.body.append(offered);
    ask("/desk/media/?json").then(({ values }) => {
      for (const item of values.items ?? []) offered.append(new Option(item.name, item.src));
    });
  }
  text.setAttribute("list", offered.id);
}

/** What is chosen, seen; and another one from this machine, which goes into the library. */
function picture(field) {
  const text = field.querySelector("input");
  const shown = document.createElement("img");
  const file = document.createElement("input");
  const button = document.createElement("button");
  const said = document.createElement("p");
  const row = document.createElement("div");
  shown.alt = "";
  shown.className = "chosen";
  file.type = "file";
  file.accept = "image/*";
  button.type = "button";
  button.className = "quiet";
  button.textContent = say("script.settings.upload");
  said.className = "hint";
  said.setAttribute("role", "status");
  row.className = "picture-row";
  row.append(button, said);
  text.after(row);

  const show = () => {
    shown.remove();
    if (!text.value.startsWith("/")) return;
    shown.src = text.value;
    row.prepend(shown);
  };
  shown.addEventListener("error", () => shown.remove());
  show();
  text.addEventListener("focus", () => offer(text), { once: true });
  text.addEventListener("change", show);
  button.addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    if (!file.files.length) return;
    const form = new FormData();
    form.append("csrf", token());
    form.append("file", file.files[0]);
    said.textContent = say("script.settings.uploading");
    const answer = await ask("/desk/media/upload/", form);
    file.value = "";
    said.textContent = answer.ok ? "" : (answer.values.wrong?.file ?? answer.values.error ?? say("script.settings.not-uploaded"));
    if (!answer.ok) return;
    text.value = answer.values.item.src;
    show();
    text.focus();
  });
}

export function start() {
  const menus = document.querySelector("[data-menus]");
  if (menus) new Menus(menus);
  for (const field of document.querySelectorAll("[data-color]")) color(field);
  for (const field of document.querySelectorAll("[data-picture]")) picture(field);
}
