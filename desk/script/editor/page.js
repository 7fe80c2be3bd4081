// page.js -- the page where a story is written: the form that the server sent, with its parts put in their places.
//
//     form ---- title, settings ------------------------------ stay the form's fields
//       '------ textarea[name=html] --open--> document <-- ProseMirror
//                        ^------ write ----------'   whenever the form is sent or kept
//
// So everything that goes anywhere goes as the form would have sent it, and the page works without this script.
// What may change, what is saved where and who holds the story is asked of the modules beside this one.

import { closeHistory, history, redo, undo } from "prosemirror-history";
import { dropCursor } from "prosemirror-dropcursor";
import { gapCursor } from "prosemirror-gapcursor";
import { EditorState, NodeSelection, Plugin, Selection, TextSelection } from "prosemirror-state";
import { tableEditing } from "prosemirror-tables";
import { EditorView } from "prosemirror-view";
import { ask } from "../ask.js";
import { say } from "../words.js";
import { changeCard, pageCommands } from "./asks.js";
import { cardTools } from "./card_tools.js";
import { askChecks, fieldOfCheck } from "./checks.js";
import { compare } from "./compare.js";
import { countWords, minutesToRead } from "./count.js";
import { h, openDialog, wrong } from "./dom.js";
import { Journal } from "./journal.js";
import { linkLine } from "./links.js";
import { Lock } from "./lock.js";
import { openMenu, slashMenu } from "./menu.js";
import { Origin } from "./origin.js";
import { pasteProps } from "./paste.js";
import { Saving } from "./saving.js";
import { Settings } from "./settings.js";
import { Toolbar } from "./toolbar.js";
import { typing } from "./typing.js";
import { takeFiles, uploading, uploadsPlugin } from "./uploads.js";
import { nodeViews } from "./views.js";
import { picturesWithoutAlt } from "./writer.js";

const BY_SCRIPT = new Set(["save", "publish", "schedule", "unpublish"]); // other buttons leave the page
const OF_THIS_PAGE = new Set(["csrf", "version", "uuid", "tab", "copy", "kind"]); // of no other page that had the story
const COUNT_MS = 300;

