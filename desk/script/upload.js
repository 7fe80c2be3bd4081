// upload.js -- one file on its way to the library, with how far it is.
//
//     const answer = await upload("/desk/media/upload/", file, { alt: "" }, (part) => (bar.value = part));
//     if (answer.ok) ... answer.values.item ...
//
// fetch() does not say how much of a body has gone, so this is XMLHttpRequest. It never throws; an answer is as
// ask.js has it, and `answer.why` is the sentence for the person when it is not ok.
import { token } from "./ask.js";
import { say } from "./words.js";

function sentence(code, values) {
  const wrong = values.wrong ?? {};
  if (wrong.file ?? wrong.with) return wrong.file ?? wrong.with;
  if (code === 413) return say("script.upload.large");
  if (code === 0) return say("script.upload.lost");
  return values.error ?? say("script.upload.failed");
}

/** @returns {Promise<{ok: boolean, code: number, values: object, why: string}>} */
export function upload(path, file, fields = {}, progress = () => {}) {
  const body = new FormData();
  body.append("csrf", token());
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append("file", file, file.name);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const done = () => {
      let values = {};
      try {
        values = JSON.parse(request.responseText);
      } catch {
        // A proxy's page, or none: the code says what there is to say.
      }
      const ok = request.status >= 200 && request.status < 300;
      resolve({ ok, code: request.status, values, why: ok ? "" : sentence(request.status, values) });
    };
    request.open("POST", path);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (e) => e.lengthComputable && progress(e.loaded / e.total));
    request.addEventListener("load", done);
    request.addEventListener("error", done);
    request.addEventListener("abort", done);
    request.send(body);
  });
}

/** The sentence for a file that need not be sent, as the server would refuse it unread; "" when it may go. */
export function tooLarge(file, bytesMax) {
  if (!(bytesMax > 0) || file.size + 4096 <= bytesMax) return "";
  return say("script.upload.over", { n: Math.floor(bytesMax / 1e6), mine: Math.ceil(file.size / 1e6) });
}
