// look.mjs -- what the tests of the desk share: counting, looking at a page, somebody with a browser of their own.
//
//     const { check, look, person, finish } = await eyes({ out, shots, url });
//     const ann = await person(browser);
//     await look(ann, "settings");            // in two widths and both schemes
//     await clean(ann, "the menu, open");     // axe alone, as it stands
//     finish();
//
// A page must log no error, ask no other host, not scroll sideways, have one <h1>, and give axe-core nothing at all. Its
// HTML is left in `out` for the HTML checker, pictures of it in `shots` where that is not "".
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";

const WIDTHS = [390, 1280];
const SCHEMES = ["light", "dark"];

export async function eyes({ out, shots, url }) {
  const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  const seen = new Set();
  let passed = 0;
  let failed = 0;

  function check(what, ok, detail = "") {
    if (ok) passed++;
    else {
      failed++;
      console.log(`failed: ${what}${detail === "" ? "" : `\n    ${detail}`}`);
    }
  }

  /** The page as it stands, a menu open perhaps. axe-core runs through Playwright, which the page's policy does not stop. */
  async function clean(page, say) {
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ["violations"] }));
    check(`${say}: axe finds nothing`, violations.length === 0,
      violations.map((v) => `${v.id}: ${v.help}: ${v.nodes[0].html.slice(0, 160)}`).join("\n    "));
  }

  async function look(page, name) {
    if (seen.has(name)) return;
    seen.add(name);
    await page.waitForLoadState(); // a click returns when the next page begins
    await writeFile(`${out}/${name}.html`, await page.content());
    for (const width of WIDTHS) {
      for (const scheme of SCHEMES) {
        await page.setViewportSize({ width, height: 844 });
        await page.emulateMedia({ colorScheme: scheme });
        const say = `${name} at ${width} ${scheme}`;
        const facts = await page.evaluate(() => ({
          sideways: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          h1: document.querySelectorAll("h1").length,
          small: [...document.querySelectorAll("button, select, input:not([type=hidden]):not([type=checkbox]):not([type=radio])")]
            .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 24).map((e) => e.outerHTML.slice(0, 80)),
        }));
        check(`${say}: does not scroll sideways`, facts.sideways <= 0, facts.sideways);
        check(`${say}: one h1`, facts.h1 === 1, facts.h1);
        check(`${say}: nothing too small to hit`, facts.small.length === 0, facts.small.join("\n    "));
        await clean(page, say);
        if (shots) await page.screenshot({ path: `${shots}/${name}-${width}-${scheme}.png`, fullPage: true });
      }
    }
  }

  async function person(browser, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 844 }, ...options });
    const page = await context.newPage();
    page.on("pageerror", (error) => check("no script fails", false, error.message));
    page.on("console", (m) => {
      if (m.type() === "error" && !/status of 4\d\d|net::ERR_/.test(m.text())) check("nothing on the console", false, m.text());
    });
    page.on("request", (r) => {
      if (!r.url().startsWith(`${url}/`)) check("nobody else is asked", false, r.url());
    });
    return page;
  }

  function finish() {
    console.log(`${passed} passed, ${failed} failed`);
    process.exit(failed ? 1 : 0);
  }

  return { check, clean, look, person, finish };
}
