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
await page.screenshot({ path: out, fullPage: whole === "whole" });
await browser.close();
console.log(`${out}: ${url} answered ${answer.status()}`);
