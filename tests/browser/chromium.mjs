// chromium.mjs -- Debian's Chromium, started so that it asks nobody anything.
//
//     const browser = await launch();
//     const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
//
// The profile is new each time and goes with the browser.
import { chromium } from "playwright-core";

export const CHROMIUM = process.env.CHROMIUM || "/usr/bin/chromium";

const QUIET = [
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

export function launch() {
  // Chromium's sandbox does not start as root, which is what a test machine often is.
  const sandbox = process.getuid() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: CHROMIUM, args: [...sandbox, ...QUIET] });
}
