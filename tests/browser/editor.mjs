// editor.mjs CONFIG.json -- a story is written in the browser, and nothing of it is lost or changed unasked.
//
// CONFIG.json: look.mjs' {"out", "shots", "url"}, "setUp": the owner's link, "serve": the command of the server, "server": its process, which
// this test kills and starts again, "picture": a file to upload, "blocks": editor-blocks.html, "samples": [{"from", "title", "html"}].
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launch } from "./chromium.mjs";
import { eyes } from "./look.mjs";

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { url } = config;
const { check, clean, look, finish } = await eyes(config);
const ANN = { name: "Ann Quill", email: "ann@lantern.example", password: "a lamp at the quay" };
const SCRIPT = fileURLToPath(new URL("../../desk/script/", import.meta.url));

const browser = await launch();
let troubled = false; // while the server or the network is away on purpose

async function somebody() {
  const context = await browser.newContext({ viewport: { width: 1280, height: 844 } });
  const page = await context.newPage();
  page.on("pageerror", (error) => check("no script fails", false, error.stack));
  page.on("console", (m) => {
    if (m.type() === "error" && !troubled && !/status of 4\d\d/.test(m.text())) check("nothing on the console", false, m.text());
  });
  page.on("request", (r) => {
    if (!r.url().startsWith(`${url}/`) && !r.url().startsWith("blob:")) check("nobody else is asked", false, r.url());
  });
  return page;
}

// ---- on the page ----

const text = (page) => page.locator(".story-text");
const status = (page) => page.locator(".status");

/** A story as the desk would keep it: its number and stored HTML. */
async function make(page, html, title = "The ferry") {
  await page.goto(`${url}/desk/stories/new/`);
  const answer = await page.evaluate(async ([html, title]) => {
    const fields = new URLSearchParams({ csrf: document.querySelector("input[name=csrf]").value, title, html, kind: "story", do: "save", version: "0",
      uuid: document.querySelector("input[name=uuid]")?.value ?? "" });
    const response = await fetch("/desk/stories/new/", { method: "POST", body: fields, headers: { Accept: "application/json" } });
    return response.json();
  }, [html, title]);
  check("a story is made", answer.id > 0, JSON.stringify(answer).slice(0, 300));
  return answer;
}

/** The story as it is saved. */
function stored(page, id) {
  return page.evaluate(async (id) => (await fetch(`/desk/stories/${id}/`, { headers: { Accept: "application/json" } })).json(), id);
}

async function open(page, id) {
  await page.goto(`${url}/desk/stories/${id}/`);
  await text(page).waitFor();
}

/** A story with this text, opened, the cursor at its end. */
async function write(page, html = "", title) {
  const { id } = await make(page, html, title);
  await open(page, id);
  await focus(page);
  return id;
}

/** A person is slower than ProseMirror, which follows a click a moment later. */
async function focus(page) {
  await text(page).focus();
  await page.keyboard.press("Control+End");
  await page.waitForTimeout(60);
}

async function save(page) {
  const answered = page.waitForResponse((r) => r.request().method() === "POST" && /\/desk\/stories\/(\d+|new)\/$/.test(new URL(r.url()).pathname));
  await page.keyboard.press("Control+s");
  return (await answered).json();
}

/** Typed into an empty story, it is stored so. */
async function typed(page, keys, want) {
  await fresh(page);
  await page.keyboard.type(keys);
  const { html } = await save(page);
  check(`typed ${JSON.stringify(keys)}`, html === want, `got  ${html}\n    want ${want}`);
}

/** The text made empty, with no trace for undo to come back to. */
async function fresh(page) {
  await text(page).focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await page.keyboard.press("Control+Alt+0");
  await page.keyboard.press("Backspace");
}

async function paste(page, data) {
  await page.evaluate((data) => {
    const clipboard = new DataTransfer();
    for (const type in data) clipboard.setData(type, data[type]);
    document.querySelector(".story-text").dispatchEvent(new ClipboardEvent("paste", { clipboardData: clipboard, bubbles: true, cancelable: true }));
  }, data);
}

