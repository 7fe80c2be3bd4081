// views.js -- how cards look while they are written: the picture above its caption, the card that an address becomes, HTML as it shows.
//
// A view draws what stands beside a node's text and lets ProseMirror keep the text itself (contentDOM). What can be
// changed about a card is in the toolbar while the cursor is in it (tools_of_card.js), so that it is all in one place
// for the keyboard; a view has only the buttons that ask for what is missing.

import { say } from "../words.js";
import { hasClass } from "./attributes.js";
import { h } from "./dom.js";
import { inert } from "./inert.js";
import { schema } from "./schema.js";
import { galleryRows } from "./writer.js";

/** A picture as stored; where there is none any more, its words. */
function pictureOf(img) {
  const element = h("img", { src: img.src ?? "", alt: img.alt ?? "", draggable: "false" });
  element.addEventListener("error", () => element.classList.add("gone"));
  return element;
}

/** What is common: an outer element, a part that is drawn anew, the text. */
class CardView {
  /** @param {{act: (what: string, pos: number) => void}} page */
  constructor(node, view, getPos, page) {
    this.view = view;
    this.getPos = getPos;
    this.page = page;
    this.node = node;
    this.dom = h("div", { class: "card" });
    this.shown = h("div", { class: "shown", contenteditable: "false" });
    this.dom.append(this.shown);
    if (node.inlineContent) {
      this.contentDOM = h("div", { class: "caption" });
      this.dom.append(this.contentDOM);
    }
    this.draw();
  }

  act(what) {
    this.page.act(what, this.getPos());
  }

  button(label, what, kind = "quiet") {
    return h("button", { type: "button", class: kind, onclick: () => this.act(what) }, label);
  }

  draw() {
    const { html } = this.node.attrs;
    const width = hasClass(html, "kg-width-full") || hasClass(html, "alignfull") ? "full" : hasClass(html, "kg-width-wide") || hasClass(html, "alignwide") ? "wide" : "";
    this.dom.className = ["card", `is-${this.node.type.name}`, width && `is-${width}`].filter(Boolean).join(" ");
    if (this.contentDOM) {
      this.contentDOM.dataset.empty = this.node.content.size === 0 ? this.placeholder() : "";
      this.contentDOM.classList.toggle("is-empty", this.node.content.size === 0);
    }
    this.shown.replaceChildren(...this.parts());
  }

  placeholder() {
    return say("editor.caption-empty");
  }

  parts() {
    return [];
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    const same = node.hasMarkup(this.node.type, this.node.attrs, this.node.marks) && (node.content.size === 0) === (this.node.content.size === 0);
    this.node = node;
    if (!same) this.draw();
    return true;
  }

  stopEvent(event) {
    return event.target instanceof Element && event.target.closest("button, input, textarea, summary, audio, video") !== null && this.shown.contains(event.target);
  }

  ignoreMutation(mutation) {
    return mutation.type !== "selection" && !(this.contentDOM && this.contentDOM.contains(mutation.target));
  }
}

class ImageView extends CardView {
  parts() {
    const { img, link } = this.node.attrs;
    const alt = img?.alt ?? "";
    return [
      pictureOf(img ?? {}),
      h("p", { class: "about" },
        alt ? h("span", { class: "alt" }, say("editor.alt-is", { alt })) : h("strong", { class: "missing" }, say("editor.alt-missing")),
        this.button(alt ? say("editor.alt-change") : say("editor.alt-write"), "alt"),
        link && h("span", { class: "soft" }, say("editor.links-to", { address: link.href ?? "" }))),
    ];
  }
}

class GalleryView extends CardView {
  parts() {
    const { images, rows } = this.node.attrs;
    let at = 0;
    const missing = images.filter((image) => image.img && !image.img.alt).length;
    return [
      ...galleryRows(images.length, rows).map((count) => {
        at += count;
        return h("div", { class: "gallery-row" }, images.slice(at - count, at).map((image) =>
          h("div", { class: "gallery-item" }, image.img ? pictureOf(image.img) : h("span", { class: "elsewhere" }, image.foreign.label))));
      }),
      h("p", { class: "about" }, h("span", {}, say("editor.pictures", { n: images.length })),
        missing > 0 && h("strong", { class: "missing" }, say("editor.alt-missing-some", { n: missing })), this.button(say("editor.gallery-edit"), "gallery")),
    ];
  }
}

class EmbedView extends CardView {
  parts() {
    const { link, label } = this.node.attrs;
    return [h("p", { class: "embed-what" }, h("strong", {}, label), h("span", { class: "soft address" }, link?.href ?? ""))];
  }
}

class BookmarkView extends CardView {
  parts() {
    const { title, description, author, publisher, thumbnail, link } = this.node.attrs;
    return [h("div", { class: "bookmark" },
      h("div", {}, h("p", { class: "bookmark-title" }, title || link?.href), description && h("p", { class: "soft" }, description),
        h("p", { class: "soft" }, [author, publisher].filter(Boolean).join(" · "))),
      thumbnail && pictureOf(thumbnail))];
  }
}

class CalloutView extends CardView {
  constructor(...all) {
    super(...all);
    this.contentDOM.className = "callout-text";
  }

  parts() {
    this.dom.className += ` ${this.node.attrs.html?.class ?? ""}`;
    return this.node.attrs.emoji ? [h("span", { class: "emoji" }, this.node.attrs.emoji)] : [];
  }

  placeholder() {
    return say("editor.callout-empty");
  }
}

class ButtonView extends CardView {
  constructor(...all) {
    super(...all);
    this.dom.prepend(this.contentDOM);
    this.contentDOM.className = "button-text";
    this.draw();
  }

  parts() {
    const href = this.node.attrs.link?.href;
    return [h("p", { class: "about" }, href ? h("span", { class: "soft address" }, href) : h("strong", { class: "missing" }, say("editor.button-nowhere")),
      this.button(say("editor.address-change"), "button"))];
  }

  placeholder() {
    return say("editor.button-empty");
  }
}

class GateView extends CardView {
  parts() {
    const text = this.node.attrs.text;
    return [h("p", { class: "gate-line" }, text === "members-only" ? say("editor.members-line") : text)];
  }
}

class KeptView extends CardView {
  parts() {
    return [inert(this.node.attrs.source)];
  }
}

class HtmlView extends CardView {
  parts() {
    return [inert(this.node.attrs.source), h("p", { class: "about" }, h("span", { class: "soft" }, say("editor.raw-is")), this.button(say("editor.raw-edit"), "raw"))];
  }
}

class RuleView extends CardView {
  parts() {
    return [h("hr")];
  }
}

const VIEWS = { image: ImageView, gallery: GalleryView, embed: EmbedView, bookmark: BookmarkView, callout: CalloutView, button: ButtonView, gate: GateView,
  kept: KeptView, html: HtmlView, rule: RuleView };

/** @param {{act: (what: string, pos: number) => void}} page */
export function nodeViews(page) {
  const out = {};
  for (const [name, View] of Object.entries(VIEWS)) {
    if (!schema.nodes[name]) throw new Error(name);
    out[name] = (node, view, getPos) => new View(node, view, getPos, page);
  }
  return out;
}
