// ask.js -- asking the desk from a script: the same routes as the pages' forms, answered as JSON (desk/errand.h).
//
//     const answer = await ask("/desk/replies/decide/", { do: "approve-12", csrf: token() });
//     if (answer.ok) ... answer.values ...
//
// Never throws: a network that is gone is {ok: false, code: 0}. `values.error` is the sentence to show.

/** The token of this page's forms. Signing in anew changes it: tokenNew. */
export function token() {
  return document.querySelector("input[name=csrf]")?.value ?? "";
}

export function tokenNew(csrf) {
  for (const input of document.querySelectorAll("input[name=csrf]")) input.value = csrf;
}

/**
 * @param {string} path
 * @param {object | FormData | URLSearchParams} [fields] sent by POST; without them it is a GET
 * @param {RequestInit} [options]
 */
export async function ask(path, fields, options = {}) {
  const init = { headers: { Accept: "application/json" }, credentials: "same-origin", ...options };
  if (fields !== undefined) {
    init.method = "POST";
    init.body = fields instanceof FormData || fields instanceof URLSearchParams ? fields : new URLSearchParams(fields);
  }
  try {
    const response = await fetch(path, init);
    const json = /^application\/json/.test(response.headers.get("Content-Type") ?? "");
    return { ok: response.ok, code: response.status, values: json ? await response.json() : {} };
  } catch {
    return { ok: false, code: 0, values: {} };
  }
}
