// settings.mjs CONFIG.json -- the owner sets the paper up: the first steps, the settings, menus, themes, redirects.
//
// CONFIG.json: {"out": FOLDER, "shots": FOLDER or "", "url": "http://127.0.0.1:1", "setUp": "/desk/set-up/?link=..."}.
import { readFile } from "node:fs/promises";
import { launch } from "./chromium.mjs";
import { eyes } from "./look.mjs";

const { out, shots, url, setUp } = JSON.parse(await readFile(process.argv[2], "utf8"));
const { check, look, person, finish } = await eyes({ out, shots, url });
const browser = await launch();
const ann = await person(browser);
const said = () => ann.getByRole("status").innerText();

await ann.goto(url + setUp);
await ann.getByLabel("Your name").fill("Ann Quill");
await ann.getByLabel("Email").fill("ann@lantern.example");
await ann.getByLabel("New password").fill("a lamp at the quay");
await ann.getByRole("button", { name: "Set up" }).click();

// ---- the first steps ----

await ann.goto(`${url}/desk/`);
await look(ann, "home");
check("five steps", (await ann.locator(".first > li").count()) === 5);

// ---- settings ----

await ann.getByRole("link", { name: "Settings" }).first().click();
await look(ann, "settings");
await ann.getByLabel("Title").fill("The Varnmouth Lantern & Beacon");
await ann.getByLabel("Accent colour").first().fill("a kind of blue");
await ann.getByRole("button", { name: "Save" }).click();
await look(ann, "settings-wrong");
check("what was typed is kept", (await ann.getByLabel("Title").inputValue()) === "The Varnmouth Lantern & Beacon");
await ann.getByLabel("Accent colour").first().fill("#1f4e7a");
await ann.getByLabel("Time zone").selectOption("Europe/Lisbon");
await ann.getByRole("button", { name: "Save" }).click();
check("saved", (await said()).includes("Saved."));
for (const name of ["Search and social", "Replies", "Code"]) {
  await ann.getByRole("navigation", { name: "Kinds of settings" }).getByRole("link", { name }).click();
  await look(ann, `settings-${name.toLowerCase().replaceAll(" ", "-")}`);
}
const reader = await person(browser);
await reader.goto(`${url}/`);
check("readers see the title", (await reader.title()).includes("The Varnmouth Lantern & Beacon"));

await browser.close();
finish();
