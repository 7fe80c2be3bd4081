// german.mjs CONFIG.json -- somebody whose desk is German walks its pages: no English is left on them, by the words of
// en.json and by forty words that English cannot do without; axe-core finds nothing; nothing scrolls sideways.
//
// CONFIG.json: {"shots": FOLDER or "", "url": "http://127.0.0.1:1", "password": "..."}.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { launch } from "./chromium.mjs";
import { eyes } from "./look.mjs";

const { shots, url, password } = JSON.parse(await readFile(process.argv[2], "utf8"));
const { check, person, finish } = await eyes({ out: "", shots, url });
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const strings = async (language) => JSON.parse(await readFile(new URL(`../../desk/strings/${language}.json`, import.meta.url), "utf8"));
const [english, german] = [await strings("en"), await strings("de")];
// Whole strings, but for those that are the same in German ("Name", "Code", "Link"), and a language's name for itself.
const same = new Set([...Object.values(german), english.language]);
const whole = Object.values(english).filter((text) => !text.includes("{") && !same.has(text));
// Words that no German sentence has, of the strings and of what the program might say beside them.
const WORDS = `the of and or not are with your you this that it its for from by has have been no nothing please
  story stories reply replies headline standfirst settings tags people numbers published scheduled draft drafts
  search remove upload delete sign language address picture undo older save`.trim().split(/\s+/);

const browser = await launch();
const anna = await person(browser);

/** Everything that is read there: text, and the attributes that are read out. Code, keys, time zones and what a theme says of itself are not the desk's. */
function words() {
  const seen = [];
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walk.currentNode; node; node = walk.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (!node.parentElement.closest("script, style, code, kbd, pre, textarea, datalist, #timezone, [translate=no], .themes .measure")) seen.push(node.data);
    } else for (const name of ["alt", "aria-label", "placeholder", "title"]) if (node.hasAttribute(name)) seen.push(node.getAttribute(name));
  }
  return seen.map((text) => text.replace(/\s+/g, " ").trim()).filter((text) => text !== "");
}

async function look(name) {
  await anna.waitForLoadState();
  const texts = await anna.evaluate(words);
  const left = texts.filter((text) => whole.includes(text) || text.toLowerCase().split(/[^\p{L}]+/u).some((word) => WORDS.includes(word)));
  check(`${name}: in German throughout`, left.length === 0, left.join("\n    "));
  check(`${name}: says that it is`, (await anna.locator("html").getAttribute("lang")) === "de");
  for (const width of [1280, 390]) {
    await anna.setViewportSize({ width, height: 844 });
    const sideways = await anna.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    check(`${name} at ${width}: does not scroll sideways`, sideways <= 0, sideways);
    if (shots) await anna.screenshot({ path: `${shots}/${name}-${width}.png`, fullPage: true });
  }
  await anna.evaluate(axe);
  const { violations } = await anna.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
  check(`${name}: axe finds nothing`, violations.length === 0, violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 160)}`).join("\n    "));
  await anna.setViewportSize({ width: 1280, height: 844 });
}

async function visit(path, name) {
  await anna.goto(url + path);
  await look(name);
}

const first = (pattern) => anna.evaluate((text) => [...document.querySelectorAll("main a")].map((a) => a.getAttribute("href")).find((href) => new RegExp(text).test(href)), pattern);

// ---- in, by the browser's language at first (English), then by choice ----

await anna.goto(`${url}/desk/sign-in/`);
await anna.locator("[name=email]").fill("anna@laterne.example");
await anna.locator("[name=password]").fill(password);
await anna.locator("main form button").first().click();
await anna.goto(`${url}/desk/account/`);
await anna.locator("[name=language]").selectOption({ label: "Deutsch" });
await anna.locator("form[action$='/account/self/'] button").click();
await anna.waitForURL(/done=/);
check("it is said in the language that was chosen", (await anna.locator(".done[role=status]").innerText()).includes(german["done.self-changed"]));
await look("account");

// ---- the main pages ----

await visit("/desk/", "home");
await visit("/desk/stories/", "stories");
const story = await first("^/desk/stories/\\d+/$");
await anna.locator(".tick input").first().click();
await anna.locator(".bulk summary").click();
await anna.locator(".bulk button[value=bin]").click();
await anna.waitForURL(/done=/);
check("one is counted as one", (await anna.locator(".done[role=status]").innerText()).includes("Ein Artikel ist im Papierkorb."));
check("dates are written as in German", /\d\. \p{L}+\.? 20\d\d, \d\d:\d\d/u.test(await anna.locator(".stands time").first().innerText()));
await look("stories-done");
await visit("/desk/stories/new/", "story-new");
await anna.setViewportSize({ width: 390, height: 844 });
await anna.locator(".story-text").click();
await anna.keyboard.type("/");
await anna.locator(".menu").waitFor();
check("the blocks to insert fit a telephone", (await anna.evaluate(() => document.documentElement.scrollWidth)) <= 390);
check("and have German names", (await anna.locator(".menu").innerText()).includes(german["editor.do.heading2"]));
await visit(story, "story");
await visit(`${story}versions/`, "versions");
await visit(`${story}preview/`, "preview");
await visit("/desk/media/", "media");
const picture = await first("^/desk/media/\\d+/$");
if (picture) await visit(picture, "picture");
await visit("/desk/tags/", "tags");
await visit("/desk/tags/new/", "tag");
await visit("/desk/bylines/", "bylines");
await visit("/desk/replies/", "replies");
const reply = await first("^/desk/replies/\\d+/$");
await visit(reply, "reply");
await visit("/desk/replies/bans/", "bans");
await visit("/desk/numbers/", "numbers");
await visit("/desk/people/", "people");
await visit("/desk/people/2/", "person");
for (const page of ["", "social/", "replies/", "menus/", "themes/", "redirects/", "code/", "mail/"]) {
  await visit(`/desk/settings/${page}`, `settings-${page.replace("/", "") || "general"}`);
}
for (const page of ["import", "export", "backup", "log"]) await visit(`/desk/${page}/`, page);

// ---- what is wrong, and what is not there ----

await anna.goto(`${url}/desk/settings/`);
await anna.locator("[name=accent_color]").fill("blau");
await anna.getByRole("button", { name: german["settings.save"] }).click();
await anna.locator("#accent_color-wrong").waitFor();
await look("wrong");
await visit("/desk/nirgends/", "nowhere");
await browser.close();
finish();
