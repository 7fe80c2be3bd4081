// focus.js -- the point that matters and the part that may be shown, set on the picture: by pointer or by arrow keys.
//
// The number fields of the form are the truth: what is laid over the picture follows them, and changes them. All
// is in percent, with one place. What each shape would cut is reckoned as the picture process does it (worker.h): as
// large as fits into the part, as near to the point as the part allows.
import { say } from "./words.js";

const SHAPES = [[16, 9], [3, 2], [1, 1], [1200, 630]];
const EDGES = { left: ["x", "right", -1], right: ["x", "left", 1], top: ["y", "bottom", -1], bottom: ["y", "top", 1] };
const LEAST = 5; // percent between two edges
const STEP = 1;
const LEAP = 10;

const clamp = (n, from, until) => Math.min(Math.max(n, from), until);
const tenth = (n) => Math.round(n * 10) / 10;

/** What a shape shows, in percent of the picture: {left, top, width, height}. */
export function cutOf(focus, ratio, picture) {
  const wide = ((focus.right - focus.left) * picture.width) / 100;
  const high = ((focus.bottom - focus.top) * picture.height) / 100;
  const width = ((Math.min(wide, high * ratio) / picture.width) * 100);
  const height = ((Math.min(high, wide / ratio) / picture.height) * 100);
  return {
    left: clamp(focus.focal_x - width / 2, focus.left, focus.right - width),
    top: clamp(focus.focal_y - height / 2, focus.top, focus.bottom - height),
    width,
    height,
  };
}

class Stage {
  constructor(figure, details) {
    this.form = details.querySelector("form");
    this.picture = figure.querySelector("img");
    this.fields = Object.fromEntries(["focal_x", "focal_y", "left", "top", "right", "bottom"].map((name) => [name, this.form.elements[name]]));
    this.stage = document.createElement("div");
    this.stage.className = "stage";
    this.picture.replaceWith(this.stage);
    this.veil = document.createElement("div");
    this.veil.className = "veil";
    this.part = document.createElement("div");
    this.veil.append(this.part);
    this.stage.append(this.picture, this.veil);
    this.edges = Object.fromEntries(Object.keys(EDGES).map((edge) => [edge, this.edge(edge)]));
    this.point = this.pointer();
    this.said = document.createElement("p");
    this.said.className = "unseen";
    this.said.setAttribute("role", "status");
    this.stage.after(this.said);
    this.shapes = this.makeShapes(details);
    this.stage.addEventListener("pointerdown", (event) => this.press(event));
    for (const field of Object.values(this.fields)) field.addEventListener("input", () => this.show());
    details.addEventListener("toggle", () => this.open(details.open));
    this.open(details.open);
    this.show();
  }

  get picture_size() {
    return { width: this.picture.naturalWidth || Number(this.picture.getAttribute("width")), height: this.picture.naturalHeight || Number(this.picture.getAttribute("height")) };
  }

  get focus() {
    return Object.fromEntries(Object.entries(this.fields).map(([name, field]) => [name, clamp(Number(field.value.replace(",", ".")) || 0, 0, 100)]));
  }

  open(open) {
    for (const e of [this.veil, this.point, ...Object.values(this.edges)]) e.hidden = !open;
    this.on = open;
  }

  // ---- what stands on the picture ----

  edge(edge) {
    const handle = document.createElement("div");
    handle.dataset.edge = edge;
    handle.tabIndex = 0;
    handle.setAttribute("role", "slider");
    handle.setAttribute("aria-label", this.form.querySelector(`label[for=${edge}]`).textContent);
    handle.setAttribute("aria-orientation", EDGES[edge][0] === "x" ? "horizontal" : "vertical");
    handle.addEventListener("keydown", (event) => this.edgeKey(event, edge));
    this.stage.append(handle);
    return handle;
  }

  pointer() {
    const point = document.createElement("button");
    point.type = "button";
    point.className = "point";
    point.addEventListener("keydown", (event) => this.pointKey(event));
    this.stage.append(point);
    return point;
  }

  makeShapes(details) {
    const row = document.createElement("div");
    row.className = "shapes";
    const shapes = SHAPES.map(([w, h]) => {
      const figure = document.createElement("figure");
      const shape = document.createElement("div");
      const picture = document.createElement("img");
      const caption = document.createElement("figcaption");
      shape.className = "shape";
      shape.style.aspectRatio = `${w} / ${h}`;
      picture.src = this.picture.src;
      picture.alt = "";
      caption.textContent = w > 100 ? say("script.picture.card") : `${w} : ${h}`;
      shape.append(picture);
      figure.append(shape, caption);
      row.append(figure);
      return { ratio: w / h, picture };
    });
    details.querySelector("form").before(row);
    return shapes;
  }

