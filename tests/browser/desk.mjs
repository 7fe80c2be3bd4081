// desk.mjs CONFIG.json -- an editor's day at the desk, in a browser.
//
// CONFIG.json: {"out": FOLDER, "shots": FOLDER or "", "url": "http://127.0.0.1:1", "setUp": "/desk/set-up/?link=..."}.
// Sets the desk up, turns the second factor on, invites an editor, signs in with a code, decides on replies by
// mouse and by keyboard alone, answers one. Each page on the way is looked at (look.mjs).
import { createHmac } from "node:crypto";
import { readFile } from "node:fs/promises";
import { launch } from "./chromium.mjs";
import { eyes } from "./look.mjs";

const TABS_MAX = 80;

const { out, shots, url, setUp } = JSON.parse(await readFile(process.argv[2], "utf8"));
const { check, look, person, finish } = await eyes({ out, shots, url });

/** RFC 6238, as an authenticator does it. */
function totp(secret, later = 0) {
  const bits = [...secret].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + later));
  const mac = createHmac("sha1", key).update(step).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, "0");
}

async function at(page, what, path) {
  const { pathname } = new URL(page.url());
  check(`${what}: is at ${path}`, pathname === path, `${page.url()} ${await page.locator("main").innerText()}`);
}

const browser = await launch();
const ann = await person(browser);

// ---- set up ----

await ann.goto(url + setUp);
await look(ann, "set-up");
await ann.getByLabel("Your name").fill("Ann Quill");
await ann.getByLabel("Email").fill("ann@lantern.example");
await ann.getByLabel("New password").fill("shortpass");
await ann.getByRole("button", { name: "Set up" }).click();
await look(ann, "set-up-wrong");
check("what was typed is kept", (await ann.getByLabel("Your name").inputValue()) === "Ann Quill");
await ann.getByLabel("New password").fill("a lamp at the quay");
await ann.getByRole("button", { name: "Set up" }).click();
await at(ann, "set up", "/desk/");
await ann.getByRole("link", { name: "Ann Quill" }).click();
await look(ann, "account");

// ---- the second factor ----

await ann.getByRole("link", { name: "Turn it on" }).click();
await look(ann, "two-step");
const secret = (await ann.locator(".secret").innerText()).replaceAll(/\s/g, "");
await ann.getByLabel("Type the six digits it shows").fill("12345");
await ann.getByRole("button", { name: "Turn it on" }).click();
await look(ann, "two-step-wrong");
await ann.getByLabel("Type the six digits it shows").fill(totp(secret));
await ann.getByRole("button", { name: "Turn it on" }).click();
await look(ann, "recovery-codes");
check("ten recovery codes", (await ann.locator(".codes code").count()) === 10);
await ann.getByRole("link", { name: "I have kept them" }).click();
await ann.getByRole("link", { name: "Recovery codes, turning it off" }).click();
await look(ann, "two-step-on");

// ---- an invitation ----

await ann.getByRole("link", { name: "People" }).click();
await ann.getByLabel("Email").fill("eve@lantern.example");
await ann.getByLabel("Role").selectOption("Editor");
await ann.getByRole("button", { name: "Make the invitation" }).click();
await look(ann, "invited");
const invitation = await ann.getByLabel("Link").inputValue();
await ann.getByRole("link", { name: "People" }).first().click();
await look(ann, "people");
const eve = await person(browser);
await eve.goto(invitation.replace(/^https?:\/\/[^/]+/, url));
await look(eve, "invitation");
await eve.getByLabel("Your name").fill("Eve Ling");
await eve.getByLabel("New password").fill("tides and tables");
await eve.getByRole("button", { name: "Join" }).click();
await at(eve, "joined", "/desk/");
await ann.reload();
await ann.getByRole("link", { name: "Eve Ling" }).click();
await look(ann, "person");

// ---- out, and in with a code ----

