// lists.mjs CONFIG.json -- an editor's lists: stories narrowed down, ticked by mouse and keyboard, changed and undone; tags; authors.
//
// CONFIG.json: {"out": FOLDER, "shots": FOLDER or "", "url": "http://127.0.0.1:1", "setUp": "/desk/set-up/?link=..."}.
import { readFile } from "node:fs/promises";
import { launch } from "./chromium.mjs";
import { eyes } from "./look.mjs";

const { out, shots, url, setUp } = JSON.parse(await readFile(process.argv[2], "utf8"));
const { check, look, person, finish } = await eyes({ out, shots, url });
const browser = await launch();
const ann = await person(browser);
const said = () => ann.locator(".done[role=status]").innerText();
const ticked = () => ann.locator(".tick input:checked").count();

await ann.goto(url + setUp);
await ann.getByLabel("Your name").fill("Ann Quill");
await ann.getByLabel("Email").fill("ann@lantern.example");
await ann.getByLabel("New password").fill("a lamp at the quay");
await ann.getByRole("button", { name: "Set up" }).click();

// ---- stories ----

await ann.goto(`${url}/desk/stories/`);
await look(ann, "stories");
const rows = await ann.locator(".item").count();
check("the demo's stories are there", rows > 10, rows);
await ann.getByText("Narrow down").click();
await look(ann, "stories-narrow");
await ann.locator("#tag").fill("No such tag");
await ann.getByRole("button", { name: "Show these" }).click();
await look(ann, "stories-narrow-wrong");
check("a sentence by the field", (await ann.locator("#tag-wrong").count()) === 1);

// By keyboard alone.
await ann.goto(`${url}/desk/stories/`);
await ann.keyboard.press("j");
await ann.keyboard.press("x");
await ann.keyboard.press("j");
await ann.keyboard.press("j");
await ann.keyboard.press("x");
check("two are ticked by keys", (await ticked()) === 2, await ticked());
await ann.keyboard.press("a");
check("all of them", (await ticked()) === rows);
await ann.keyboard.press("a");
check("none of them", (await ticked()) === 0);
await ann.locator(".tick input").nth(2).click();
await ann.locator(".tick input").nth(6).click({ modifiers: ["Shift"] });
check("five with the shift key", (await ticked()) === 5, await ticked());
await ann.locator(".bulk summary").click();
await look(ann, "stories-more");
await ann.getByRole("button", { name: "Bin", exact: true }).click();
check("they are in the bin", (await said()).includes("5 stories are in the bin."), await said());
await look(ann, "stories-done");
await ann.getByRole("button", { name: "Undo" }).click();
check("and back", (await said()).includes("5 stories are as they were."), await said());
check("as many as before", (await ann.locator(".item").count()) === rows);

await ann.locator(".tick input").first().click();
await ann.getByRole("button", { name: "Bin", exact: true }).click();
await ann.getByRole("link", { name: "Bin", exact: true }).click();
await look(ann, "stories-bin");
await ann.locator(".tick input").first().click();
await ann.getByRole("button", { name: "Delete for good" }).click();
await look(ann, "stories-delete");
await ann.getByRole("link", { name: "Keep them" }).click();
await ann.locator(".tick input").first().click();
await ann.getByRole("button", { name: "Restore" }).click();
check("restored", (await said()).includes("One story is back as a draft."), await said());
await ann.getByRole("link", { name: "Drafts" }).click();
await look(ann, "stories-drafts");
await ann.getByRole("link", { name: "Scheduled", exact: true }).click();
await look(ann, "stories-none");
await ann.locator("#q").fill("harbour");
await ann.keyboard.press("Enter");
await ann.waitForURL(/q=harbour/);
await look(ann, "stories-found");

// ---- tags ----

await ann.getByRole("link", { name: "Tags", exact: true }).first().click();
await look(ann, "tags");
await ann.getByRole("link", { name: "Most stories first" }).click();
await ann.locator(".item h2 a").first().click();
await look(ann, "tag");
await ann.locator("#accent_color").first().fill("blueish");
await ann.locator("#parent").fill("No such tag");
await ann.getByRole("button", { name: "Save" }).click();
await look(ann, "tag-wrong");
check("two sentences", (await ann.locator(".sheet .wrong").count()) === 2);
await ann.goto(`${url}/desk/tags/new/`);
await look(ann, "tag-new");
await ann.getByLabel("Name").fill("Slipway");
await ann.getByRole("button", { name: "Make the tag" }).click();
check("made", (await said()).includes("The tag is made."));
await ann.locator("#into").pressSequentially("harb");
await ann.waitForFunction(() => document.querySelector("#into-names option") !== null);
check("names as they are typed", (await ann.locator("#into-names option").first().getAttribute("value")) === "Harbour");
await ann.locator("#into").fill("Harbour");
await ann.getByRole("button", { name: "Merge into another tag" }).click();
await look(ann, "tag-merge");
await ann.getByRole("button", { name: "Merge into another tag" }).click();
check("merged", (await said()).includes("The two are one now."));
await ann.goto(`${url}/desk/tags/proposed/`);
await look(ann, "tags-proposed");

// ---- authors ----

await ann.goto(`${url}/desk/bylines/`);
await look(ann, "bylines");
await ann.locator(".item h2 a").first().click();
await look(ann, "byline");
await ann.getByLabel("Whose login it is").selectOption({ label: "Ann Quill (ann@lantern.example)" });
await ann.getByRole("button", { name: "Save" }).click();
check("saved", (await said()).includes("The author is saved."));
await ann.goto(`${url}/desk/account/`);
await look(ann, "account-byline");
await ann.goto(`${url}/desk/bylines/new/`);
await ann.getByLabel("Website").fill("somewhere");
await ann.getByLabel("Name", { exact: true }).fill("Cora Vane");
await ann.getByRole("button", { name: "Make the author" }).click();
await look(ann, "byline-wrong");

await browser.close();
finish();
