// saving.js -- nothing is lost: where each keystroke is, and what happens when it can get no further.
//
//              400 ms              2 s (10 s at most)             a button, Ctrl+S
//     typed ----------> journal ---------------------> autosave ------------------> save
//                       this browser                   the desk, own working copy    the story
//
// Each change has a number; `kept`, `sent` and `saved` are the last numbers that reached each place. Requests go one at
// a time. A network that is gone or a server that fails is tried again after 1 s, 2 s, ... 30 s, at once when the browser
// says it is online. What cannot be sent as it is (409: somebody saved another version) waits for the editor to decide. The page warns on
// leaving only while a change is in neither place.

import { say } from "../words.js";
import { post } from "./sending.js";

const JOURNAL_MS = 400;
const AUTOSAVE_MS = 2000;
const AUTOSAVE_MAX_MS = 10000;
const AGAIN_FIRST_MS = 1000;
const AGAIN_MAX_MS = 30000;

export class Saving {
  /**
   * @param {{form: HTMLFormElement, journal: import("./journal.js").Journal, collect: () => FormData, story: () => string,
   *   status: (text: string, kind?: string) => void, took: (values: object, whole: boolean, sent?: FormData) => void, refused: (answer: object) => void, email: string}} page
   */
  constructor(page) {
    this.page = page;
    this.change = this.kept = this.sent = this.saved = 0;
    this.autosaves = true; // not while another holds the story
    this.busy = null;
    this.again = 0;
    this.stopped = null; // why autosave waits for the editor: "conflict", "refused"
    this.timers = {};
    addEventListener("online", () => this.retryNow());
    addEventListener("offline", () => this.page.status(say("editor.offline"), "wrong"));
    addEventListener("pagehide", () => void this.keep());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") void this.keep();
    });
    addEventListener("beforeunload", (event) => {
      if (this.change <= Math.max(this.kept, this.sent, this.saved)) return;
      void this.keep();
      event.preventDefault();
      event.returnValue = "";
    });
  }

  /** Something was typed. */
  changed() {
    this.change++;
    this.stopped = this.stopped === "refused" ? null : this.stopped;
    this.first ??= Date.now();
    clearTimeout(this.timers.keep);
    this.timers.keep = setTimeout(() => void this.keep(), JOURNAL_MS);
    this.plan(AUTOSAVE_MS);
  }

  plan(wait) {
    clearTimeout(this.timers.send);
    const due = this.first === undefined || this.first === null ? wait : Math.min(wait, Math.max(0, this.first + AUTOSAVE_MAX_MS - Date.now()));
    this.timers.send = setTimeout(() => void this.autosave(), this.again > 0 ? wait : due);
  }

  fields() {
    return [...this.page.collect().entries()].filter(([name, value]) => name !== "csrf" && typeof value === "string");
  }

  async keep() {
    const { change } = this;
    if (change === this.kept || change === this.saved) return;
    const fields = this.fields();
    const kept = await this.page.journal.keep(this.page.story(), { fields, base: Number(this.page.form.elements.version?.value ?? 0), sent: change <= this.sent });
    if (!kept) return;
    this.kept = Math.max(this.kept, change);
    if (this.sent < this.kept && this.again === 0 && navigator.onLine) this.page.status(say("editor.saved-here"));
  }

  /** The page itself changed what was saved, as the server did: nothing to send while nobody else has. */
  settled(change) {
    if (this.change === change) this.saved = this.sent = this.kept = change;
  }

  /** The requests, one after another. */
  queued(work) {
    const run = (this.busy ?? Promise.resolve()).then(work);
    this.busy = run.catch(() => null);
    return run;
  }

  retryNow() {
    if (this.change > this.sent && this.change > this.saved) {
      clearTimeout(this.timers.send);
      void this.autosave();
    }
  }

  autosave() {
    return this.queued(async () => {
      const { change } = this;
      if (!this.autosaves || this.stopped || change <= this.sent || change <= this.saved) return;
      this.first = null;
      const answer = await post(this.page.form.dataset.autosave, () => this.page.collect(), { email: this.page.email });
      if (answer.ok && answer.values.saved_at) {
        this.again = 0;
        this.sent = Math.max(this.sent, change);
        this.page.took(answer.values, false);
        this.page.status(say("editor.saved-desk", { time: this.time(answer.values.saved_at) }));
        await this.page.journal.keep(this.page.story(), { fields: this.fields(), base: Number(this.page.form.elements.version?.value ?? 0), sent: this.change <= this.sent });
        this.kept = Math.max(this.kept, change);
        if (this.change > this.sent) this.plan(AUTOSAVE_MS);
        return;
      }
      await this.keep();
      this.failed(answer.ok ? { ...answer, ok: false, code: 0 } : answer); // an answer without a time is of no save
    });
  }

  failed(answer) {
    if (answer.code === 0 || answer.code >= 500 || answer.code === 429) {
      this.again = Math.min(AGAIN_MAX_MS, this.again === 0 ? AGAIN_FIRST_MS : this.again * 2);
      this.page.status(say(navigator.onLine && answer.code !== 0 ? "editor.trouble" : "editor.offline"), "wrong");
      this.plan(this.again);
      return;
    }
    if (answer.code === 401) {
      this.page.status(say("editor.signed-out"), "wrong");
      this.again = AGAIN_MAX_MS;
      this.plan(this.again);
      return;
    }
    this.stopped = answer.code === 409 ? "conflict" : "refused";
    this.page.status(answer.values.error ?? say("editor.kept-here-only"), "wrong");
    this.page.refused(answer, "autosave");
  }

  /**
   * save, publish and the rest; `more` are fields beside the form's.
   * @returns {Promise<{ok: boolean, code: number, values: object}>}
   */
  save(act, more = {}) {
    clearTimeout(this.timers.send);
    return this.queued(async () => {
      const { change } = this;
      await this.keep();
      this.page.status(say("editor.saving"));
      let sent = null;
      const answer = await post(this.page.form.action, () => {
        const data = this.page.collect();
        sent = data;
        data.set("do", act);
        for (const [name, value] of Object.entries(more)) data.set(name, value);
        return data;
      }, { email: this.page.email });
      if (answer.ok && answer.values.saved_at) {
        this.again = 0;
        this.stopped = null;
        this.saved = this.sent = change;
        this.kept = Math.max(this.kept, change);
        this.first = null;
        this.page.took(answer.values, true, sent);
        this.page.status(answer.values.say ?? say("editor.saved-story", { time: this.time(answer.values.saved_at) }));
        if (this.change === change) await this.page.journal.forget(this.page.story());
        else this.plan(AUTOSAVE_MS);
      } else if (answer.ok || answer.code === 0 || answer.code >= 500) {
        this.failed({ ...answer, ok: false, code: answer.ok ? 0 : answer.code }); // an answer without a time is of no save
      } else {
        this.page.status(answer.values.error ?? say("editor.not-saved"), answer.values.checks ? "" : "wrong");
      }
      return answer.ok && !answer.values.saved_at ? { ...answer, ok: false } : answer;
    });
  }

  time(iso) {
    const at = iso ? new Date(iso) : new Date();
    return at.toLocaleTimeString(document.documentElement.lang || undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  }
}