await ann.getByRole("button", { name: "Sign out" }).click();
await look(ann, "signed-out");
await ann.goto(`${url}/desk/log/`);
await at(ann, "asked to sign in", "/desk/sign-in/");
await ann.getByLabel("Email").fill("ann@lantern.example");
await ann.getByLabel("Password").fill("not the password");
await ann.getByRole("button", { name: "Sign in" }).click();
await look(ann, "sign-in-wrong");
await ann.getByLabel("Password").fill("a lamp at the quay");
await ann.keyboard.press("Enter");
await ann.waitForURL((to) => to.pathname === "/desk/sign-in/code/");
await at(ann, "the code is asked for", "/desk/sign-in/code/");
await look(ann, "code");
await ann.getByLabel("Code").fill(totp(secret, 1)); // the one before was used to turn it on
await ann.keyboard.press("Enter");
await ann.waitForURL((to) => to.pathname === "/desk/log/");
await at(ann, "in, and where she was going", "/desk/log/");
await look(ann, "log");

// ---- moderation ----

await eve.getByRole("link", { name: /^Replies/ }).click();
await look(eve, "replies");
check("four wait", (await eve.locator(".reply").count()) === 4 && /4/.test(await eve.locator(".count").innerText()));
const spam = eve.locator(".reply", { hasText: "Ropes & Knots" });
await spam.getByRole("button", { name: "Spam" }).click();
await look(eve, "decided");
await eve.getByRole("button", { name: "Undo" }).click();
await eve.waitForFunction(() => document.querySelectorAll(".reply").length === 4);
check("undone", (await eve.locator(".reply").count()) === 4);
await spam.getByRole("button", { name: "Spam" }).click();
for (const name of ["Olaf", "Ida Holm"]) await eve.locator(".reply", { hasText: name }).last().getByRole("checkbox").check();
await eve.getByRole("group", { name: "Those ticked" }).getByRole("button", { name: "Approve" }).click();
await eve.getByText("2 replies are approved.").first().waitFor();
await eve.waitForFunction(() => document.querySelectorAll(".reply").length === 1);
check("two at once", (await eve.locator(".reply").count()) === 1);

// By keyboard alone: to the last one's way in, and an answer to it.
await eve.locator("body").press("Tab");
for (let i = 0; i < TABS_MAX; i++) {
  const text = await eve.evaluate(() => {
    const e = document.activeElement;
    const style = getComputedStyle(e);
    return { text: e.textContent, outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0, tag: e.tagName };
  });
  if (text.tag !== "BODY") check(`focus is seen on ${text.text.trim().slice(0, 30) || text.tag}`, text.outlined);
  if (/^More/.test(text.text) && text.tag === "A") break;
  await eve.keyboard.press("Tab");
}
await eve.keyboard.press("Enter");
await eve.waitForURL(/\/desk\/replies\/\d+\//);
await look(eve, "reply");
await eve.getByLabel(/^Your answer/).fill("We asked the harbour master.");
await eve.getByRole("button", { name: "Approve and answer" }).click();
check("answered", (await eve.getByRole("status").innerText()).includes("Your answer is on the page."));
await eve.getByLabel("The reply's text").fill("   ");
await eve.getByRole("button", { name: "Keep this text" }).click();
await look(eve, "reply-wrong");
await eve.goto(`${url}/desk/replies/?state=approved`);
await look(eve, "approved");
await eve.goto(`${url}/desk/replies/`);
await look(eve, "empty");
await eve.goto(`${url}/desk/log/`);
await look(eve, "denied");
const reader = await person(browser);
await reader.goto(`${url}/story-1/`);
const shown = await reader.locator("body").innerText();
check("readers see the answer, named", shown.includes("We asked the harbour master.") && shown.includes("Eve Ling"));
check("and no spam", !shown.includes("Cheap ropes"));
check("and get no cookie", (await reader.context().cookies()).length === 0);
const cookies = await eve.context().cookies();
check("the desk's cookie is for the desk alone", cookies.length === 1 && cookies[0].httpOnly && cookies[0].path === "/desk/" && cookies[0].sameSite === "Lax",
  JSON.stringify(cookies));

await browser.close();
finish();
