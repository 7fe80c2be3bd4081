// checks.js -- what the desk found before a story goes out: a list, each with a way to where it is, and the choice to go on.

import { say } from "../words.js";
import { h, openDialog } from "./dom.js";

/** Field names by what a check is about, for those that are not in the text. */
const FIELDS = { slug: "slug", picture: "image", bylines: "bylines", tags: "tags", published_at: "published_at", title: "title" };

/**
 * @param {{key: string, say: string, where?: string}[]} checks
 * @param {(check: object) => void} goTo
 * @returns {Promise<boolean>} publish all the same
 */
export async function askChecks(checks, goTo) {
  const list = h("ul", { class: "checks" }, checks.map((check) => h("li", {}, h("span", {}, check.say),
    h("button", { type: "button", class: "quiet", onclick: () => {
      dialog.close(false);
      goTo(check);
    } }, say("editor.checks.go"), h("span", { class: "unseen" }, ` ${check.say}`)))));
  const dialog = openDialog({ title: say("editor.checks"), body: h("div", {}, h("p", {}, say("editor.checks.why")), list),
    buttons: [{ label: say("editor.checks.publish"), kind: "first", act: () => true }, { label: say("editor.checks.back"), act: () => null }] });
  return (await dialog.done) === true;
}

export function fieldOfCheck(check) {
  return FIELDS[check.key] ?? null;
}
