// replies.mjs CONFIG.json -- a moderator's hour by keys: one letter decides, in place; what fails comes back; keys off.
//
// CONFIG.json: {"out": FOLDER, "shots": FOLDER or "", "url": "http://127.0.0.1:1", "setUp": "/desk/set-up/?link=..."}.
import { readFile } from "node:fs/promises";
import { launch } from "./chromium.mjs";
import { eyes } from "./look.mjs";

const { out, shots, url, setUp } = JSON.parse(await readFile(process.argv[2], "utf8"));
const { check, look, person, finish } = await eyes({ out, shots, url });
const browser = await launch();
const ann = await person(browser);
const reader = await person(browser);

await ann.goto(url + setUp);
await ann.getByLabel("Your name").fill("Ann Quill");
await ann.getByLabel("Email").fill("ann@lantern.example");
await ann.getByLabel("New password").fill("a lamp at the quay");
await ann.getByRole("button", { name: "Set up" }).click();
await ann.goto(`${url}/desk/replies/`);
await look(ann, "queue");
await ann.setViewportSize({ width: 1280, height: 844 });

const rows = () => ann.locator("[data-reply]:not(.going)").count();
const focused = () => ann.evaluate(() => document.activeElement.querySelector?.("h2")?.textContent ?? document.activeElement.tagName);
const waiting = () => ann.locator(".top .count").innerText();
const heard = (words) => ann.waitForFunction((w) => document.querySelector("[data-said]").textContent.includes(w), words);
const shown = async (path) => {
  await reader.goto(url + path);
  return reader.locator("body").innerText();
};

// ---- moving ----

check("six wait", (await rows()) === 6 && /6/.test(await waiting()));
await ann.keyboard.press("a");
await heard("First move to a reply");
check("a key without a reply decides nothing", (await rows()) === 6 && /^Ida Holm on Story 3/.test(await focused()), await focused());
await ann.keyboard.press("j");
check("down", /^Nora Quill/.test(await focused()), await focused());
await ann.keyboard.press("ArrowDown");
await ann.keyboard.press("k");
check("and up", /^Nora Quill/.test(await focused()), await focused());
check("focus is seen", await ann.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== "none"));

// ---- deciding, undoing ----

await ann.keyboard.press("a");
check("the row is gone before the desk answers", (await rows()) === 5);
await heard("One reply is approved.");
check("focus is on the next", /^Ropes & Knots Ltd on Story 3/.test(await focused()), await focused());
check("five wait", /5/.test(await waiting()));
check("readers see it", (await shown("/story-2/")).includes("harbour master"));
await look(ann, "decided-by-key");
await ann.setViewportSize({ width: 1280, height: 844 });
await ann.keyboard.press("s");
await heard("One reply is spam.");
await ann.keyboard.press("b");
await heard("One reply is in the bin.");
check("three wait", (await rows()) === 3 && /3/.test(await waiting()));
await ann.keyboard.press("u");
await heard("One reply is as it was.");
check("back where it was, with focus", (await rows()) === 4 && /^Ropes & Knots Ltd on Story 2/.test(await focused()), await focused());
await ann.keyboard.press("u");
await ann.waitForFunction(() => document.querySelectorAll("[data-reply]").length === 5);
await ann.keyboard.press("u");
await ann.waitForFunction(() => document.querySelectorAll("[data-reply]").length === 6);
check("all undone, in order", (await ann.locator("[data-reply] h2").allInnerTexts()).map((t) => t.split(" ")[0]).join() === "Ida,Nora,Ropes,Ropes,Olaf,Ida",
  (await ann.locator("[data-reply] h2").allInnerTexts()).join());
check("off the page again", !(await shown("/story-2/")).includes("harbour master"));
await ann.keyboard.press("u");
await heard("There is nothing to undo.");

// ---- several ----

for (const knot of await ann.locator("[data-reply]", { hasText: "Ropes & Knots" }).all()) {
  await knot.focus();
  await ann.keyboard.press("x");
}
await ann.keyboard.press("s");
await heard("2 replies are spam.");
check("four are left", (await rows()) === 4);
await ann.getByRole("button", { name: "Undo" }).click();
await ann.waitForFunction(() => document.querySelectorAll("[data-reply]").length === 6);
check("both came back, by the button too", (await ann.locator("[data-reply] input:checked").count()) === 0);

// ---- what fails comes back ----

await ann.locator("[data-reply]", { hasText: "Olaf" }).focus();
await ann.route("**/desk/replies/decide/", (route) => route.fulfill({ status: 409, json: { error: "Somebody was quicker." } }));
await ann.keyboard.press("b");
await ann.locator("[data-reply] .failed").waitFor();
check("with the sentence", (await ann.locator(".failed").innerText()) === "Somebody was quicker." && (await rows()) === 6);
check("and with focus", /^Olaf/.test(await focused()));
await look(ann, "failed");
await ann.setViewportSize({ width: 1280, height: 844 });
await ann.unroute("**/desk/replies/decide/");