async function pasted(page, what, data, want) {
  await fresh(page);
  await paste(page, data);
  const { html } = await save(page);
  check(`pasted ${what}`, html === want, `got  ${html}\n    want ${want}`);
}

async function drop(page, bytes, name) {
  await page.evaluate(([bytes, name]) => {
    const files = new DataTransfer();
    files.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name, { type: "image/png" }));
    const { x, y } = document.querySelector(".story-text").getBoundingClientRect();
    document.querySelector(".story-text").dispatchEvent(new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true, clientX: x + 300, clientY: y + 10 }));
  }, [bytes.toString("base64"), name]);
}

async function says(page, what, pattern, timeout = 8000) {
  try {
    await page.waitForFunction((source) => new RegExp(source).test(document.querySelector(".status")?.textContent ?? ""), pattern, { timeout });
    check(what, true);
  } catch {
    check(what, false, await status(page).innerText());
  }
}

// ---- the server ----

let server = null;

function started() {
  const [command, ...words] = config.serve;
  const child = spawn(command, words, { stdio: ["ignore", "pipe", "ignore"] });
  return new Promise((resolve, reject) => {
    child.stdout.once("data", () => resolve(child));
    child.once("exit", (code) => reject(new Error(`serve left with ${code}`)));
  });
}

function kill() {
  if (server) server.removeAllListeners("exit").kill("SIGKILL");
  else process.kill(config.server, "SIGKILL");
  server = null;
}

process.on("exit", () => server?.kill("SIGKILL"));

// ---- reading and writing, without a page: the samples ----

{
  const bundle = spawnSync(`${SCRIPT}node_modules/.bin/esbuild`, ["--bundle", "--format=iife", "--global-name=reading", "--target=es2020", `${SCRIPT}editor/origin.js`], { encoding: "utf8" });
  check("the reading is bundled", bundle.status === 0, bundle.stderr);
  const page = await browser.newPage();
  await page.addScriptTag({ content: bundle.stdout });
  const found = await page.evaluate((samples) => {
    const out = { kinds: {}, html: [], unequal: [], moved: [] };
    for (const { from, title, html } of samples) {
      const origin = new reading.Origin();
      const doc = origin.open(html);
      if (origin.write(doc) !== html) out.unequal.push(title);
      const pieces = origin.pieces(doc);
      doc.forEach((node) => {
        if (!node.attrs.key) return;
        const kind = (out.kinds[from] ??= {});
        kind[node.type.name] = (kind[node.type.name] ?? 0) + 1;
        if (node.type.name === "html") out.html.push(node.attrs.source);
      });
      // One block is changed, here by taking its key: written anew, it says the same, and the others are as they were.
      pieces.forEach((piece, i) => {
        const node = doc.child(piece.index);
        const changed = doc.copy(doc.content.replaceChild(piece.index, node.type.create({ ...node.attrs, key: null }, node.content)));
        const after = origin.pieces(changed);
        if (after.length !== pieces.length || after.some((one, k) => k !== i && one.source !== pieces[k].source)) out.moved.push(title);
      });
    }
    return out;
  }, config.samples);
  await page.close();
  check("every sample is written as it was stored", found.unequal.length === 0, found.unequal.join("\n    "));
  check("a change to one block leaves the others", found.moved.length === 0, found.moved.join("\n    "));
  for (const [from, kinds] of Object.entries(found.kinds)) {
    const all = Object.values(kinds).reduce((sum, n) => sum + n, 0);
    const share = (100 * (all - (kinds.html ?? 0))) / all;
    console.log(`${from}: ${share.toFixed(1)} % of ${all} blocks open as nodes: ${Object.entries(kinds).sort((a, b) => b[1] - a[1]).map(([name, n]) => `${name} ${n}`).join(", ")}`);
    check(`${from}: 95 of 100 blocks open`, share >= 95, found.html.join("\n    "));
  }
}

// ---- Ann sets the desk up ----

