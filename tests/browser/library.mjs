// library.mjs CONFIG.json -- the media library: brought in by button, drop and paste; described; cut; replaced; removed.
//
// CONFIG.json: {"out": FOLDER, "shots": FOLDER or "", "files": FOLDER, "url": "http://127.0.0.1:1", "setUp": "/desk/set-up/?link=..."}.
import { readFile } from "node:fs/promises";
import { launch } from "./chromium.mjs";
import { eyes } from "./look.mjs";

const { out, shots, files, url, setUp } = JSON.parse(await readFile(process.argv[2], "utf8"));
const { check, look, person, finish } = await eyes({ out, shots, url });
const browser = await launch();
const ann = await person(browser);
const file = (name) => `${files}/${name}`;

await ann.goto(url + setUp);
await ann.getByLabel("Your name").fill("Ann Quill");
await ann.getByLabel("Email").fill("ann@lantern.example");
await ann.getByLabel("New password").fill("a lamp at the quay");
await ann.getByRole("button", { name: "Set up" }).click();

/** Files given to the page as a drop or a paste gives them. */
async function give(kind, names) {
  const given = await Promise.all(names.map(async (name) => ({ name, data: (await readFile(file(name))).toString("base64") })));
  await ann.evaluate(([kind, given]) => {
    const transfer = new DataTransfer();
    for (const { name, data } of given) {
      transfer.items.add(new File([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], name, { type: "image/png" }));
    }
    const event = kind === "paste" ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true })
      : new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true });
    document.querySelector("main").dispatchEvent(event);
  }, [kind, given]);
}

const lines = () => ann.locator(".uploads > li");
const line = (name) => ann.locator(".uploads > li", { hasText: name });

// ---- brought in ----

await ann.getByRole("navigation", { name: "Desk" }).getByRole("link", { name: "Media" }).click();
await look(ann, "library");
check("pictures are there", (await ann.locator(".pictures > li").count()) === 5);
await ann.setViewportSize({ width: 1280, height: 844 });
await ann.getByLabel("Add pictures and files").setInputFiles([file("Harbour wall.png"), file("notes.jpg"), file("film.mp4")]);
await line("Harbour wall.png").getByRole("link").waitFor();
await line("notes.jpg").getByRole("alert").waitFor();
check("what is no picture is said by its file", (await line("notes.jpg").getByRole("alert").innerText()).includes("This is no picture"));
check("what is too large is not even sent", (await line("film.mp4").getByRole("alert").innerText()).includes("the server takes 8 MB"));
await give("dragenter", []);
await give("dragenter", ["Low tide.png"]);
check("a drag is seen to be taken", await ann.evaluate(() => document.body.classList.contains("dragging")));
await give("drop", ["Low tide.png"]);
await line("Low tide.png").getByRole("link").waitFor();
check("and over with the drop", !(await ann.evaluate(() => document.body.classList.contains("dragging"))));
await give("paste", ["Harbour wall.png"]);
await lines().nth(4).getByText("It was here already.").waitFor();
check("how many came", (await ann.locator(".uploads + [role=status]").innerText()).includes("3 are here."));
await line("Low tide.png").getByLabel("What does it show?").fill("The harbour at low tide");
await ann.keyboard.press("Enter");
await line("Low tide.png").getByText("The harbour at low tide").waitFor();
await look(ann, "library-uploads");

// A line that breaks, and comes back.
await ann.route("**/desk/media/upload/", (route) => route.abort());
await ann.getByLabel("Add pictures and files").setInputFiles(file("better.png"));
await line("better.png").getByRole("alert").waitFor();
check("a lost connection is said", (await line("better.png").getByRole("alert").innerText()).includes("The connection was lost."));
await ann.unroute("**/desk/media/upload/");
await line("better.png").getByRole("button", { name: "Try again" }).click();
await line("better.png").getByRole("link").waitFor();
check("tried again, it is here", (await line("better.png").getByRole("alert").count()) === 0);

// A session that ended meanwhile.
const cookies = await ann.context().cookies();
await ann.context().clearCookies();
await ann.getByLabel("Add pictures and files").setInputFiles(file("late.png"));
await line("late.png").getByRole("alert").waitFor();
check("an ended session is said, with the way back", await line("late.png").getByRole("link", { name: "Sign in" }).isVisible());
await ann.context().addCookies(cookies);
await line("late.png").getByRole("button", { name: "Try again" }).click();
await line("late.png").getByRole("link", { name: "late.png" }).waitFor();