  show() {
    const focus = this.focus;
    const place = (e, left, top) => {
      e.style.left = `${left}%`;
      e.style.top = `${top}%`;
    };
    place(this.part, focus.left, focus.top);
    this.part.style.width = `${focus.right - focus.left}%`;
    this.part.style.height = `${focus.bottom - focus.top}%`;
    place(this.point, focus.focal_x, focus.focal_y);
    place(this.edges.left, focus.left, (focus.top + focus.bottom) / 2);
    place(this.edges.right, focus.right, (focus.top + focus.bottom) / 2);
    place(this.edges.top, (focus.left + focus.right) / 2, focus.top);
    place(this.edges.bottom, (focus.left + focus.right) / 2, focus.bottom);
    for (const [edge, [, other, side]] of Object.entries(EDGES)) {
      this.edges[edge].setAttribute("aria-valuenow", focus[edge]);
      this.edges[edge].setAttribute("aria-valuemin", side < 0 ? 0 : tenth(focus[other] + LEAST));
      this.edges[edge].setAttribute("aria-valuemax", side < 0 ? tenth(focus[other] - LEAST) : 100);
      this.edges[edge].setAttribute("aria-valuetext", `${focus[edge]} %`);
    }
    this.point.setAttribute("aria-label", say("script.picture.point", { x: focus.focal_x, y: focus.focal_y }));
    for (const { ratio, picture } of this.shapes) {
      const cut = cutOf(focus, ratio, this.picture_size);
      picture.style.width = `${10000 / cut.width}%`;
      picture.style.height = `${10000 / cut.height}%`;
      picture.style.left = `${(-cut.left * 100) / cut.width}%`;
      picture.style.top = `${(-cut.top * 100) / cut.height}%`;
    }
  }

  // ---- changing it ----

  set(values) {
    for (const [name, value] of Object.entries(values)) this.fields[name].value = tenth(value);
    this.show();
  }

  setPoint(x, y) {
    const { left, top, right, bottom } = this.focus;
    this.set({ focal_x: clamp(x, left, right), focal_y: clamp(y, top, bottom) });
  }

  /** The point stays within the part: it goes along with the edge that reaches it. */
  setEdge(edge, value) {
    const focus = this.focus;
    const [axis, other, side] = EDGES[edge];
    const at = side < 0 ? clamp(value, 0, focus[other] - LEAST) : clamp(value, focus[other] + LEAST, 100);
    const point = `focal_${axis}`;
    this.set({ [edge]: at, [point]: side < 0 ? Math.max(focus[point], at) : Math.min(focus[point], at) });
  }

  at(event) {
    const box = this.picture.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100];
  }

  press(event) {
    if (!this.on || event.button !== 0) return;
    const edge = event.target.closest("[data-edge]")?.dataset.edge;
    const move = (to) => {
      const [x, y] = this.at(to);
      if (edge) this.setEdge(edge, EDGES[edge][0] === "x" ? x : y);
      else this.setPoint(x, y);
    };
    event.preventDefault();
    this.stage.setPointerCapture(event.pointerId);
    (edge ? this.edges[edge] : this.point).focus();
    if (!edge) move(event);
    const end = () => {
      this.stage.removeEventListener("pointermove", move);
      this.stage.removeEventListener("pointerup", end);
      this.stage.removeEventListener("pointercancel", end);
    };
    this.stage.addEventListener("pointermove", move);
    this.stage.addEventListener("pointerup", end);
    this.stage.addEventListener("pointercancel", end);
  }

  static step(event) {
    const by = event.shiftKey ? LEAP : STEP;
    const moves = { ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by] };
    if (moves[event.key]) event.preventDefault();
    return moves[event.key];
  }

  pointKey(event) {
    const move = Stage.step(event);
    if (!move) return;
    this.setPoint(this.focus.focal_x + move[0], this.focus.focal_y + move[1]);
    this.said.textContent = this.point.getAttribute("aria-label");
  }

  edgeKey(event, edge) {
    const move = Stage.step(event);
    if (!move) return;
    this.setEdge(edge, this.focus[edge] + (EDGES[edge][0] === "x" ? move[0] : move[1]));
  }
}

export function start() {
  const figure = document.querySelector("[data-stage]");
  const details = document.querySelector("[data-cut]");
  if (figure && details) new Stage(figure, details);
}
