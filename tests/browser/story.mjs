// story.mjs CONFIG.json -- a story without script: written, refused, looked over, published, met by another's, corrected.
//
// CONFIG.json: {"out": FOLDER, "shots": FOLDER or "", "url": "http://127.0.0.1:1", "password": "..."}.
import { readFile } from "node:fs/promises";
import { launch } from "./chromium.mjs";
import { eyes } from "./look.mjs";

const { out, shots, url, password } = JSON.parse(await readFile(process.argv[2], "utf8"));
const { check, look, person, finish } = await eyes({ out, shots, url });
const browser = await launch();

async function writer(who) {
  const page = await person(browser);
  // axe-core needs a page that runs scripts: ours come empty.
  await page.context().route(/\.js\?/, (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  await page.goto(`${url}/desk/sign-in/`);
  await page.getByLabel("Email").fill(`${who}@lantern.example`);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
  return page;
}
const said = (page) => page.locator(".done").innerText();

const wil = await writer("wil");
const eve = await writer("eve");

// ---- a new one ----

await wil.goto(`${url}/desk/stories/new/`);
await look(wil, "story-new");
await wil.getByRole("button", { name: "Publish" }).click();
await look(wil, "story-wrong");
check("a story wants a headline", (await wil.locator("#title-wrong").innerText()).includes("headline"));
await wil.getByLabel("Headline", { exact: true }).fill("Harbour wall gives way in the night");
await wil.getByLabel("Story (HTML)").fill(`<p>The old harbour wall gave way on Monday, 3 March 2026, the harbour master said. “It was a matter of time.</p>
<p>See <a href="/no-such-story/">what we wrote</a> in the autumn.</p>
<figure><img src="/content/images/2026/03/wall.jpg"></figure>
<p>Mayor Ann Lee came at six. Councillor Ann Lee left at seven.</p>`);
await wil.getByLabel("Standfirst").fill("Nobody was hurt. The ferry does not run.");
await wil.getByLabel("Tags", { exact: true }).fill("Harbour, #lead");
await wil.getByRole("button", { name: "Save" }).click();
check("saved", (await said(wil)).includes("Saved."));
await look(wil, "story-draft");
const path = new URL(wil.url()).pathname;

// ---- before readers see it ----

await wil.getByRole("button", { name: "Publish" }).click();
await look(wil, "story-checks");
check("what was found is told", (await wil.locator(".notes li").count()) >= 2);
await wil.getByRole("button", { name: "Publish all the same" }).click();
check("published", (await said(wil)).includes("Published."));
await look(wil, "story-published");

// ---- two at once ----

const hers = await eve.context().newPage();
await hers.goto(url + path);
await wil.goto(url + path);
await wil.getByLabel("Story (HTML)").fill("<p>The old harbour wall gave way on Tuesday night, the harbour master said.</p><p>Nobody was hurt.</p><p>The ferry runs again.</p>");
await wil.getByRole("button", { name: "Update" }).click();
await hers.getByLabel("Story (HTML)").fill("<p>The old harbour wall gave way on Monday night, the mayor said.</p><p>Nobody was hurt.</p><p>It had stood for a hundred years.</p>");
await hers.getByLabel("Standfirst").fill("Nobody was hurt. The ferry runs.");
await hers.getByRole("button", { name: "Update" }).click();
await look(hers, "story-compare");
check("both are there", (await hers.locator("ins").count()) > 0 && (await hers.locator("del").count()) > 0);
await wil.goto(`${url}${path}versions/`);
await look(wil, "story-versions");
await hers.getByRole("button", { name: "Open mine" }).click();
await look(hers, "story-kept");
await hers.getByRole("button", { name: "Update" }).click();
check("hers", (await said(hers)).includes("Saved."));

// ---- a correction, a preview ----

await hers.getByLabel("A correction", { exact: true }).fill("An earlier version had the wrong day.");
await hers.getByRole("button", { name: "Add it to the page" }).click();
check("corrected", (await said(hers)).includes("correction"));
await look(hers, "story-corrected");
await hers.getByRole("button", { name: "Unpublish" }).click();
await hers.getByRole("link", { name: "Preview" }).click();
await hers.getByRole("button", { name: "Make a link" }).click();
await look(hers, "story-preview");

// ---- the bin, and who may only look ----

await hers.goto(url + path);
await hers.getByRole("button", { name: "Put into the bin" }).click();
await look(hers, "story-bin");

await browser.close();
finish();
