// settings.mjs CONFIG.json -- the owner sets the paper up: the first steps, the settings, menus, themes, redirects.
//
// CONFIG.json: {"out": FOLDER, "shots": FOLDER or "", "url": "http://127.0.0.1:1", "setUp": "/desk/set-up/?link=...",
// "themes": {"good": ZIP, "broken": ZIP}, "picture": PNG}.
import { readFile } from "node:fs/promises";
import { launch } from "./chromium.mjs";
import { eyes } from "./look.mjs";

const TABS_MAX = 80;

const { out, shots, url, setUp, themes, picture } = JSON.parse(await readFile(process.argv[2], "utf8"));
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
const [chooser] = await Promise.all([ann.waitForEvent("filechooser"), ann.getByRole("button", { name: "Upload a picture" }).first().click()]);
await chooser.setFiles(picture);
await ann.locator("img.chosen").waitFor();
const logo = await ann.getByLabel("Logo").inputValue();
check("the picture is in the library", logo.startsWith("/content/images/"), logo);
await ann.getByLabel("Cover picture").focus();
await ann.locator(`datalist option[value="${logo}"]`).waitFor({ state: "attached" });
await look(ann, "settings-picture");
await ann.getByRole("button", { name: "Save" }).click();
check("saved with it", (await ann.getByLabel("Logo").inputValue()) === logo);
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

// ---- themes ----

await ann.getByRole("navigation", { name: "Kinds of settings" }).getByRole("link", { name: "Theme" }).click();
const upload = async (path) => {
  await ann.getByLabel("A zip file").setInputFiles(path);
  await ann.getByRole("button", { name: "Upload" }).click();
};
await upload(themes.broken);
await look(ann, "themes-wrong");
check("the fault is told with its place", (await ann.getByRole("alert").innerText()).includes("post.hbs:1:1:"));
await upload(themes.good);
check("the theme is there", (await said()).includes("without a fault"));
await ann.getByRole("button", { name: "Use harbour" }).click();
check("it is worn", (await said()).includes("in this theme now"));
await look(ann, "themes");
await ann.getByRole("link", { name: "Its own settings" }).click();
await look(ann, "theme-choices");
await ann.getByLabel("Layout").selectOption("Narrow");
await ann.getByRole("button", { name: "Save" }).click();
await reader.goto(`${url}/`);
check("readers see the choice", (await reader.locator("body").innerText()).includes("Narrow"));
await ann.goto(`${url}/desk/settings/themes/`);
await ann.getByRole("button", { name: "Use broadsheet" }).click();

// ---- redirects ----

await ann.getByRole("navigation", { name: "Kinds of settings" }).getByRole("link", { name: "Redirects" }).click();
await look(ann, "redirects-none");
await ann.getByLabel("Old address").fill("/2014/03/the-ferry/");
await ann.getByLabel("Leads to").fill("/2014/03/the-ferry");
await ann.getByRole("button", { name: "Add" }).click();
await look(ann, "redirects-wrong");
await ann.getByLabel("Leads to").fill("/about/");
await ann.getByRole("button", { name: "Add" }).click();
await ann.getByLabel("A file of redirects").setInputFiles({
  name: "redirects.yaml", mimeType: "application/yaml",
  buffer: Buffer.from("301:\n  /a/: /b/\n  /c/(.*)/: /d/$1/\n302:\n  /now/: https://elsewhere.example/\n"),
});
await ann.getByRole("button", { name: "Upload" }).click();
await look(ann, "redirects");
check("two are taken, one is named", /2 redirects are taken\. One was not:[\s\S]*\/c\/\(\.\*\)\//.test(await ann.locator("main").innerText()));

// ---- one's own account, and home once more ----

await ann.getByRole("link", { name: "Ann Quill" }).click();
await look(ann, "account-self");
await ann.getByLabel("New email").fill("ann.quill@lantern.example");
await ann.getByLabel("Your password now").first().fill("not this one");
await ann.getByRole("button", { name: "Change the email" }).click();
await look(ann, "account-wrong");
check("the email typed is kept", (await ann.getByLabel("New email").inputValue()) === "ann.quill@lantern.example");
await ann.getByLabel("Your password now").first().fill("a lamp at the quay");
await ann.getByRole("button", { name: "Change the email" }).click();
check("the email is changed", (await said()).includes("The email is changed."));
for (const title of ["The ferry is late", "", "A winter timetable for the harbour, and what the eleven parishes think of it"]) {
  await ann.goto(`${url}/desk/stories/new/`);
  await ann.evaluate(async (value) => {
    const form = new URLSearchParams(new FormData(document.querySelector("form[data-editor]")));
    form.set("title", value || "Untitled for now");
    form.set("html", "<p>Boats.</p>");
    form.set("do", "save");
    await fetch("/desk/stories/new/", { method: "POST", body: form, headers: { Accept: "application/json" } });
  }, title);
}
await ann.goto(`${url}/desk/`);
await look(ann, "home-waiting");
check("drafts are told", (await ann.getByRole("link", { name: "The ferry is late" }).count()) === 1);

// By keyboard alone: the list of steps is put away, and the focus is always seen.
await ann.locator("body").press("Tab");
for (let i = 0; i < TABS_MAX; i++) {
  const on = await ann.evaluate(() => {
    const e = document.activeElement;
    const style = getComputedStyle(e);
    return { text: e.textContent.trim(), tag: e.tagName, outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 };
  });
  if (on.tag !== "BODY") check(`focus is seen on ${on.text.slice(0, 30) || on.tag}`, on.outlined);
  if (on.text === "Put this list away") break;
  await ann.keyboard.press("Tab");
}
await ann.keyboard.press("Enter");
await ann.getByRole("button", { name: "Show the first steps again" }).waitFor();
await look(ann, "home-away");

await browser.close();
finish();