const ann = await somebody();
await ann.goto(url + config.setUp);
await ann.getByLabel("Your name").fill(ANN.name);
await ann.getByLabel("Email").fill(ANN.email);
await ann.getByLabel("New password").fill(ANN.password);
await ann.getByRole("button", { name: "Set up" }).click();
await ann.waitForURL((to) => !to.pathname.startsWith("/desk/set-up/"));

// ---- a story of every kind of block ----

const blocks = readFileSync(config.blocks, "utf8").split(/^== /m).slice(1).map((part) => {
  const [first, ...rest] = part.split("\n");
  const [, name, as] = /^(.*): (\S+)$/.exec(first);
  return { name, as, html: rest.join("\n").trimEnd() };
});
{
  const whole = blocks.map((block) => block.html).join("\n");
  const { id, html } = await make(ann, whole, "Every kind of block");
  check("the sanitizer keeps the blocks as they are", html === whole, firstDifference(html, whole));
  await open(ann, id);
  const tops = await ann.locator(".story-text > *").evaluateAll((all) => all.filter((e) => !/^(ProseMirror-|menu)/.test(e.className))
    .map((e) => (e.classList.contains("card") ? [...e.classList].find((c) => /^is-(?!wide|full)/.test(c)) : /^(figure|group|toggle)/.exec(e.className)?.[0] ?? e.tagName)));
  blocks.forEach((block, i) => check(`${block.name} opens as ${block.as}`, tops[i] === block.as, tops[i]));
  await look(ann, "editor-blocks");
  const same = await save(ann);
  check("opened and saved unchanged, it is equal to the byte", same.html === html, firstDifference(same.html, html));
  await focus(ann);
  await ann.keyboard.press("Control+Home");
  await ann.keyboard.type("Edited: ");
  const edited = await save(ann);
  check("an edit to one block leaves all others equal", edited.html === html.replace("<p>The", "<p>Edited: The"), firstDifference(edited.html, html.replace("<p>The", "<p>Edited: The")));
  await ann.keyboard.press("Control+z");
  const undone = await save(ann);
  check("and taken back it is as it was", undone.html === html, firstDifference(undone.html, html));
}

function firstDifference(got, want) {
  let i = 0;
  while (i < got.length && got[i] === want[i]) i++;
  return `at ${i}: ${JSON.stringify(got.slice(Math.max(0, i - 60), i + 100))}, not ${JSON.stringify(want.slice(Math.max(0, i - 60), i + 100))}`;
}

// ---- Markdown as it is typed, and keys ----

await write(ann);
const TYPED = [
  ["## Head", "<h2>Head</h2>"], ["### Head", "<h3>Head</h3>"], ["> Quote", "<blockquote><p>Quote</p></blockquote>"],
  ["- One\nTwo\n\nText", "<ul><li>One</li><li>Two</li></ul>\n<p>Text</p>"], ["1. One\nTwo", "<ol><li>One</li><li>Two</li></ol>"], ["3. One", '<ol start="3"><li>One</li></ol>'],
  ["```js\nlet a;\nlet b;", '<pre><code class="language-js">let a;\nlet b;</code></pre>'], ["---Text", "<hr>\n<p>Text</p>"],
  ["a **b** c", "<p>a <strong>b</strong> c</p>"], ["a __b__ c", "<p>a <strong>b</strong> c</p>"], ["a *b* c", "<p>a <em>b</em> c</p>"], ["a _b_ c", "<p>a <em>b</em> c</p>"],
  ["~~b~~ d", "<p><s>b</s> d</p>"], ["==b== d", "<p><mark>b</mark> d</p>"], ["a `b*c` d", "<p>a <code>b*c</code> d</p>"],
  ["see [the page](other.example/a) now", '<p>see <a href="https://other.example/a" rel="noopener">the page</a> now</p>'],
  ["snake_case_name and 2 * 3 * 4", "<p>snake_case_name and 2 * 3 * 4</p>"],
];
for (const [keys, want] of TYPED) await typed(ann, keys, want);
await fresh(ann);
await ann.keyboard.type("word");
for (const [key, tag] of [["Control+b", "strong"], ["Control+i", "em"], ["Control+u", "u"], ["Control+Shift+X", "s"], ["Control+e", "code"], ["Control+.", "sup"]]) {
  await ann.keyboard.press("Control+a");
  await ann.keyboard.press(key);
  check(`${key} makes ${tag}`, (await text(ann).locator(tag).count()) === 1);
  await ann.keyboard.press(key);
}

