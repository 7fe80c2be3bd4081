/* media/svg.h -- an SVG from anyone made safe to show, rebuilt from an allow-list.
 *
 *     struct svg_look look;
 *     st = svg_clean(arena, bytes, &clean, &look, err);     // look.width, look.height
 *
 * The input is parsed as XML by expat; elements, attributes, style properties and addresses that stand in the
 * tables of svg.c are written anew, everything else is left out: what is not in the table does not exist. Nothing is
 * searched for and cut away, so there is nothing to slip past.
 *
 * What comes out
 *   - is well-formed XML in UTF-8, its root <svg xmlns="http://www.w3.org/2000/svg">, names without prefixes but
 *     xlink:href; no DOCTYPE, entity, processing instruction or comment;
 *   - runs nothing: no script, event attribute, foreignObject, link out, handler, no animation (SMIL can
 *     set an href), no data: address but raster pictures (PNG, JPEG, GIF, WebP, AVIF in base64) in <image>;
 *   - asks nobody for anything: href and url() name an id of the same file (#id), no @import, no @font-face;
 *   - passed through again is the same bytes: svg_clean(svg_clean(x)) == svg_clean(x).
 * A benign drawing looks the same: shapes, text, gradients, patterns, clips, masks, markers, symbols and <use>, filters,
 * <style> sheets with plain rules, presentation attributes, transforms, title and desc.
 *
 * <style> is read as CSS: rules of allowed properties stay; at-rules go, but @media with rules in it.
 *
 * <use> can double what it names at each step, so a small file can ask for billions of shapes: the file is refused
 * when its uses, followed, come to more than SVG_USES_MAX elements or name themselves.
 *
 * Memory:  the result and all that was needed live in the arena.
 * Threads: one at a time, as the arena.
 * Errors:  ST_TOO_BIG over a limit below; ST_INVALID for what is not XML, declares an entity, or is no SVG. */
#pragma once
#include "base/str.h"

struct arena;

enum {
    SVG_BYTES_MAX = 2 * 1024 * 1024, /* in, and out */
    SVG_DEPTH_MAX = 64,
    SVG_ELEMENTS_MAX = 50000,
    SVG_ATTRS_MAX = 128,   /* an element */
    SVG_USES_MAX = 100000, /* elements drawn through <use>, patterns and the like */
};

/* What the root says of its size: width and height in CSS px, else the viewBox's; 0 where neither says. */
struct svg_look {
    int64_t width, height;
    str title; /* of its <title>, may be empty */
};

MUST_USE enum status svg_clean(struct arena *arena, str bytes, str *ret_clean,
                               struct svg_look *ret_look, struct error *err);
