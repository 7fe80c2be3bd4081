// inert.js -- stored HTML shown inside the editor, where it may do nothing.
//
// What the server gave is sanitized, and the desk's policy runs no script and loads no foreign thing. A text that somebody has
// just typed into a block of HTML is neither until it was saved; so only what has no way to act is shown.

import { treeOf } from "./meaning.js";

const GONE = "script, style, iframe, object, embed, link, meta, base, form, input, select, textarea, button, template, svg, math, noscript";
const FROM_HERE = /^(?:\/(?!\/)|blob:|data:image\/)/;

/** @returns {HTMLElement} */
export function inert(html) {
  const tree = treeOf(html);
  for (const element of tree.querySelectorAll(GONE)) element.remove();
  for (const element of tree.querySelectorAll("*")) {
    for (const { name } of [...element.attributes]) {
      const kept = /^(?:class|alt|title|lang|dir|href|src|controls|open|colspan|rowspan|start|type|aria-label|width|height)$/.test(name);
      if (!kept) element.removeAttribute(name);
    }
    if (element.hasAttribute("src") && !FROM_HERE.test(element.getAttribute("src")) && !element.getAttribute("src").startsWith(`${location.origin}/`))
      element.removeAttribute("src");
    if (element.localName === "a") {
      element.removeAttribute("href");
      element.classList.add("link");
    }
    if (element.localName === "audio" || element.localName === "video") element.setAttribute("preload", "none");
  }
  const holder = document.createElement("div");
  holder.className = "inert";
  holder.append(tree);
  return holder;
}
