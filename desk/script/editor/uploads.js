// uploads.js -- pictures that are on their way: a placeholder where each will stand, how far it is, and the server's sentence
// when it was refused, with another try.
//
// A placeholder is a decoration, no part of the text: it moves with it, is never saved, and undo does not know it. The picture
// comes in its place when it is on the server. XMLHttpRequest, as fetch does not tell how much was sent.

import { Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";
import { token } from "../ask.js";
import { say } from "../words.js";
import { h } from "./dom.js";
import { schema } from "./schema.js";

const key = new PluginKey("uploads");
export const UPLOAD_PATH = "/desk/media/upload/";

/** One file. `progress` is called with 0 to 1. Never rejects. */
export function upload(file, progress = () => {}, fields = {}) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.set("csrf", token());
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set("file", file, file.name || "picture");
    request.open("POST", UPLOAD_PATH);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => resolve({ ok: request.status === 200 && Boolean(request.response?.item), code: request.status, values: request.response ?? {} });
    request.onerror = request.onabort = () => resolve({ ok: false, code: 0, values: {} });
    request.send(form);
  });
}

/** What is to be said of an upload that failed. */
export function refusal(answer) {
  if (answer.values.wrong?.file) return answer.values.wrong.file;
  if (answer.values.error) return answer.values.error;
  return say(answer.code === 0 ? "editor.upload-offline" : answer.code === 413 ? "editor.upload-large" : "editor.upload-failed");
}

/** The figure of a picture of the library. */
export function imageOf(item, before = null) {
  const img = { src: item.src, class: "kg-image", alt: item.alt ?? "", ...(item.width ? { width: String(item.width), height: String(item.height) } : {}) };
  const words = [item.caption ? schema.text(plain(item.caption)) : null, item.credit ? creditText(item.credit, Boolean(item.caption)) : null].flat().filter(Boolean);
  const content = before?.content.size > 0 ? before.content : words;
  const html = before?.attrs.html ?? { class: "kg-card kg-image-card" };
  return schema.nodes.image.create({ html, img, link: before?.attrs.link ?? null, caption: before?.attrs.caption ?? null }, content);
}

/** Captions of the library are inline HTML. */
function plain(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.textContent;
}

export function creditText(credit, after) {
  const mark = schema.marks.wrap.create({ tag: "span", html: { class: "credit" } });
  return [after ? schema.text(" ") : null, schema.text(plain(credit), [mark])];
}

function widget(task, view) {
  const bar = h("progress", { max: "1", value: "0", "aria-label": say("editor.uploading", { name: task.file.name }) });
  const line = h("p", { class: "upload-line" }, h("span", {}, say("editor.uploading", { name: task.file.name })), bar);
  const box = h("div", { class: "upload", contenteditable: "false", role: "group", "aria-label": task.file.name }, line);
  task.show = (part) => (bar.value = part);
  task.fail = (sentence) => {
    box.replaceChildren(h("p", { class: "wrong", role: "alert" }, sentence),
      h("button", { type: "button", class: "quiet", onclick: () => {
        box.replaceChildren(line);
        task.go();
      } }, say("editor.again")),
      h("button", { type: "button", class: "quiet", onclick: () => view.dispatch(view.state.tr.setMeta(key, { gone: task })) }, say("editor.upload-leave")));
  };
  return box;
}

/** Where the task's placeholder stands now; null when what it stood in is gone. */
function placeOf(state, task) {
  return key.getState(state).find(undefined, undefined, (spec) => spec.task === task)[0]?.from ?? null;
}

export function uploadsPlugin() {
  return new Plugin({
    key,
    state: {
      init: () => DecorationSet.empty,
      apply(tr, set) {
        const moved = set.map(tr.mapping, tr.doc);
        const said = tr.getMeta(key);
        if (said?.added) return moved.add(tr.doc, [Decoration.widget(said.at, (view) => widget(said.added, view), { task: said.added, key: said.added.id, stopEvent: () => true })]);
        if (said?.gone) return moved.remove(moved.find(undefined, undefined, (spec) => spec.task === said.gone));
        return moved;
      },
    },
    props: { decorations: (state) => key.getState(state) },
  });
}

/** True while a picture is under way: the page says so before it is left. */
export function uploading(state) {
  return key.getState(state).find().length > 0;
}

let ids = 0;

/** Starts at the edge of the top-level block at `at`. */
export function takeFiles(view, files, at) {
  for (const file of files) {
    const $at = view.state.doc.resolve(Math.min(at, view.state.doc.content.size));
    const empty = $at.depth === 1 && $at.parent.content.size === 0;
    const place = $at.depth === 0 ? $at.pos : empty ? $at.before(1) : $at.after(1);
    const task = { file, id: `upload-${++ids}` };
    task.go = async () => {
      const answer = await upload(file, (part) => task.show?.(part));
      if (view.isDestroyed) return;
      if (!answer.ok) {
        task.fail?.(refusal(answer));
        return;
      }
      const to = placeOf(view.state, task);
      if (to === null) return;
      view.dispatch(view.state.tr.insert(to, imageOf(answer.values.item)).setMeta(key, { gone: task }));
    };
    view.dispatch(view.state.tr.setMeta(key, { added: task, at: place }));
    void task.go();
  }
  return true;
}
