// smoke.mjs SITES.json -- every kind of a reader's page, in a browser.
//
// SITES.json: {"out": FOLDER, "sites": [{"name": "demo", "url": "http://127.0.0.1:1", "reply": true}]}.
// For each site each kind of page is opened at 360 and 1280 px, light and dark. A page must answer as it
// should, log no error, set no cookie, ask no other host, not scroll sideways, have one <h1>, and give
// axe-core nothing serious. With "reply", a reader without script leaves a reply, and one without a mouse
// gets to the form. The pages' HTML is left in FOLDER for the HTML checker.
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { launch } from "./chromium.mjs";

const WIDTHS = [360, 1280];
const SCHEMES = ["light", "dark"];
const SERIOUS = new Set(["serious", "critical"]);
const TABS_MAX = 400; // a front page's links and then some

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const { out, sites } = JSON.parse(await readFile(process.argv[2], "utf8"));
let passed = 0;
let failed = 0;

function check(what, ok, detail = "") {
  if (ok) {
    passed++;
    return;
  }
  failed++;
  console.log(`failed: ${what}${detail === "" ? "" : `\n    ${detail}`}`);
}

// ---- which pages there are ----

async function text(url) {
  const answer = await fetch(url, { redirect: "manual" });
  return answer.status === 200 ? answer.text() : "";
}

async function fromSitemap(site, part) {
  const map = await text(`${site.url}/sitemap-${part}.xml`);
  return [...map.matchAll(/<loc>\s*(?:https?:\/\/[^/<]+)?(\/[^<]*?)\s*<\/loc>/g)].map((m) => m[1]);
}

/** The story that has most to go wrong: the longest. */
async function longestStory(site) {
  let best = { path: "", html: "" };
  for (const path of (await fromSitemap(site, "posts")).slice(0, 60)) {
    const html = await text(site.url + path);
    if (html.length > best.html.length) best = { path, html };
  }
  return best;
}

async function kinds(site) {
  const story = await longestStory(site);
  const when = story.html.match(/<time[^>]*datetime="(\d{4})-(\d\d)/) ?? [];
  const found = [
    ["front", "/", 200],
    ["story", story.path, 200],
    ["search", "/search/?q=the", 200],
    ["search without a find", "/search/?q=zzyzxq", 200],
    ["archive", when[0] ? `/${when[1]}/${when[2]}/` : "", 200],
    ["404", "/no-such-page-here/", 404],
  ];
  for (const [kind, part] of [["tag", "tags"], ["author", "authors"], ["page", "pages"]]) {
    const paths = await fromSitemap(site, part);
    found.push([kind, paths.find((p) => p !== "/") ?? "", 200]);
  }
  for (const [kind, path] of found) check(`${site.name}: there is a ${kind}`, path !== "");
  return found.filter(([, path]) => path !== "");
}

// ---- one page in one window ----

async function look(page, site, [kind, path, status], label, seen) {
  seen.splice(0);
  const answer = await page.goto(site.url + path, { waitUntil: "load" });
  const html = await answer.text();
  const facts = await page.evaluate(() => ({
    sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    wide: [...document.querySelectorAll("body *")]
      .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .slice(0, 3)
      .map((e) => e.outerHTML.slice(0, 120)),
    h1: document.querySelectorAll("h1").length,
    cookie: document.cookie,
    lang: document.documentElement.lang,
  }));
  const say = `${site.name} ${kind} ${path} ${label}`;
  check(`${say}: answers ${status}`, answer.status() === status, answer.status());
  check(`${say}: does not scroll sideways`, facts.sideways <= 0, `${facts.sideways} px: ${facts.wide.join("\n        ")}`);
  check(`${say}: one h1`, facts.h1 === 1, facts.h1);
  check(`${say}: says its language`, facts.lang !== "");
  check(`${say}: no cookie`, facts.cookie === "" && (await page.context().cookies()).length === 0);
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
  const serious = violations.filter((v) => SERIOUS.has(v.impact));
  check(`${say}: axe finds nothing serious`, serious.length === 0,
    serious.map((v) => `${v.id}: ${v.help}: ${v.nodes[0].html.slice(0, 160)}`).join("\n    "));
  check(`${say}: nothing went wrong, nobody else was asked`, seen.length === 0, seen.join("\n    "));
  return html;
}

/** Notes what a page does that it should not: errors, other hosts, cookies. */
function watch(page, site) {
  const seen = [];
  page.on("pageerror", (error) => seen.push(`script: ${error.message}`));
  page.on("console", (message) => {
    // A page that is a 404 says so on the console too.
    if (message.type() === "error" && !/status of 404/.test(message.text())) seen.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(`${site.url}/`) && !request.url().startsWith("data:")) seen.push(`asked ${request.url()}`);
  });
  page.on("response", async (answer) => {
    if (answer.headers()["set-cookie"]) seen.push(`a cookie from ${answer.url()}`);
    if (answer.status() >= 400 && answer.request().resourceType() !== "document") seen.push(`${answer.status()} for ${answer.url()}`);
  });
  return seen;
}

async function visit(browser, site) {
  const pages = await kinds(site);
  for (const width of WIDTHS) {
    for (const scheme of SCHEMES) {
      const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme });
      const page = await context.newPage();
      const seen = watch(page, site);
      for (const kind of pages) {
        const html = await look(page, site, kind, `at ${width} ${scheme}`, seen);
        if (width === WIDTHS[0] && scheme === SCHEMES[0])
          await writeFile(`${out}/${site.name}-${kind[0].replaceAll(" ", "-")}.html`, html);
      }
      await context.close();
    }
  }
  return pages;
}

// ---- a reader who replies ----

async function reply(browser, site, path) {
  const words = `The tide table on the wall says otherwise (${site.name}).`;
  const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 800 } });
  const page = await context.newPage();
  await page.goto(site.url + path);
  await page.getByLabel(/^Reply/).fill(words);
  await page.getByLabel(/^Name/).fill("Wanda Reed");
  await page.getByLabel(/^Email/).fill("wanda@reader.example");
  await page.locator('form:has(textarea) [type="submit"]').press("Enter");
  await page.waitForURL(/[?]reply=/);
  check(`${site.name}: the writer sees the reply`, (await page.content()).includes("tide table on the wall"));
  check(`${site.name}: and no cookie`, (await context.cookies()).length === 0);
  await context.close();
  const other = await text(site.url + path);
  check(`${site.name}: others do not see it yet`, other !== "" && !other.includes("tide table on the wall"));
  check(`${site.name}: its email is nowhere`, !other.includes("wanda@"));
}

async function keyboard(browser, site, path) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(site.url + path);
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement.getAttribute("href") ?? "");
  check(`${site.name}: the first Tab offers to skip to the text`, first.startsWith("#"), first);
  let tabs = 1;
  while (tabs < TABS_MAX && !(await page.evaluate(() => document.activeElement.matches("form textarea")))) {
    await page.keyboard.press("Tab");
    tabs++;
  }
  check(`${site.name}: Tab reaches the reply`, tabs < TABS_MAX, `${tabs} tabs`);
  const outline = await page.evaluate(() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  });
  check(`${site.name}: and where one is can be seen`, outline);
  await page.close();
}

const browser = await launch();
for (const site of sites) {
  const pages = await visit(browser, site);
  const story = pages.find(([kind]) => kind === "story");
  if (site.reply && story) {
    await keyboard(browser, site, story[1]);
    await reply(browser, site, story[1]);
  }
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