// ---- the clipboard ----

const WORD = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15"><!--[if gte mso 9]><xml><o:AllowPNG/></xml><![endif]-->
<style><!-- p.MsoNormal {mso-style-parent:"";} --></style></head><body lang=EN-GB><!--StartFragment-->
<h2>Harbour works<o:p></o:p></h2><p class=MsoNormal style='margin-bottom:8.0pt'>The <b style='mso-bidi-font-weight:normal'>quay</b> was <i>closed</i> on <span style='mso-spacerun:yes'> </span>Monday.<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>Cranes<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='text-indent:-18.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>o<span>&nbsp; </span></span><![endif]>Old ones<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp;</span></span>Boats<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.<span>&nbsp; </span></span>First<o:p></o:p></p><!--EndFragment--></body></html>`;
await pasted(ann, "from Word", { "text/html": WORD, "text/plain": "Harbour works" },
  "<h2>Harbour works</h2>\n<p>The <strong>quay</strong> was <em>closed</em> on Monday.</p>\n<ul><li>Cranes<ul><li>Old ones</li></ul></li><li>Boats</li></ul>\n<ol><li>First</li></ol>");
const DOCS = `<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-1a2b"><h2 dir="ltr" style="line-height:1.38;"><span style="font-size:16pt;font-weight:400;">Tides</span></h2>
<p dir="ltr" style="line-height:1.38"><span style="font-size:11pt;font-weight:400;text-decoration:none;white-space:pre-wrap;">High </span><span style="font-weight:700;">water</span><span style="font-style:italic;font-weight:400"> at noon</span><span>, says </span><a href="https://www.google.com/url?q=https://tides.example/a&amp;sa=D" style="text-decoration:none;"><span style="color:#1155cc;text-decoration:underline;">the table</span></a><span>.</span></p><br />
<ul style="margin-top:0"><li dir="ltr" style="list-style-type:disc;"><p dir="ltr" role="presentation"><span style="font-weight:400">One</span></p></li><ul><li dir="ltr"><p dir="ltr" role="presentation"><span>Deeper</span></p></li></ul><li><p><span>Two</span></p></li></ul></b>`;
await pasted(ann, "from Google Docs", { "text/html": DOCS, "text/plain": "Tides" },
  '<h2>Tides</h2>\n<p>High <strong>water</strong><em> at noon</em>, says <a href="https://tides.example/a" rel="noopener">the table</a>.</p>\n<ul><li>One<ul><li>Deeper</li></ul></li><li>Two</li></ul>');
await pasted(ann, "Markdown", { "text/plain": "# Title\n\nSome **bold** and [link](https://a.example/b_c).\n\n- one\n- two\n  - deep\n\n> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```py\nx = 1\n```" },
  '<h1>Title</h1>\n<p>Some <strong>bold</strong> and <a href="https://a.example/b_c" rel="noopener">link</a>.</p>\n<ul><li>one</li><li>two<ul><li>deep</li></ul></li></ul>\n<blockquote><p>quote</p></blockquote>\n<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>\n<pre><code class="language-py">x = 1</code></pre>');
await text(ann).focus();
await ann.keyboard.press("Control+z");
check("one undo gives the pasted text back", (await text(ann).innerText()).includes("# Title"), await text(ann).innerText());
await pasted(ann, "the address of a film", { "text/plain": "https://youtu.be/dQw4w9WgXcQ?t=3" },
  '<figure class="kg-card kg-embed-card"><a class="kg-embed-link" href="https://www.youtube.com/watch?v=dQw4w9WgXcQ" data-embed-src="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ" rel="noopener">YouTube</a></figure>');