// ---- found ----

await ann.getByRole("link", { name: "Show the list anew" }).click();
check("the newest first", (await ann.locator(".pictures .name").first().innerText()) === "late.png");
await ann.getByLabel("Words in name").fill("tide");
await ann.keyboard.press("Enter");
await ann.waitForURL(/q=tide/);
check("found by its alt text", (await ann.locator(".pictures > li").count()) === 1);
await ann.getByText("By whom, when, in which story").click();
await ann.getByLabel("Brought in by").selectOption("Me");
await ann.getByLabel("Only pictures without alt text").check();
await ann.getByLabel("Words in name").fill("");
await ann.getByRole("button", { name: "Search" }).click();
check("narrowed", (await ann.locator(".pictures > li").count()) === 3);
await look(ann, "library-narrowed");

// ---- several at once ----

await ann.goto(`${url}/desk/media/?kind=picture`);
for (const name of ["better.png", "Low tide.png"]) await ann.locator(".pictures > li", { hasText: name }).getByRole("checkbox").check();
const several = ann.getByRole("group", { name: "Those ticked" });
await several.getByLabel("Credit").fill("Ida Holm");
await several.getByRole("button", { name: "Set these" }).click();
check("credit for two", (await ann.getByRole("status").first().innerText()).includes("2 are changed."));
check("on the list as it was", /kind=picture/.test(ann.url()), ann.url());
await ann.getByRole("link", { name: "What nothing shows" }).click();
await look(ann, "library-unused");
await ann.getByRole("button", { name: "Tick all" }).click();
for (const name of ["better.png", "Low tide.png"]) await ann.locator(".pictures > li", { hasText: name }).getByRole("checkbox").uncheck();
ann.once("dialog", (dialog) => void dialog.dismiss());
await ann.getByRole("button", { name: "Remove" }).click();
check("asked first", new URL(ann.url()).search === "");
ann.once("dialog", (dialog) => void dialog.accept());
await ann.getByRole("button", { name: "Remove" }).click();
await ann.waitForURL(/done=media-removed/);
check("those not ticked stay", (await ann.locator(".pictures > li").count()) === 2);

// ---- alt texts ----

await ann.goto(`${url}/desk/media/alt/`);
await look(ann, "library-alt");
await ann.getByLabel("Alt text").fill("A slope of colours");
await ann.getByRole("button", { name: "Save, and the next one" }).click();
check("kept, and on to the next", (await ann.getByRole("status").innerText()).includes("That is kept."));
await ann.getByRole("link", { name: "Skip this one" }).click();

// ---- one ----

await ann.goto(`${url}/desk/media/?story=story-1`);
await ann.locator(".pictures a").click();
await look(ann, "picture");
check("where it is shown", await ann.getByRole("link", { name: "In the fog" }).isVisible());
await ann.getByLabel("Alt text").fill("A ferry in fog");
await ann.getByLabel("Credit").fill("Ada Ferry");
await ann.getByRole("button", { name: "Save" }).first().click();
check("said", (await ann.getByRole("status").first().innerText()).includes("That is kept."));
await ann.setViewportSize({ width: 1280, height: 844 });
await ann.getByText("Where it is cut").click();
const point = ann.locator(".stage .point");
await point.waitFor();
const number = async (name) => Number(await ann.locator(`#${name}`).inputValue());

// By keyboard: the point, then an edge, which takes the point along.
await point.focus();
for (let i = 0; i < 5; i++) await ann.keyboard.press("ArrowLeft");
await ann.keyboard.press("Shift+ArrowUp");
check("arrow keys move the point", (await number("focal_x")) === 45 && (await number("focal_y")) === 40, `${await number("focal_x")} ${await number("focal_y")}`);
check("and it is said", (await point.getAttribute("aria-label")).includes("45 % from the left, 40 % from the top"));
const left = ann.getByRole("slider", { name: "Left edge" });
await left.focus();
for (let i = 0; i < 5; i++) await ann.keyboard.press("Shift+ArrowRight");
check("arrow keys move an edge", (await number("left")) === 50 && (await left.getAttribute("aria-valuenow")) === "50");
check("the point goes along", (await number("focal_x")) === 50);
for (let i = 0; i < 9; i++) await ann.keyboard.press("Shift+ArrowRight");
check("no further than the other one", (await number("left")) === 95);
for (let i = 0; i < 12; i++) await ann.keyboard.press("Shift+ArrowLeft");

