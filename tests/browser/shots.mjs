// shots.mjs -- takes the pictures that the documents show.
//
//     node tests/browser/shots.mjs URL OUT.png [WIDTH] [HEIGHT] [light|dark] [whole]
//
// WIDTH and HEIGHT are of the window (1280 by 900); `whole` takes the page to its end.
import { launch } from "./chromium.mjs";

const [url, out, width = "1280", height = "900", scheme = "light", whole] = process.argv.slice(2);
if (!url || !out) {
  console.error("usage: node tests/browser/shots.mjs URL OUT.png [WIDTH] [HEIGHT] [light|dark] [whole]");
  process.exit(2);
}
const browser = await launch();
const page = await browser.newPage({ viewport: { width: +width, height: +height }, colorScheme: scheme });
const answer = await page.goto(url, { waitUntil: "load" });
await page.evaluate(() => document.fonts.ready);
if (whole === "whole") {
  // Pictures further down are loaded when they come near.
  await page.evaluate(async () => {
    for (let y = 0; y < document.body.scrollHeight; y += 400) {
      scrollTo(0, y);
      await new Promise((done) => setTimeout(done, 50));
    }
    scrollTo(0, 0);
  });
  await page.waitForLoadState("networkidle");
}
await page.screenshot({ path: out, fullPage: whole === "whole" });
await browser.close();
console.log(`${out}: ${url} answered ${answer.status()}`);