export class StoryPage {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.form = form;
    this.area = form.elements.html;
    this.mayEdit = form.dataset.mayEdit !== "";
    this.origin = new Origin();
    const { email = "", person = "" } = form.dataset;
    this.journal = new Journal(person || email || document.querySelector('a[href="/desk/account/"]')?.textContent.trim() || "");
    this.saving = new Saving({ form, email, journal: this.journal, collect: () => this.collect(), story: () => this.story(),
      status: (text, kind) => this.say(text, kind), took: (values, whole, sent) => this.took(values, whole, sent), refused: (answer) => void this.refused(answer) });
    this.lock = new Lock({ form, email, held: (mine, lock, before) => this.held(mine, before), compare: () => void this.compareWithSaved() });
    this.settings = new Settings(form);
    const { commands, ofCards } = pageCommands({ save: () => void this.save("save") });
    this.commands = { ...commands, insert: { run: openMenu }, undo: { run: undo, keys: ["Mod-z"] }, redo: { run: redo, keys: ["Mod-Shift-z"] } };
    this.toolbar = new Toolbar({ view: () => this.view, commands: this.commands, cardTools: (state) => cardTools(state, ofCards) });
    this.build(commands);
    this.listen();
    void this.begin();
  }

  // ---- putting the page together ----

  build(commands) {
    const { form, area } = this;
    this.status = h("p", { class: "status" }, "");
    this.said = h("p", { class: "unseen", role: "status" });
    this.counted = h("p", { class: "counted" });
    const buttons = form.querySelector(".acts");
    this.top = h("div", { class: "editor-top" }, h("div", { class: "editor-acts" }, this.status, this.settings.button ?? "", buttons ?? ""), this.toolbar.dom);
    // What takes a story away is no neighbour of what saves it.
    for (const grave of buttons?.querySelectorAll("button.grave") ?? []) this.settings.dom?.append(grave);
    this.title = this.growTitle(form.elements.title);
    this.place = h("div", { class: "editor-text" });
    const label = document.querySelector(`label[for="${CSS.escape(area.id)}"]`);
    const field = area.closest(".field") ?? area;
    field.before(this.lock.bar, this.place, this.counted, this.said);
    field.hidden = true;
    form.prepend(this.top);
    document.querySelector("[data-locked]")?.remove(); // the bar says it, and when it is over
    form.classList.add("is-editor");
    form.classList.toggle("is-locked", !this.mayEdit);
    this.view = new EditorView(this.place, {
      state: EditorState.create({ doc: this.origin.open(area.value), plugins: this.plugins(commands) }),
      nodeViews: nodeViews({ act: (what, pos) => this.view.editable && changeCard(this.view, what, pos) }),
      editable: () => this.mayEdit && this.lock.mine !== false,
      attributes: () => ({ id: "ed-text", class: "story-text", role: "textbox", "aria-multiline": "true", "aria-label": label?.textContent.trim() || say("editor.text"),
        "aria-describedby": "ed-help", "data-placeholder": say("editor.placeholder"), spellcheck: "true", ...(form.elements.language?.value ? { lang: form.elements.language.value } : {}) }),
      dispatchTransaction: (tr) => this.dispatch(tr),
    });
    this.place.append(h("p", { class: "unseen", id: "ed-help" }, say("editor.help")));
    this.toolbar.update(this.view.state);
    this.count();
  }

  plugins(commands) {
    return [
      slashMenu(commands),
      ...typing(commands),
      history(),
      dropCursor({ color: false, class: "drop-line" }),
      gapCursor(),
      tableEditing(),
      uploadsPlugin(),
      linkLine(),
      emptyText(),
      new Plugin({ props: { ...pasteProps(takeFiles, closeHistory), handleClick: (view, pos, event) => this.clickBelow(view, event) } }),
    ];
  }

  /** One line of input becomes a field that grows; a newline in a headline is none. */
  growTitle(input) {
    const title = h("textarea", { id: input.id, name: "title", class: "editor-title", rows: "1", placeholder: say("editor.title"), autocomplete: "off",
      maxlength: input.maxLength > 0 ? input.maxLength : null, "aria-invalid": input.getAttribute("aria-invalid"), "aria-describedby": input.getAttribute("aria-describedby") });
    title.value = input.value;
    const grow = () => {
      title.style.height = "auto";
      title.style.height = `${title.scrollHeight}px`;
    };
    title.addEventListener("input", () => {
      if (/[\r\n]/.test(title.value)) title.value = title.value.replace(/\s*[\r\n]+\s*/g, " ");
      grow();
    });
    title.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      this.view.dispatch(this.view.state.tr.setSelection(TextSelection.atStart(this.view.state.doc)));
      this.view.focus();
    });
    document.querySelector(`label[for="${CSS.escape(input.id)}"]`)?.classList.add("unseen");
    input.replaceWith(title);
    requestAnimationFrame(grow);
    addEventListener("resize", grow);
    return title;
  }

  listen() {
    const { form } = this;
    form.addEventListener("input", (event) => {
      if (!(event.target instanceof HTMLElement) || this.place.contains(event.target) || !event.target.getAttribute("name")) return;
      this.saving.changed();
    });
    form.addEventListener("change", (event) => {
      if (event.target instanceof HTMLSelectElement || /^(checkbox|radio)$/.test(event.target.type)) this.saving.changed();
    });
    form.addEventListener("submit", (event) => {
      const act = event.submitter?.name === "do" ? event.submitter.value : "save";
      if (BY_SCRIPT.has(act)) {
        event.preventDefault();
        void this.save(act);
        return;
      }
      this.collect();
      this.saving.settled(this.saving.change);
      void this.journal.forget(this.story());
    });
    document.addEventListener("keydown", (event) => {
      if (event.altKey && event.key === "F10") {
        event.preventDefault();
        if (this.view.editable) this.toolbar.focus();
      } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s" && !event.defaultPrevented && !event.altKey) {
        event.preventDefault();
        void this.save("save");
      }
    });
    addEventListener("beforeunload", (event) => {
      if (!uploading(this.view.state)) return;
      event.preventDefault();
      event.returnValue = "";
    });
  }

  /** Below the last block one can always go on. */
  clickBelow(view, event) {
    const last = view.dom.lastElementChild;
    if (event.target !== view.dom || !last || event.clientY < last.getBoundingClientRect().bottom) return false;
    const { doc } = view.state;
    const tr = view.state.tr;
    if (doc.lastChild.type.name !== "paragraph" || doc.lastChild.content.size > 0) tr.insert(doc.content.size, view.state.schema.node("paragraph"));
    view.dispatch(tr.setSelection(TextSelection.atEnd(tr.doc)));
    return true;
  }

  // ---- the document ----

  dispatch(tr) {
    const before = this.view.state.doc;
    this.view.updateState(this.view.state.apply(tr));
    this.toolbar.update(this.view.state);
    if (!tr.docChanged || this.view.state.doc.eq(before)) return;
    this.saving.changed();
    clearTimeout(this.counting);
    this.counting = setTimeout(() => this.count(), COUNT_MS);
  }

  count() {
    const { doc } = this.view.state;
    const words = countWords(doc);
    this.counted.textContent = words === 0 ? "" : `${say("editor.words", { n: words })} · ${say("editor.minutes", { n: minutesToRead(doc) })}`;
  }

  /** The form as it would be sent. */
  collect() {
    this.area.value = this.origin.write(this.view.state.doc);
    return new FormData(this.form);
  }

  html() {
    return this.origin.write(this.view.state.doc);
  }

  /** Another text in place of this one; undo brings this one back. */
  setHtml(html) {
    const doc = this.origin.open(html);
    const { state } = this.view;
    const at = state.selection.from;
    const tr = state.tr.replaceWith(0, state.doc.content.size, doc.content);
    this.view.dispatch(closeHistory(tr.setSelection(Selection.near(tr.doc.resolve(Math.min(at, tr.doc.content.size)), -1))));
  }

  /** What the sanitizer made of it, where that is not what was sent and nobody has touched it since. */
  settle(sent, stored) {
    if (!stored || sent === stored || this.html() !== sent) return;
    const clean = this.saving.change === this.saving.saved; // no other field was changed since, either
    const before = this.origin.pieces(this.view.state.doc);
    const after = new Origin();
    const there = after.pieces(after.open(stored));
    if (before.length !== there.length) {
      const focused = this.view.hasFocus();
      this.setHtml(stored);
      if (focused) this.view.focus();
      if (clean) this.saving.settled(this.saving.change);
      return;
    }
    const tr = this.view.state.tr;
    let at = 0;
    this.view.state.doc.forEach((node, offset, index) => {
      const i = before.findIndex((piece) => piece.index === index);
      if (i < 0 || before[i].source === there[i].source) return;
      const node2 = this.origin.take(there[i].source, before[i].tail);
      const from = tr.mapping.map(offset);
      tr.replaceWith(from, from + node.nodeSize, node2);
      at++;
    });
    if (at === 0) return;
    this.view.dispatch(tr.setMeta("addToHistory", false));
    if (clean) this.saving.settled(this.saving.change);
  }

  // ---- saving ----

  /** The journal's name of this story. */
  story() {
    return this.form.dataset.id && this.form.dataset.id !== "0" ? this.form.dataset.id : `new ${this.form.elements.kind?.value ?? "story"}`;
  }

  say(text, kind = "") {
    this.status.textContent = text;
    this.status.className = `status ${kind}`;
    if (kind === "wrong" && this.said.textContent !== text) this.said.textContent = text;
    if (kind !== "wrong") this.said.textContent = "";
  }

  /** An answer that was good: of an autosave, or, `whole`, of the story. */
  took(values, whole, sent) {
    const { form } = this;
    const before = this.story();
    if (values.id) form.dataset.id = String(values.id);
    if (values.path && values.path !== location.pathname) {
      window.history.replaceState(null, "", values.path);
      form.action = values.path;
      form.dataset.autosave = `${values.path}autosave/`;
      form.dataset.lock = `${values.path}lock/`;
      void this.lock.beat();
    }
    if (this.story() !== before) void this.journal.forget(before);
    if (values.lock) this.lock.show(values.lock);
    if (!whole) return;
    if (values.version && form.elements.version) form.elements.version.value = values.version;
    const { slug } = form.elements;
    if (slug && values.slug && slug.value === sent.get("slug")) slug.value = values.slug;
    this.settings.read();
    this.settle(sent.get("html"), values.html);
  }

  async save(act, more = {}) {
    if (!this.view.editable) return;
    this.wrongs({});
    const answer = await this.saving.save(act, more);
    if (!answer.ok) {
      await this.refused(answer, act, more);
      return;
    }
    if (act !== "save") location.assign(answer.values.path ?? this.form.action); // other buttons, and what was done
  }

  async refused(answer, act = "save", more = {}) {
    const { values } = answer;
    if (answer.code === 409 && values.conflict) await this.conflict(values.conflict, act, more);
    else if (values.checks?.length > 0) {
      if (await askChecks(values.checks, (check) => this.goToCheck(check))) await this.save(act, { ...more, checked: "1" });
    } else if (values.wrong) this.wrongs(values.wrong);
  }

  /** Sentences by their fields; what belongs to none stands above the text. */
  wrongs(sentences) {
    this.form.querySelectorAll(".wrong-all").forEach((one) => one.remove());
    for (const input of this.form.querySelectorAll("[aria-invalid]")) wrong(input, "");
    let first = null;
    for (const [name, sentence] of Object.entries(sentences)) {
      const field = name === "html" ? null : this.form.elements[name];
      const input = field instanceof HTMLElement ? this.inputOf(field) : null;
      if (input) wrong(input, sentence);
      else this.lock.bar.after(h("p", { class: "wrong wrong-all", role: "alert" }, sentence));
      first ??= input;
    }
    if (!first) return;
    if (this.settings.dom?.contains(first)) this.settings.show(true);
    const closed = first.closest("details:not([open])");
    if (closed) closed.open = true;
    first.focus();
  }

  /** Chips stand for a hidden field. */
  inputOf(field) {
    return field.hidden ? field.parentElement.querySelector(".chips-field input") ?? field : field;
  }

  goToCheck(check) {
    const name = fieldOfCheck(check);
    const field = name && this.form.elements[name];
    if (field instanceof HTMLElement) {
      const input = this.inputOf(field);
      if (this.settings.dom?.contains(input)) this.settings.show(true);
      const closed = input.closest("details:not([open])");
      if (closed) closed.open = true;
      input.focus();
      return;
    }
    const at = this.findInText(check);
    const { tr, doc } = this.view.state;
    if (at) this.view.dispatch(tr.setSelection(at.to ? TextSelection.create(doc, at.pos, at.to) : NodeSelection.create(doc, at.pos)).scrollIntoView());
    this.view.focus();
  }

  /** The picture without words, the link, or the text that the check quotes: {node, pos, to?}. */
  findInText({ key, say: sentence, where = "" }) {
    let found = null;
    this.view.state.doc.descendants((node, pos) => {
      if (found) return false;
      if (key === "alt") found = picturesWithoutAlt(node) > 0 ? { node, pos } : null;
      else if (key === "link") {
        const href = node.marks.find((mark) => mark.type.name === "link")?.attrs.html?.href;
        if (href && sentence.includes(href)) found = { node, pos, to: pos + node.nodeSize };
      } else if (node.isTextblock && where) {
        const at = node.textContent.indexOf(where);
        if (at >= 0) found = { node, pos: pos + 1 + at, to: pos + 1 + at + where.length };
      }
      return !found;
    });
    return found;
  }

  // ---- two versions ----

  /** The story as it is saved: {html, title, version}, or null. */
  async savedStory(conflict = null) {
    if (typeof conflict?.html === "string") return conflict;
    const answer = await ask(this.form.action);
    return typeof answer.values.html === "string" ? answer.values : null;
  }

  async conflict(conflict, act, more) {
    const theirs = await this.savedStory(conflict);
    if (!theirs) {
      this.say(say("editor.conflict-unread"), "wrong");
      return;
    }
    const chosen = await this.choose(say("editor.conflict"), conflict.say || say("editor.conflict-why", { name: conflict.by ?? "" }), theirs,
      say("editor.compare.by", { name: conflict.by ?? "", time: this.saving.time(conflict.at) }));
    if (!chosen) {
      this.say(say("editor.conflict-open"), "wrong");
      return;
    }
    if (this.form.elements.version) this.form.elements.version.value = String(conflict.version);
    this.saving.stopped = null;
    if (chosen.take === "theirs" && typeof theirs.title === "string") this.setField("title", theirs.title);
    if (chosen.html !== this.html()) this.setHtml(chosen.html);
    await this.save(act === "autosave" ? "save" : act, more);
  }

  choose(title, why, theirs, theirsSays, mineSays = say("editor.compare.yours")) {
    const titles = typeof theirs.title === "string" && theirs.title !== this.title.value ? { mine: this.title.value, theirs: theirs.title } : null;
    return compare({ title, why, mine: this.html(), theirs: theirs.html, mineSays, theirsSays, titles });
  }

  /** From the bar of somebody who lost the lock. */
  async compareWithSaved() {
    const theirs = await this.savedStory();
    if (!theirs) return;
    const chosen = await this.choose(say("editor.compare"), say("editor.compare.why-lost"), theirs, say("editor.compare.saved"));
    if (chosen && this.lock.mine !== false && chosen.html !== this.html()) this.setHtml(chosen.html);
  }

  held(mine, before) {
    if (!this.mayEdit) return;
    this.form.classList.toggle("is-locked", !mine);
    for (const element of this.form.elements) {
      if (element.matches("fieldset, [type=hidden], .lock-bar *, .settings-close, [value=discard]") || element === this.area) continue;
      if (element.closest(".editor-top") && element.name !== "do") continue;
      if ("readOnly" in element && !/^(checkbox|radio|file)$/.test(element.type)) element.readOnly = !mine;
      else element.disabled = !mine;
    }
    // The last words of somebody who lost it go into their working copy, which is theirs whoever holds the story.
    if (mine) this.saving.autosaves = true;
    else void this.saving.autosave().finally(() => (this.saving.autosaves = this.lock.mine !== false));
    this.view.setProps({});
    if (mine && before === false) {
      this.say(say("editor.lock-yours"));
      this.saving.retryNow();
    }
  }

  // ---- what the browser kept ----

  setField(name, value) {
    const field = this.form.elements[name];
    if (!field || OF_THIS_PAGE.has(name)) return;
    if (field instanceof RadioNodeList || field.type === "checkbox") {
      for (const one of field instanceof RadioNodeList ? field : [field]) one.checked = one.value === value;
    } else field.value = value;
    if (field === this.title) field.dispatchEvent(new Event("input"));
  }

  /** `base`: the version that the fields began from, for the save to be held against what is there. */
  restore(fields, base = null) {
    if (base !== null && this.form.elements.version) this.form.elements.version.value = String(base);
    const values = new Map(fields);
    for (const box of this.form.querySelectorAll("input[type=checkbox][name]")) if (!values.has(box.name)) box.checked = false;
    for (const [name, value] of fields) if (name !== "html") this.setField(name, value);
    this.settings.read();
    if (values.has("html")) this.setHtml(values.get("html"));
    this.saving.changed();
  }

  /** Of the fields, those that are another in the form. */
  differing(fields) {
    const now = new Map(this.saving.fields());
    return fields.filter(([name, value]) => !OF_THIS_PAGE.has(name) && (now.get(name) ?? "") !== value).map(([name]) => name);
  }

  async begin() {
    void this.journal.tidy();
    if (!this.mayEdit) return;
    void this.lock.beat();
    for (const record of await this.journal.leftBehind(this.story())) {
      if (this.differing(record.fields).length > 0) await this.offer(record);
      else await this.journal.forget(this.story(), record.page);
    }
  }

  /** What a page left behind, sent or not: the desk may have another text of this person's by now. */
  async offer(record) {
    const at = new Date(record.at).toLocaleString(document.documentElement.lang || undefined, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
    const kept = new Map(record.fields);
    const story = this.story();
    for (;;) {
      const { done } = openDialog({
        title: say("editor.kept"), closable: false, body: h("p", {}, record.sent ? say("editor.kept-other", { time: at }) : say("editor.kept-why", { time: at })),
        buttons: [{ label: say("editor.kept-restore"), kind: "first", act: () => "restore" }, { label: say("editor.kept-both"), act: () => "both" },
          { label: say("editor.kept-discard"), kind: "plain grave", act: () => "discard" }],
      });
      const act = await done;
      const chosen = act === "both" ? await compare({ title: say("editor.kept"), why: say("editor.kept-compare"), mine: kept.get("html") ?? "", theirs: this.html(),
        mineSays: say("editor.kept-here", { time: at }), theirsSays: say("editor.kept-desk"),
        titles: kept.get("title") !== this.title.value ? { mine: kept.get("title") ?? "", theirs: this.title.value } : null }) : null;
      if (act === "both" && !chosen) continue;
      if (act === "restore") this.restore(record.fields, record.base);
      else if (chosen?.take === "mine") this.restore(record.fields);
      else if (chosen?.take === "blocks") this.restore(record.fields.map(([name, value]) => (name === "html" ? [name, chosen.html] : [name, value])));
      // Only when this page has it in the journal is the other's let go.
      if (act !== "discard" && chosen?.take !== "theirs") await this.saving.keep();
      await this.journal.forget(story, record.page);
      return;
    }
  }
}

/** A class on the text while it is empty, for the words that stand there. */
function emptyText() {
  return new Plugin({
    props: {
      attributes(state) {
        const { doc } = state;
        const empty = doc.childCount === 1 && doc.firstChild.type.name === "paragraph" && doc.firstChild.content.size === 0;
        return empty ? { class: "is-empty" } : {};
      },
    },
  });
}
