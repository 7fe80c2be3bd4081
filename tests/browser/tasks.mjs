// tasks.mjs CONFIG.json -- mail, import, export and backup at the desk, in a browser. Each page on the way is looked at.
//
// CONFIG.json: {"out": FOLDER, "shots": FOLDER or "", "url": ..., "setUp": ..., "small": WXR, "big": WXR}.
import { readFile } from "node:fs/promises";
import { launch } from "./chromium.mjs";
import { eyes } from "./look.mjs";

const { out, shots, url, setUp, small, big } = JSON.parse(await readFile(process.argv[2], "utf8"));
const { check, look, person, finish } = await eyes({ out, shots, url });

const browser = await launch();
const ann = await person(browser);
const main = () => ann.locator("main").innerText();

await ann.goto(url + setUp);
await ann.getByLabel("Your name").fill("Ann Quill");
await ann.getByLabel("Email").fill("ann@lantern.example");
await ann.getByLabel("New password").fill("a lamp at the quay");
await ann.getByRole("button", { name: "Set up" }).click();

// ---- mail ----

await ann.goto(`${url}/desk/settings/mail/`);
await look(ann, "mail");
await ann.getByRole("button", { name: "Send a test" }).click();
await look(ann, "mail-refused");
check("the server's own words", (await main()).includes("550 5.7.1"));
await ann.getByRole("button", { name: "Send a test" }).click();
await look(ann, "mail-taken");
check("taken", (await main()).includes("The server took the mail."));
await ann.goto(`${url}/desk/people/`);
await ann.getByLabel("Email").fill("eve@lantern.example");
await ann.getByRole("button", { name: "Make the invitation" }).click();
await look(ann, "mail-invited");
await ann.goto(`${url}/desk/people/`);
await look(ann, "mail-people");
const lost = await person(browser);
await lost.goto(`${url}/desk/sign-in/`);
await lost.getByRole("link", { name: "Password lost?" }).click();
await look(lost, "lost");
await lost.getByLabel("Email").fill("ann@lantern.example");
await lost.keyboard.press("Enter");
await lost.waitForURL(/sign-in/);
await look(lost, "lost-asked");

// ---- import ----

await ann.goto(`${url}/desk/settings/`);
await ann.getByRole("link", { name: "Import, export, backup" }).click();
await look(ann, "import-empty");
await ann.getByLabel("File", { exact: true }).setInputFiles(small);
await ann.getByRole("button", { name: "Upload" }).click();
await look(ann, "import");
await ann.getByRole("button", { name: "Try it out" }).click();
await ann.getByRole("heading", { name: "To know" }).waitFor({ timeout: 20000 });
await look(ann, "import-tried");
check("the report names what was not understood", (await main()).includes("[slider]"));
await ann.goto(`${url}/desk/import/`);
await ann.getByLabel("File", { exact: true }).setInputFiles(big);
await ann.getByRole("button", { name: "Upload" }).click();
for (const box of await ann.locator("input[name=file][type=checkbox]").all()) await box.setChecked(await box.getAttribute("value") === "archive-of-the-old-paper.xml");
await ann.getByRole("button", { name: "Import", exact: true }).click();
await ann.locator("progress[value]").waitFor({ timeout: 20000 });
const first = await ann.locator("progress").getAttribute("value");
await ann.waitForFunction((was) => document.querySelector("progress")?.getAttribute("value") > Number(was), first, { timeout: 20000 });
check("it moves without reloading", true);
check("and says how far", /Stories: \d+ of 40000/.test(await main()), await main());
await look(ann, "import-running");
await ann.goto(`${url}/desk/export/`);
await look(ann, "export-busy");
await ann.goBack();
await ann.getByRole("button", { name: "Cancel" }).focus();
await ann.keyboard.press("Enter");
await ann.getByText("Cancelled").waitFor({ timeout: 20000 });
await look(ann, "import-cancelled");

// ---- export ----

await ann.goto(`${url}/desk/export/`);
await look(ann, "export-empty");
await ann.getByLabel("With email and network addresses").check();
await ann.getByRole("button", { name: "Make the archive" }).click();
await ann.getByRole("link", { name: "Fetch" }).waitFor({ timeout: 60000 });
await look(ann, "export-done");
const fetched = ann.waitForEvent("download");
await ann.getByRole("link", { name: "Fetch" }).click();
check("a file comes", /^archive-private-.*\.tar$/.test((await fetched).suggestedFilename()));
await ann.goto(`${url}/desk/export/`);
await look(ann, "export");

// ---- backup ----

await ann.goto(`${url}/desk/backup/`);
await look(ann, "backup-empty");
await ann.getByRole("button", { name: "Make a copy now" }).click();
await ann.getByText("Done").waitFor({ timeout: 60000 });
await look(ann, "backup-done");
await ann.goto(`${url}/desk/backup/`);
await look(ann, "backup");

// ---- a server that is gone ----

await ann.goto(`${url}/desk/import/`);
await ann.getByRole("button", { name: "Import", exact: true }).click();
await ann.locator("[data-task]").waitFor();
await ann.context().setOffline(true);
await ann.locator("[data-task-gone]").waitFor({ state: "visible", timeout: 10000 });
check("it says that the server does not answer", true);
await ann.context().setOffline(false);
await ann.locator("[data-task-gone]").waitFor({ state: "hidden", timeout: 10000 }).catch(() => {});
check("and goes on", (await ann.locator("[data-task-gone]:visible").count()) === 0);

await browser.close();
finish();
