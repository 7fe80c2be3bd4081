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
const said = () => ann.locator(".done").innerText();

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

// ---- menus ----

await ann.goto(`${url}/desk/settings/menus/`);
await look(ann, "menus-empty");
for (const [i, [label, address]] of [["Home", "/"], ["About", "/about/"], ["Shop", "javascript:alert(1)"]].entries()) {
  await ann.getByRole("button", { name: "Add a line" }).first().click();
  await ann.locator("[data-menu=navigation]").getByLabel("Label").nth(i).fill(label);
  await ann.locator("[data-menu=navigation]").getByLabel("Address").nth(i).fill(address);
}
await ann.getByRole("button", { name: "Save" }).last().click();
await look(ann, "menus-wrong");
check("the third is wrong", (await ann.locator(".wrong").count()) === 1);
await ann.locator("[data-menu=navigation]").getByLabel("Address").nth(2).fill("https://shop.example/");
await ann.getByRole("button", { name: /^Move Shop/ }).focus();
await ann.keyboard.press("ArrowUp");
await ann.keyboard.press("ArrowUp");
const labels = () => ann.locator("[data-menu=navigation] .field:first-child input").evaluateAll((all) => all.map((e) => e.value).join(" "));
check("moved by keyboard", (await labels()) === "Shop Home About", await labels());
const grip = await ann.getByRole("button", { name: /^Move Shop/ }).boundingBox();
const last = await ann.locator("[data-menu=navigation] .line").last().boundingBox();
await ann.mouse.move(grip.x + 5, grip.y + 5);
await ann.mouse.down();
await ann.mouse.move(grip.x + 5, last.y + 5, { steps: 4 });
await ann.mouse.move(grip.x + 5, last.y + last.height - 5, { steps: 4 });
await ann.mouse.up();
check("moved by hand", (await labels()) === "Home About Shop", await labels());
await ann.getByRole("button", { name: "Save" }).last().click();
check("the menu is saved", (await said()).includes("Saved."));
await look(ann, "menus");
await reader.goto(`${url}/`);
check("readers see the menu", (await reader.getByRole("link", { name: "Shop" }).count()) > 0);

await browser.close();
finish();
