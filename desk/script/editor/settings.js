// settings.js -- the story's settings beside the text: a panel on a wide screen, a sheet on a telephone.
//
// The fields are the form's own, where the server put them; here they get what a script can add: names as chips, the picture
// from the library, lengths beside what a search engine cuts, and the result as it would be listed. Every part is
// optional: a role that may not fill in a field has none.

import { say } from "../words.js";
import { chips } from "./chips.js";
import { h } from "./dom.js";
import { choosePictures } from "./pictures.js";

// What a list of results shows before it cuts; in the tens, as it goes by width.
const LENGTHS = { meta_title: 60, meta_description: 155, og_title: 80, og_description: 200, twitter_title: 70, twitter_description: 200, standfirst: 300 };

function counter(input, best) {
  const said = h("span", { class: "length" });
  const show = () => {
    const n = [...input.value].length;
    said.textContent = n === 0 ? "" : say("editor.length", { n, best });
    said.classList.toggle("is-long", n > best);
  };
  input.after(said);
  input.addEventListener("input", show);
  show();
}

function resultCard(fields, form) {
  const title = h("p", { class: "result-title" });
  const address = h("p", { class: "result-address" });
  const text = h("p", { class: "result-text" });
  const cut = (value, most) => ([...value].length > most ? `${[...value].slice(0, most).join("").replace(/\s+\S*$/, "")} …` : value);
  const value = (name) => fields[name]?.value.trim() ?? "";
  const draw = () => {
    title.textContent = cut(value("meta_title") || value("title") || say("editor.untitled"), LENGTHS.meta_title);
    address.textContent = `${location.host} › ${value("slug") || "…"}`;
    text.textContent = cut(value("meta_description") || value("standfirst") || "", LENGTHS.meta_description);
  };
  form.addEventListener("input", draw);
  draw();
  return { card: h("div", { class: "result" }, h("p", { class: "soft" }, say("editor.result")), title, address, text), draw };
}

function pictureField(input, alt, caption) {
  const shown = h("span", {});
  const draw = () => {
    const src = input.value.trim();
    shown.replaceChildren(src ? h("img", { class: "setting-picture", alt: "", src }) : "");
  };
  const set = (field, value) => {
    if (!field || !value || field.value.trim()) return;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const choose = h("button", { type: "button", class: "plain", onclick: async () => {
    const chosen = await choosePictures();
    if (!chosen) return;
    input.value = chosen[0].src;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    set(alt, chosen[0].alt);
    set(caption, chosen[0].caption);
    draw();
  } }, say("editor.choose-picture"));
  input.addEventListener("input", draw);
  input.after(shown, choose);
  draw();
}

export class Settings {
  constructor(form) {
    this.form = form;
    this.dom = form.querySelector("[data-settings]");
    const fields = form.elements;
    this.chips = [chips(fields.tags, "/desk/tags/suggest/"), chips(fields.bylines, "/desk/bylines/suggest/")].filter(Boolean);
    for (const [name, best] of Object.entries(LENGTHS)) if (fields[name]) counter(fields[name], best);
    for (const name of ["image", "og_image", "twitter_image"]) if (fields[name]) pictureField(fields[name], name === "image" ? fields.image_alt : null, name === "image" ? fields.image_caption : null);
    const after = fields.meta_description?.closest(".field") ?? fields.slug?.closest(".field");
    if (after) {
      this.result = resultCard(fields, form);
      after.after(this.result.card);
    }
    this.button = this.dom ? this.makePanel() : null;
  }

  /** The button that opens it. */
  makePanel() {
    const { dom } = this;
    dom.id ||= "ed-settings";
    const close = h("button", { type: "button", class: "quiet settings-close", onclick: () => this.show(false, true) }, say("editor.close"));
    const legend = dom.querySelector(":scope > legend");
    legend?.classList.add("unseen");
    const head = h("div", { class: "settings-head" }, h("h2", {}, say("editor.settings")), close);
    if (legend) legend.after(head);
    else dom.prepend(head);
    dom.classList.add("settings-panel");
    dom.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) this.show(false, true);
    });
    const button = h("button", { type: "button", class: "plain", "aria-controls": dom.id, "aria-expanded": "false", onclick: () => this.show(!this.open, false) }, say("editor.settings"));
    this.open = false;
    dom.hidden = true;
    return button;
  }

  show(open, focusButton = false) {
    if (!this.dom) return;
    this.open = open;
    this.dom.hidden = !open;
    this.form.classList.toggle("has-settings", open);
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.dom.querySelector("input:not([hidden]):not([type=hidden]), select, textarea")?.focus({ preventScroll: true });
    else if (focusButton) this.button.focus();
  }

  /** Fields were set by script. */
  read() {
    for (const one of this.chips) one.read();
    this.result?.draw();
  }
}