// ---- editing and answering in place ----

await ann.locator("[data-reply]", { hasText: "Olaf" }).focus();
await ann.keyboard.press("e");
const text = ann.getByLabel("The reply's text");
await text.waitFor();
check("its text is there", (await text.inputValue()) === "It was on time on Tuesday.");
check("focus is in it", await text.evaluate((e) => e === document.activeElement));
await ann.keyboard.type("sabhux"); // letters, not keys
check("letters are letters there", (await rows()) === 6 && (await text.inputValue()).endsWith("sabhux"));
await look(ann, "edit-in-place");
await ann.setViewportSize({ width: 1280, height: 844 });
await text.fill("   ");
await ann.keyboard.press("Control+Enter");
await ann.locator(".in-place .wrong").waitFor();
check("an empty edit is told", (await ann.locator(".in-place .wrong").innerText()) === "Please write something.");
await text.fill("It was on time on *Tuesday*.");
await ann.getByRole("button", { name: "Keep this text" }).click();
await heard("The new text is kept.");
check("and is there at once", (await ann.locator("[data-reply]", { hasText: "Olaf" }).locator("em").innerText()) === "Tuesday");
await ann.keyboard.press("r");
const answer = ann.getByLabel(/^Your answer/);
await answer.waitFor();
await ann.keyboard.press("Escape");
check("Escape closes it", (await answer.count()) === 0 && /^Olaf/.test(await focused()));
await ann.locator("[data-reply]", { hasText: "Olaf" }).getByRole("button", { name: "Answer" }).click();
await answer.fill("So say the port's own papers.");
await ann.keyboard.press("Control+Enter");
await heard("Your answer is on the page.");
check("answered, approved, gone from here", (await rows()) === 5 && /5/.test(await waiting()));
const page = await shown("/story-1/");
check("readers see both", page.includes("on time on Tuesday") && page.includes("the port's own papers"));

// ---- keys off ----

await ann.keyboard.press("?");
await ann.getByRole("dialog").waitFor();
await look(ann, "keys");
await ann.setViewportSize({ width: 1280, height: 844 });
await ann.getByLabel("Use these keys in this browser").uncheck();
await ann.getByRole("dialog").getByRole("button", { name: "Close" }).click();
await ann.locator("[data-reply]").first().focus();
for (const key of ["a", "s", "b", "j", "?"]) await ann.keyboard.press(key);
check("no key does anything", (await rows()) === 5 && /^Ida Holm on Story 3/.test(await focused()) && !(await ann.getByRole("dialog").isVisible()));
await ann.reload();
await ann.locator("[data-reply]").first().focus();
await ann.keyboard.press("b");
check("nor after a reload", (await rows()) === 5);
await ann.getByRole("button", { name: "Keys" }).click();
await ann.getByLabel("Use these keys in this browser").check();
await ann.keyboard.press("Escape");
for (let left = 4; left >= 0; left--) {
  await ann.locator("[data-reply]:not(.going)").first().focus();
  await ann.keyboard.press("s");
  await ann.waitForFunction((n) => document.querySelectorAll("[data-reply]").length === n, left);
}
check("an empty queue says so, and the number is gone", (await ann.locator("[data-none]").innerText()).startsWith("Nothing waits") && (await ann.locator(".top .count").count()) === 0);
check("focus is not lost", (await focused()) === "H1");

// ---- a sign-in that ended meanwhile ----

await ann.goto(`${url}/desk/replies/?state=spam`);
const cookies = await ann.context().cookies();
await ann.context().clearCookies();
await ann.locator("[data-reply]").first().focus();
await ann.keyboard.press("a");
await ann.locator(".failed").waitFor();
check("it says what to do", /sign in/i.test(await ann.locator(".failed").innerText()), await ann.locator(".failed").innerText());
await ann.context().addCookies(cookies);

// ---- the pages around it ----

await ann.goto(`${url}/desk/replies/?state=spam`);
await ann.getByRole("link", { name: "All of them" }).first().click();
await look(ann, "writer");
await ann.getByRole("link", { name: /^Answer, edit/ }).first().click();
await look(ann, "reply-spam");
await ann.getByRole("button", { name: "Add to the list" }).click();
await ann.goto(`${url}/desk/replies/bans/`);
await ann.getByLabel("Which").fill("!?");
await ann.getByRole("button", { name: "Add to the list" }).click();
await look(ann, "bans");
await ann.goto(`${url}/desk/replies/?state=spam&q=ferry`);
await look(ann, "found");
await ann.goto(`${url}/desk/numbers/`);
await look(ann, "numbers");
await ann.getByRole("link", { name: "Story 1" }).first().click();
await ann.locator("summary").first().click();
await look(ann, "numbers-story");

await browser.close();
finish();
