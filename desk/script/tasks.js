// tasks.js -- import, export and backup. A file that is too large is said to be, before it is sent. The page of work under
// way says how far it is, without reloading.
//
// What is read out changes every ten seconds, what is seen at each answer. Asks the page's own address for JSON, every second at first and up to every five later on; while the server does not
// answer it says so and goes on asking. When the work has ended the page is loaded anew: it then shows the report.
import { ask } from "./ask.js";
import { say } from "./words.js";

const FIRST = 1000;
const SLOWEST = 5000;
const READ_OUT = 10000;

export function start() {
  const form = document.querySelector("form.bring[data-most]");
  const root = document.querySelector("[data-task]");
  if (form) weigh(form);
  if (root) follow(root);
}

function weigh(form) {
  const picker = form.querySelector("input[type=file]");
  picker.addEventListener("change", () => {
    const large = picker.files[0]?.size > Number(form.dataset.most);
    picker.setCustomValidity(large ? say("script.import.too-large") : "");
    if (large) picker.reportValidity();
  });
}

function follow(root) {
  const said = root.querySelector("[data-task-say]");
  const bar = root.querySelector("[data-task-bar]");
  const gone = root.querySelector("[data-task-gone]");
  const live = root.querySelector("[data-task-live]");
  let wait = FIRST;
  let readAt = 0;

  function show(task) {
    if (said.textContent !== task.say) said.textContent = task.say;
    if (performance.now() - readAt > READ_OUT) {
      live.textContent = task.say;
      readAt = performance.now();
    }
    if (task.total) {
      bar.max = task.total;
      bar.value = task.done;
    } else {
      bar.removeAttribute("value");
    }
  }

  async function turn() {
    const answer = await ask(root.dataset.task);
    gone.hidden = answer.code !== 0 && answer.code < 500;
    if (answer.code === 401 || (answer.ok && answer.values.state !== "running")) {
      location.reload();
      return;
    }
    if (answer.ok) show(answer.values);
    wait = Math.min(wait * 1.1, SLOWEST);
    setTimeout(turn, wait);
  }

  setTimeout(turn, wait);
}
