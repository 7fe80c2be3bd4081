// lock.js -- one writes at a time: a sign of life each 20 seconds, and what is shown when somebody else has the story.
//
// The server decides who holds it (news/story_lock.h). Whoever does not, reads: the text cannot be changed, a bar says who has it
// since when, and, where the role allows it, takes it over. The one it was taken from keeps their text in their working copy and in this
// browser, can read and copy it, and can hold it against what the other one writes.

import { token } from "../ask.js";
import { say } from "../words.js";
import { h } from "./dom.js";
import { post } from "./sending.js";

const EVERY_MS = 20000;

export class Lock {
  /** @param {{form: HTMLFormElement, held: (mine: boolean, lock: object, before: boolean | null) => void, compare: () => void, email: string}} page */
  constructor(page) {
    this.page = page;
    this.mine = null;
    this.bar = h("div", { class: "lock-bar", role: "status", hidden: true });
    this.timer = setInterval(() => void this.beat(), EVERY_MS);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") void this.beat();
    });
    addEventListener("pagehide", () => this.leave());
  }

  path() {
    return this.page.form.dataset.mayEdit === "" ? "" : this.page.form.dataset.lock ?? "";
  }

  async beat(take = false) {
    if (!this.path()) return;
    const fields = () => new URLSearchParams(take ? { csrf: token(), take: "1" } : { csrf: token() });
    const answer = await post(this.path(), fields, { email: this.page.email, quiet: !take });
    if (answer.ok) this.show(answer.values);
  }

  leave() {
    if (!this.path() || this.mine === false) return;
    navigator.sendBeacon(this.path(), new URLSearchParams({ csrf: token(), leave: "1" }));
  }

  /** Of a heartbeat, or of an autosave's answer. */
  show(lock) {
    if (typeof lock?.mine !== "boolean") return;
    const before = this.mine;
    this.mine = lock.mine;
    if (this.mine) this.bar.hidden = true;
    else this.draw(lock, before);
    if (before !== this.mine) this.page.held(this.mine, lock, before);
  }

  draw(lock, before) {
    const at = lock.since ? new Date(lock.since) : new Date();
    const time = at.toLocaleTimeString(document.documentElement.lang || undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    if (before === false && !this.bar.hidden) return;
    const lost = before === true;
    this.bar.replaceChildren(
      h("p", {}, say(lost ? "editor.lock-lost" : "editor.lock-other", { name: lock.by ?? "", time })),
      lost && h("button", { type: "button", class: "quiet", onclick: () => this.page.compare() }, say("editor.lock-compare")) || "",
      lock.may_take ? h("button", { type: "button", class: "quiet", onclick: () => void this.beat(true) }, say("editor.lock-take")) : "");
    this.bar.hidden = false;
  }
}
