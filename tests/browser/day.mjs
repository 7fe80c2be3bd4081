// day.mjs CONFIG.json -- a newsroom's day: set up, invite, write with a picture, schedule, see it appear, moderate, correct,
// cut and replace the picture, change the theme. Each through the pages, as somebody there would; each looked for where
// readers see it.
//
// CONFIG.json: {"out": FOLDER, "shots": FOLDER or "", "files": FOLDER, "url": "http://127.0.0.1:1", "setUp": "/desk/set-up/?link=..."}.
import { readFile } from "node:fs/promises";
import { launch } from "./chromium.mjs";
import { eyes } from "./look.mjs";

const { out, shots, files, url, setUp } = JSON.parse(await readFile(process.argv[2], "utf8"));
const { check, look, person, finish } = await eyes({ out, shots, url });
const browser = await launch();
const ann = await person(browser);
const reader = await person(browser);
const picture = (name) => `${files}/${name}`;

/** The site's own page, or a file of it, as a reader gets it now. */
async function read(path) {
  const response = await reader.request.get(url + path);
  return { status: response.status(), text: await response.text() };
}

async function until(what, is, seconds = 15) {
  const end = Date.now() + seconds * 1000;
  let right = await is();
  while (!right && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    right = await is();
  }
  check(what, right);
}

// ---- morning: the paper is set up, and a colleague comes ----

await ann.goto(url + setUp);
await ann.getByLabel("Your name").fill("Ann Quill");
await ann.getByLabel("Email").fill("ann@lantern.example");
await ann.getByLabel("New password").fill("a lamp at the quay");
await ann.getByRole("button", { name: "Set up" }).click();
await ann.goto(`${url}/desk/`);
check("the first steps are shown", (await ann.locator("main").innerText()).includes("First steps"));
await look(ann, "day-home");

await ann.goto(`${url}/desk/settings/`);
await ann.getByLabel("Description").fill("News of the harbour");
await ann.getByRole("button", { name: "Save" }).first().click();
await ann.waitForURL(/done=/);
check("the description is on the front page", (await read("/")).text.includes("News of the harbour"));

await ann.goto(`${url}/desk/people/`);
await ann.getByLabel("Email").fill("eve@lantern.example");
await ann.getByLabel("Role").selectOption("Author");
await ann.getByRole("button", { name: "Make the invitation" }).click();
const invitation = await ann.getByLabel("Link").inputValue();
const eve = await person(browser);
await eve.goto(invitation.replace(/^https?:\/\/[^/]+/, url));
await eve.getByLabel("Your name").fill("Eve Ling");
await eve.getByLabel("New password").fill("tides and tables");
await eve.getByRole("button", { name: "Join" }).click();

// ---- Eve writes, with a picture, and it is to appear by itself ----

await eve.goto(`${url}/desk/stories/new/`);
await eve.getByPlaceholder("Headline").fill("The ferry is on time");
await eve.keyboard.press("Enter");
await eve.keyboard.type("For the first time since June the ferry left at six.");
await eve.keyboard.press("Enter");
await eve.keyboard.type("## What the harbour master says");
await eve.keyboard.press("Enter");
await eve.keyboard.type("It was **a good morning**, and nobody was left at the quay.");
await eve.keyboard.press("Enter");
const bytes = (await readFile(picture("quay.png"))).toString("base64");
await eve.evaluate((data) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], "quay.png", { type: "image/png" }));
  document.querySelector(".story-text").dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }));
}, bytes);
await eve.locator(".story-text img[src*='/content/images/']").waitFor({ timeout: 15000 });
await eve.getByRole("button", { name: "Save", exact: true }).click();
await eve.waitForURL(/\/desk\/stories\/\d+\/$/);
const story = new URL(eve.url()).pathname;
check("nobody sees a draft", (await read("/the-ferry-is-on-time/")).status === 404);

await eve.goto(url + story);
check("what was written is there", /a good morning/.test(await eve.locator(".story-text").innerText()));
// In two seconds, by the wall clock of the site's zone: the field takes minutes, so the server is told the second.
const soon = new Date(Date.now() + 3000);
const local = soon.toLocaleString("sv-SE", { timeZone: "Europe/London" }).replace(" ", "T");
await eve.evaluate((at) => {
  const field = document.querySelector("[name=published_at]");
  field.step = 1;
  field.value = at;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}, local);