await fresh(ann);
await ann.keyboard.type("See the page");
await ann.keyboard.press("Control+a");
await paste(ann, { "text/plain": "https://other.example/x" });
check("an address pasted onto words is their link", (await save(ann)).html === '<p><a href="https://other.example/x" rel="noopener">See the page</a></p>');

// Copies of our own, cards and all.
{
  const cards = ["a callout", "a group", "sound", "the line for members", "a table of WordPress's", "a gallery of Ghost's"].map((name) => blocks.find((block) => block.name === name).html);
  await ann.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await write(ann, ["<p>Above</p>", ...cards, "<p>Below</p>"].join("\n"), "Copied");
  await ann.keyboard.press("Control+a");
  await ann.keyboard.press("Control+c");
  await ann.keyboard.press("Delete");
  await ann.keyboard.press("Control+v");
  const { html } = await save(ann);
  const want = ["<p>Above</p>", ...cards, "<p>Below</p>"].join("\n");
  check("copied and pasted, blocks are what they were", meaning(html) === meaning(want), firstDifference(meaning(html), meaning(want)));
}

/** Without the white space between elements, which a block that is written anew does not keep. */
function meaning(html) {
  return html.replaceAll(/>\s+</g, "><");
}

// ---- pictures ----

const bytes = readFileSync(config.picture);
await fresh(ann);
await ann.keyboard.type("Text");
await drop(ann, bytes, "quay.png");
await text(ann).locator(".is-image").waitFor();
const withPicture = await save(ann);
check("a dropped picture is on the server and in the text", /<figure class="kg-card kg-image-card"><img src="\/content\/images\/[^"]+\.png" [^>]*width="40" height="30"/.test(withPicture.html), withPicture.html);
check("its alt text is asked for", (await text(ann).locator(".is-image .missing").count()) === 1);
await text(ann).getByRole("button", { name: "Write it" }).click();
await ann.locator("dialog").getByRole("textbox").fill("The quay at dawn");
await ann.keyboard.press("Tab");
await ann.getByRole("button", { name: "Keep" }).click();
check("and stored", (await save(ann)).html.includes('alt="The quay at dawn"'));
await drop(ann, Buffer.from("not a picture"), "bad.png");
await text(ann).locator(".upload .wrong").waitFor();
check("what is no picture is refused in a sentence", (await text(ann).locator(".upload .wrong").innerText()).length > 20);
await look(ann, "editor-refused");
await ann.getByRole("button", { name: "Leave it out" }).click();
check("and can be left out", (await text(ann).locator(".upload").count()) === 0);

// ---- by keyboard alone ----

await fresh(ann);
await ann.keyboard.type("/");
await ann.locator(".menu [aria-selected=true]").waitFor();
await clean(ann, "the menu, open");
await ann.keyboard.type("tab");
await ann.locator(".menu [aria-selected=true]").waitFor();
check("the text tells of the row at hand", /^ed-menu/.test(await text(ann).getAttribute("aria-activedescendant")));
await ann.keyboard.press("Enter");
await ann.keyboard.type("A");
await ann.keyboard.press("Tab");
await ann.keyboard.type("B");
await ann.keyboard.press("Alt+F10");
check("Alt+F10 leads to the tools", await ann.evaluate(() => document.activeElement.closest("[role=toolbar]") !== null));
for (let i = 0; i < 40 && (await ann.evaluate(() => document.activeElement.textContent)) !== "Row below"; i++) await ann.keyboard.press("ArrowRight");
check("the focus is seen", await ann.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== "none"));
await ann.keyboard.press("Enter");
await ann.keyboard.press("Alt+F10");
await ann.keyboard.press("Escape");
check("Escape leads back", await ann.evaluate(() => document.activeElement.classList.contains("story-text")));
const table = (await save(ann)).html;
check("a table was made and got a row", (table.match(/<tr>/g) ?? []).length === 4 && table.startsWith("<table><thead><tr><th>A</th><th>B</th>"), table);
await fresh(ann);
await ann.keyboard.type("a link");
await ann.keyboard.press("Control+a");
await ann.keyboard.press("Control+k");
await ann.keyboard.type("lantern@lantern.example");
await ann.keyboard.press("Enter");
check("Ctrl+K links", (await save(ann)).html === '<p><a href="mailto:lantern@lantern.example">a link</a></p>');
await ann.keyboard.press("Control+/");
await ann.locator("dialog table").waitFor();
await ann.keyboard.press("Escape");
check("Escape closes the dialog", (await ann.locator("dialog").count()) === 0);