// By pointer: a click on the picture, and an edge drawn in.
const box = await ann.locator(".stage img").boundingBox();
await ann.mouse.click(box.x + box.width * 0.25, box.y + box.height * 0.75);
check("a click moves the point", Math.abs((await number("focal_x")) - 25) < 1 && Math.abs((await number("focal_y")) - 75) < 1);
const bottom = await ann.getByRole("slider", { name: "Lower edge" }).boundingBox();
await ann.mouse.move(bottom.x + bottom.width / 2, bottom.y + bottom.height / 2);
await ann.mouse.down();
await ann.mouse.move(box.x + box.width / 2, box.y + box.height * 0.6, { steps: 5 });
await ann.mouse.up();
check("an edge is drawn in", Math.abs((await number("bottom")) - 60) < 1 && Math.abs((await number("focal_y")) - 60) < 1, await number("bottom"));
const square = await ann.evaluate(() => {
  const { left, top, width, height } = document.querySelectorAll(".shape img")[2].style;
  return [left, top, width, height].map(parseFloat);
});
check("the square shows the part around the point", square[0] < 0 || square[2] > 100, square);
await ann.locator("#top").fill("20");
check("numbers move what is on the picture", (await ann.locator(".stage .veil > div").evaluate((e) => e.style.top)) === "20%");
await look(ann, "picture-cut");
await ann.setViewportSize({ width: 1280, height: 844 });
await ann.locator("#focal_y").fill("90");
await ann.locator(".cut").getByRole("button", { name: "Save" }).click();
await ann.locator("#focal_y-wrong").waitFor();
check("nonsense is said by its field", (await ann.locator("#focal_y-wrong").innerText()).includes("outside of the part"));
await look(ann, "picture-wrong");
await ann.setViewportSize({ width: 1280, height: 844 });
await ann.locator("#focal_y").fill("50");
await ann.locator(".cut").getByRole("button", { name: "Save" }).click();
check("cut", (await ann.getByRole("status").first().innerText()).includes("It is cut so from now on."));

// ---- another in its place ----

await ann.getByLabel("Another file").setInputFiles(file("notes.jpg"));
await ann.getByRole("button", { name: "Replace" }).click();
await ann.locator("#file-wrong").waitFor();
check("what is none is said by its field", (await ann.locator("#file-wrong").innerText()).includes("This is no picture"));
await ann.getByLabel("Another file").setInputFiles([]);
await ann.getByRole("button", { name: "Choose one that is here" }).click();
const chooser = ann.getByRole("dialog", { name: "Choose one that is here" });
await chooser.getByRole("button", { name: "Low tide.png" }).waitFor();
await chooser.getByLabel("Search").fill("better");
await chooser.getByRole("button", { name: "Low tide.png" }).waitFor({ state: "detached" });
await look(ann, "picture-chooser");
await ann.setViewportSize({ width: 1280, height: 844 });
await chooser.getByRole("button", { name: "better.png" }).click();
check("its address is taken", (await ann.locator("#with").inputValue()).endsWith("/better.png"));
await ann.getByRole("button", { name: "Replace" }).click();
await ann.waitForURL(/done=media-replaced/);
const reader = await person(browser);
await reader.goto(`${url}/story-1/`);
check("readers see the other", (await reader.locator("article img, main img").first().getAttribute("src")).includes("better"));

// ---- gone ----

ann.once("dialog", (dialog) => void dialog.accept());
await ann.getByRole("button", { name: "Remove" }).click();
await ann.getByRole("alert").waitFor();
check("not while it is shown", (await ann.getByRole("alert").innerText()).includes("was not removed"));
await ann.goto(`${url}/desk/log/`);
check("the log says who did what", (await ann.locator("main").innerText()).includes("Put another picture or file in one's place"));

await browser.close();
finish();
