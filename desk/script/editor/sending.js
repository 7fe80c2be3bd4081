// sending.js -- asking the desk from the page that writes, where a session that has ended is no error.
//
// post() answers as ask() does, but first sees to what an editor can mend without losing a word: signed out
// (401) asks for the password in place and goes on; a form token gone stale (403) is fetched anew. One dialog
// serves all requests that meet it. `make` builds the form each time, as its token may be another.

import { ask, tokenNew } from "../ask.js";
import { say } from "../words.js";
import { field, h, openDialog, wrong } from "./dom.js";

const AGAIN_MAX = 3;
const WAIT_MS = 20000; // a network that went without a word keeps a request hanging for minutes
let entering = null; // the sign-in under way

/** Of a page as it is now; null when it leads elsewhere, as to the door. */
async function tokenOf(path) {
  try {
    const response = await fetch(path, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (!response.ok) return null;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const token = page.querySelector("input[name=csrf]")?.value ?? null;
    return token && { token, door: new URL(response.url).pathname.startsWith("/desk/sign-in/") };
  } catch {
    return null;
  }
}

/** One step of signing in; the sentence of what is wrong, or null. */
async function enter(path, fields, token) {
  const answer = await ask(path, { ...fields, csrf: token });
  if (answer.ok && answer.values.csrf) return { csrf: answer.values.csrf, code: answer.values.code === true };
  const sentence = answer.values.wrong?.form ?? answer.values.wrong?.code ?? answer.values.error ?? say("editor.offline-still");
  return { sentence };
}

/** `half`: the token of a session that owes a code only. */
function askPassword(email, half = null) {
  const name = field(say("editor.sign-in.email"), { type: "email", name: "email", autocomplete: "username", value: email, required: true });
  const password = field(say("editor.sign-in.password"), { type: "password", name: "password", autocomplete: "current-password", required: true });
  const code = field(say("editor.sign-in.code"), { type: "text", name: "code", inputmode: "numeric", autocomplete: "one-time-code" });
  code.field.hidden = half === null;
  name.field.hidden = password.field.hidden = half !== null;
  const act = async () => {
    wrong(password.input, "");
    wrong(code.input, "");
    const before = half ?? (await tokenOf("/desk/sign-in/"))?.token;
    if (!before) {
      wrong(password.input, say("editor.offline-still"));
      return false;
    }
    const answer = half === null ? await enter("/desk/sign-in/", { email: name.input.value, password: password.input.value }, before)
      : await enter("/desk/sign-in/code/", { code: code.input.value }, before);
    if (answer.sentence) {
      wrong(half === null ? password.input : code.input, answer.sentence);
      (half === null ? password.input : code.input).focus();
      return false;
    }
    if (!answer.code) return answer.csrf;
    half = answer.csrf;
    name.field.hidden = password.field.hidden = true;
    code.field.hidden = false;
    code.input.focus();
    return false;
  };
  const { done } = openDialog({
    title: say("editor.sign-in"),
    body: h("div", {}, h("p", {}, say("editor.sign-in.why")), name.field, password.field, code.field),
    buttons: [{ label: say("editor.sign-in.button"), kind: "first", type: "submit", act }],
  });
  (half !== null ? code : email ? password : name).input.focus();
  return done;
}

/** True when somebody is signed in again, false when the dialog was left. */
function signIn(email, half = null) {
  entering ??= askPassword(email, half).then((csrf) => {
    entering = null;
    if (csrf) tokenNew(csrf);
    return Boolean(csrf);
  });
  return entering;
}

async function tokenAgain(email) {
  const page = await tokenOf(location.href);
  if (!page) return false;
  if (page.door) return signIn(email);
  tokenNew(page.token);
  return true;
}

/**
 * @param {string} path
 * @param {() => FormData | URLSearchParams} make
 * @param {{email?: string, quiet?: boolean, keepalive?: boolean}} [options] quiet: asks nobody for a password
 */
export async function post(path, make, { email = "", quiet = false, keepalive = false } = {}) {
  let answer;
  for (let i = 0; i < AGAIN_MAX; i++) {
    answer = await ask(path, make(), { keepalive, signal: AbortSignal.timeout?.(WAIT_MS) });
    if (quiet) return answer;
    const out = answer.code === 401;
    const half = out && answer.values.code === true ? answer.values.csrf ?? null : null; // only the code is owed
    const stale = answer.code === 403 && answer.values.form === true;
    if (!out && !stale) return answer;
    if (!(await (out ? signIn(email, half) : tokenAgain(email)))) return answer;
  }
  return answer;
}

export async function get(path, options) {
  return ask(path, undefined, options);
}