// ---- settings and wrong fields ----

await ann.getByRole("button", { name: "Settings" }).click();
await ann.getByRole("combobox", { name: /^Tags/ }).pressSequentially("Harbour,Ferry,");
check("tags are chips over the field", (await ann.locator("input[name=tags]").inputValue()) === "Harbour, Ferry");
await look(ann, "editor-settings");
await ann.setViewportSize({ width: 1280, height: 844 });
await ann.locator("#slug").fill("every-kind-of-block");
const wrongSlug = await save(ann);
check("a wrong slug is told", Boolean(wrongSlug.wrong?.slug), JSON.stringify(wrongSlug).slice(0, 200));
await ann.locator("#slug-wrong").waitFor();
check("by its field, which has the focus", await ann.evaluate(() => document.activeElement.id === "slug" && document.activeElement.getAttribute("aria-invalid") === "true"));
check("what was typed is there", (await ann.locator("#slug").inputValue()) === "every-kind-of-block");
await ann.locator("#slug").fill("ferry-again");
check("and mended, it is saved", (await save(ann)).slug === "ferry-again");
await ann.locator(".settings-close").click();

// ---- autosave; a new story gets its address ----

await ann.goto(`${url}/desk/stories/new/`);
await ann.getByPlaceholder("Headline").fill("Tide tables are wrong");
await ann.keyboard.press("Enter");
await ann.keyboard.type("They say noon.");
await says(ann, "it is in the browser at once", "^Saved here", 2000);
await says(ann, "then on the desk", "^Saved on the desk");
check("the new story has its address", /\/desk\/stories\/\d+\/$/.test(ann.url()), ann.url());
const tide = Number(/(\d+)\/$/.exec(ann.url())[1]);
check("and is not saved for readers", (await stored(ann, tide)).html === "");
await ann.reload();
await text(ann).waitFor();
check("it comes back as it was left", (await text(ann).innerText()).trim() === "They say noon.");
await save(ann);

// ---- the network goes for a while ----

await focus(ann);
troubled = true;
await ann.context().setOffline(true);
await ann.keyboard.type(" Offline.");
await says(ann, "the status says so", "^Offline");
await ann.context().setOffline(false);
await says(ann, "and it is sent when the network is back", "^Saved on the desk");
troubled = false;

// ---- the server is killed while somebody writes ----

await focus(ann);
troubled = true;
kill();
await ann.keyboard.type(" Killed.");
await says(ann, "it is kept here", "kept in this browser");
server = await started();
await says(ann, "the server is back: it is sent", "^Saved on the desk", 12000);
kill();
await focus(ann);
await ann.keyboard.type(" And the browser closed.");
await ann.waitForTimeout(700); // the journal's 400 ms
server = await started();
troubled = false;
ann.once("dialog", (dialog) => void dialog.accept());
await ann.route("**/autosave/", (route) => route.abort()); // nothing of it reaches the desk on leaving
await ann.goto(`${url}/desk/stories/${tide}/`);
await ann.unroute("**/autosave/");
await ann.getByRole("heading", { name: "This browser kept a text of yours" }).waitFor();
await ann.getByRole("button", { name: "Show both" }).click();
await look(ann, "editor-kept-both");
await ann.getByRole("button", { name: "Take all of mine" }).click();
check("the browser's text is restored", (await text(ann).innerText()).includes("And the browser closed."), await text(ann).innerText());
check("and saved", (await save(ann)).html === "<p>They say noon. Offline. Killed. And the browser closed.</p>");

// ---- two pages of one person ----