await eve.getByRole("button", { name: /^Schedule/ }).click();
const past = eve.getByRole("button", { name: /all the same/ });
await past.waitFor({ timeout: 10000 });
check("it is said that the picture has no alt text", /alt/i.test(await eve.locator("dialog[open]").innerText()));
await past.click();
await until("the story appears by itself", async () => (await read("/the-ferry-is-on-time/")).status === 200);
const late = Date.now() - soon.getTime();
check("within a second or so of its time", late < 3000, `${late} ms`);
check("with Eve's name and her picture", /Eve Ling/.test((await read("/the-ferry-is-on-time/")).text) && /\/content\/images\//.test((await read("/the-ferry-is-on-time/")).text));
check("and in the feed", (await read("/rss/")).text.includes("The ferry is on time"));

// ---- a reader replies; Ann decides ----

await reader.goto(`${url}/the-ferry-is-on-time/`);
await reader.getByLabel(/Reply/).first().fill("I was on it. It was on time.");
await reader.getByLabel(/^Name/).fill("Ida Holm");
await reader.getByLabel(/^Email/).fill("ida@reader.example");
await reader.getByRole("button", { name: /repl/i }).last().click();
check("it is held", !(await read("/the-ferry-is-on-time/")).text.includes("I was on it."));
await ann.goto(`${url}/desk/replies/`);
await ann.locator(".reply").first().waitFor();
await ann.keyboard.press("j");
await ann.keyboard.press("a");
await until("one key puts it on the page", async () => (await read("/the-ferry-is-on-time/")).text.includes("I was on it."));

// ---- a correction ----

await ann.goto(url + story);
await ann.getByLabel("A correction").fill("We said June. It was July.");
await ann.getByRole("button", { name: "Add it to the page" }).click();
await until("the correction is on the page", async () => (await read("/the-ferry-is-on-time/")).text.includes("We said June. It was July."));

// ---- the picture is cut, then replaced ----

const src = /\/content\/images\/(?:size\/[^/]+\/(?:format\/[^/]+\/)?)?(\d{4}\/\d\d\/[^"' ]+?\.png)/;
const before = src.exec((await read("/the-ferry-is-on-time/")).text)?.[1];
check("the page shows the picture", before !== undefined);
await ann.goto(`${url}/desk/media/`);
await ann.getByRole("link", { name: /quay\.png/ }).first().click();
await ann.waitForURL(/\/desk\/media\/\d+\//);
const media = ann.url();
await ann.locator("details.cut > summary").click();
await ann.locator("[name=focal_x]").fill("20");
await ann.locator("[name=focal_y]").fill("80");
await ann.locator("form[action$='/focus/'] button").first().click();
await ann.waitForURL(/done=/);
await ann.goto(media);
check("the point is kept", (await ann.locator("[name=focal_x]").inputValue()) === "20" && (await ann.locator("[name=focal_y]").inputValue()) === "80");
await ann.locator("form[action$='/replace/'] input[type=file]").setInputFiles(picture("quay-better.png"));
await ann.getByRole("button", { name: "Replace", exact: true }).click();
await ann.waitForURL(/done=/);
const after = src.exec((await read("/the-ferry-is-on-time/")).text)?.[1];
check("the page shows the new one", after !== undefined && after !== before, `${before} ${after}`);
check("and so does the feed", (await read("/rss/")).text.includes(after) && !(await read("/rss/")).text.includes(before));

// ---- evening: the paper looks otherwise ----

await ann.goto(`${url}/desk/settings/themes/`);
await ann.locator("input[type=file]").setInputFiles(picture("plain.zip"));
await ann.getByRole("button", { name: /upload|install|add/i }).first().click();
await ann.waitForURL(/done=/);
check("nothing has changed yet", !(await read("/")).text.includes("In the plain theme"));
await ann.locator("li, article, section", { hasText: "plain" }).getByRole("button", { name: /^Use/ }).first().click();
await ann.waitForURL(/done=/);
check("the front page is in the new theme", (await read("/")).text.includes("In the plain theme"));
check("and the story", (await read("/the-ferry-is-on-time/")).text.includes("In the plain theme"));

await ann.goto(`${url}/desk/log/`);
const log = await ann.locator("main").innerText();
check("the log has it", ["Eve Ling", "Ann Quill"].every((name) => log.includes(name)), log.slice(0, 500));

await browser.close();
finish();