{
  const second = await ann.context().newPage();
  await open(second, tide);
  await second.waitForTimeout(500);
  check("what another page still has open is not offered", (await second.locator("dialog").count()) === 0);
  troubled = true;
  await ann.goto(`${url}/desk/stories/new/`);
  await second.goto(`${url}/desk/stories/new/`);
  await ann.context().setOffline(true);
  for (const [page, words] of [[ann, "First page."], [second, "Second page."]]) {
    await text(page).focus();
    await page.keyboard.type(words);
    await page.waitForTimeout(700);
  }
  await second.close();
  ann.once("dialog", (dialog) => void dialog.accept());
  await ann.goto("about:blank");
  await ann.context().setOffline(false);
  troubled = false;
  await ann.goto(`${url}/desk/stories/new/`);
  await ann.getByRole("button", { name: "Restore it" }).click();
  check("the last of two new stories is restored", (await text(ann).innerText()).trim() === "Second page.", await text(ann).innerText());
  await ann.getByRole("button", { name: "Show both" }).click();
  check("and the other is not lost", (await ann.locator(".side-mine").innerText()).trim() === "First page.");
  await ann.getByLabel("Both", { exact: true }).check();
  await ann.getByRole("button", { name: "Take the choices above" }).click();
  const { html } = await save(ann);
  check("both are one story now", html === "<p>First page.</p>\n<p>Second page.</p>", html);
}

// ---- words typed while a save runs ----

await write(ann, "<p>Text</p>", "Before");
await ann.keyboard.press("Enter");
await ann.keyboard.type("/html");
await ann.keyboard.press("Enter");
await ann.getByLabel("HTML", { exact: true }).last().fill('<p data-x="1">Raw</p>');
await ann.getByRole("button", { name: "Keep" }).click();
await ann.route(/\/desk\/stories\/\d+\/$/, async (route) => {
  await new Promise((resolve) => setTimeout(resolve, 600));
  await route.continue();
}, { times: 1 });
await ann.keyboard.press("Control+s");
await ann.getByPlaceholder("Headline").fill("While it was saved");
await says(ann, "what was typed while it was saved is sent", "^Saved on the desk");
check("the sanitizer's text is shown", (await ann.evaluate(() => document.querySelector(".story-text").innerText)).includes("Raw"));
await ann.reload();
await text(ann).waitFor();
check("and is there", (await ann.getByPlaceholder("Headline").inputValue()) === "While it was saved");

// ---- a request that hangs ----

{
  const hung = await ann.context().newPage();
  await hung.addInitScript(() => {
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    AbortSignal.timeout = () => timeout(500); // not twenty seconds
  });
  await open(hung, tide);
  await focus(hung);
  await hung.route("**/autosave/", () => {}, { times: 1 }); // never answered
  await hung.keyboard.type(" Hung.");
  await says(hung, "a request that hangs is given up, and sent again", "^Saved on the desk", 12000);
  await save(hung);
  await hung.close();
}

// ---- the session ends while somebody writes ----

await open(ann, tide);

await ann.context().clearCookies();
await focus(ann);
await ann.keyboard.type(" Signed out.");
await ann.getByRole("heading", { name: "You were signed out" }).waitFor();
await look(ann, "editor-signed-out");
check("the email is there", (await ann.getByLabel("Email").inputValue()) === ANN.email);
await ann.getByLabel("Password").fill("not the password");
await ann.keyboard.press("Enter");
await ann.locator("dialog .wrong").waitFor();
await ann.getByLabel("Password").fill(ANN.password);
await ann.keyboard.press("Enter");
await says(ann, "signed in, it goes on", "^Saved on the desk");
check("with the new token in every form", (await save(ann)).html.endsWith("Signed out.</p>"));

// ---- two editors on one story ----

await ann.goto(`${url}/desk/people/`);
await ann.getByLabel("Email").fill("eve@lantern.example");
await ann.getByLabel("Role").selectOption("Editor");
await ann.getByRole("button", { name: "Make the invitation" }).click();
const invitation = await ann.getByLabel("Link").inputValue();
const eve = await somebody();
await eve.goto(invitation.replace(/^https?:\/\/[^/]+/, url));
await eve.getByLabel("Your name").fill("Eve Ling");
await eve.getByLabel("New password").fill("tides and tables");
await eve.getByRole("button", { name: "Join" }).click();
await eve.waitForURL((to) => !to.pathname.startsWith("/desk/invitation/"));

const shared = await write(ann, "<p>Zero</p>\n<p>One</p>\n<p>Two</p>", "Two at one story");
await ann.waitForTimeout(300); // her heartbeat
await open(eve, shared);
await eve.locator(".lock-bar:not([hidden])").waitFor();
check("Eve is told who writes", (await eve.locator(".lock-bar").innerText()).includes(ANN.name));
check("and can only read", (await text(eve).getAttribute("contenteditable")) === "false");
check("without the tools", !(await eve.getByRole("toolbar").isVisible()) && (await eve.getByRole("button", { name: "Save", exact: true }).isDisabled()));
await look(eve, "editor-locked");
await focus(ann);
await ann.keyboard.type(" by Ann");
await says(ann, "Ann's is on the desk", "^Saved on the desk");
await eve.getByRole("button", { name: "Take over" }).click();
await eve.locator(".lock-bar").waitFor({ state: "hidden" });
await focus(eve);
await eve.keyboard.type(" by Eve");
const eves = await save(eve);
check("Eve has taken it over and saved", eves.html === "<p>Zero</p>\n<p>One</p>\n<p>Two by Eve</p>", JSON.stringify(eves));
const last = ann.waitForResponse((r) => r.url().endsWith("/autosave/"));
await ann.keyboard.type(", last words");
await ann.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
await ann.locator(".lock-bar:not([hidden])").waitFor();
check("her last words are in her working copy", (await last).ok() && (await last).request().postData().includes("last words"));
check("Ann is told, and has her text", (await text(ann).innerText()).includes("Two by Ann") && (await ann.locator(".lock-bar").innerText()).includes("Eve Ling"));
await ann.getByRole("button", { name: "Take over" }).click();
await ann.locator(".lock-bar").waitFor({ state: "hidden" });
await ann.keyboard.press("Control+s");
await ann.getByRole("heading", { name: "Two versions met" }).waitFor();
await look(ann, "editor-conflict");
check("both stand there", (await ann.locator(".side-mine").allInnerTexts()).join().includes("Two by Ann") && (await ann.locator(".side-theirs").allInnerTexts()).join().includes("Two by Eve"));
await ann.getByLabel("Both", { exact: true }).check();
await ann.getByRole("button", { name: "Take the choices above" }).click();
await says(ann, "and it is saved upon hers", "^Saved");
const both = await stored(ann, shared);
check("nothing of either is lost", both.html === "<p>Zero</p>\n<p>One</p>\n<p>Two by Ann, last words</p>\n<p>Two by Eve</p>", both.html);

// ---- before it goes out ----

const bare = await write(ann, '<p>Text</p>\n<figure class="kg-card kg-image-card"><img src="/content/images/2026/none.svg" alt=""></figure>', "Before it goes out");
await ann.getByRole("button", { name: "Publish", exact: true }).click();
await ann.getByRole("heading", { name: "Before it goes out" }).last().waitFor();
await look(ann, "editor-checks");
await ann.locator(".checks li", { hasText: /alt/i }).getByRole("button").click();
check("the check leads to the picture", (await text(ann).locator(".is-image.ProseMirror-selectednode").count()) === 1);
await ann.setViewportSize({ width: 1280, height: 844 });
await ann.getByRole("button", { name: "Publish", exact: true }).click();
await ann.getByRole("button", { name: "Publish all the same" }).click();
await ann.waitForFunction(() => document.querySelector("form[data-editor]")?.dataset.state === "published");
check("it is out", (await stored(ann, bare)).version > 1);

// ---- empty, as everybody sees it first ----

await ann.goto(`${url}/desk/stories/new/`);
await text(ann).waitFor();
await look(ann, "editor-new");
await ann.setViewportSize({ width: 640, height: 400 });
check("at 200 % nothing is beside the screen", await ann.evaluate(() => document.documentElement.scrollWidth <= innerWidth));

await browser.close();
finish();
