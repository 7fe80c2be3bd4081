/* media/svg_parts.h -- inside media/: what the files of the SVG sanitizer share.
 *
 *     svg.c       XML in, XML out: elements and attributes
 *     svg_css.c   values, style attributes, sheets
 *     svg_uses.c  how much a small file asks to be drawn, by following what names what
 *
 * Threads: one at a time, as the arena. */
#pragma once
#include "base/buf.h"
#include "base/str.h"

struct map;

/* ---- tables ---- */

enum {
    SVG_EL_TEXT = 1,        /* its text is shown */
    SVG_EL_LOCAL = 2,       /* href may name an id of the file */
    SVG_EL_PICTURE = 4,     /* href may hold a raster picture */
    SVG_EL_GRADIENT = 8,    /* drawn as a paint, not as elements */
    SVG_EL_STYLE = 16,      /* its text is a sheet */
    SVG_EL_LINK = 32,       /* written as <g> */
    SVG_PROP_INHERITED = 1, /* what it names may be drawn for everything within */
    SVG_PROP_AT_POINTS = 2, /* and for every point of a line */
};

struct svg_element {
    str name;
    unsigned flags;
};
struct svg_property {
    str name;
    unsigned flags;
};

/* ---- what names what (svg_uses.c) ---- */

enum { SVG_REFS_MAX = 200000 };

/* A node for each element that is written; 0 is none, 1 the root. */
struct svg_graph {
    struct arena *arena;
    struct svg_node *nodes;
    size_t nodes_count, nodes_cap;
    struct svg_ref *refs;
    size_t refs_count, refs_cap;
    struct map
        *sheet; /* ".class", "#id" or "element" -> the first of the refs that sheets give it */
    bool too_many;
};

void svg_graph_init(struct svg_graph *graph, struct arena *arena);
size_t svg_graph_node(struct svg_graph *graph, size_t parent, const struct svg_element *element);
void svg_graph_id(struct svg_graph *graph, size_t node, str id);
void svg_graph_class(struct svg_graph *graph, size_t node, str classes);
void svg_graph_points(struct svg_graph *graph, size_t node, size_t count);
/* `node` names `id`; `flags` are of the property that does, 0 for an href. */
void svg_graph_ref(struct svg_graph *graph, size_t node, str id, unsigned flags);
/* A sheet makes whatever `key` selects name `id`. */
void svg_graph_rule(struct svg_graph *graph, str key, str id, unsigned flags);
/* ST_TOO_BIG over SVG_USES_MAX elements drawn; ST_INVALID when something names itself. */
MUST_USE enum status svg_graph_check(struct svg_graph *graph, struct error *err);

/* ---- CSS (svg_css.c) ---- */

/* Where what a value names goes: to a node, or to the selectors of a rule. */
struct svg_namer {
    struct svg_graph *graph;
    size_t node;
    const str *keys; /* of a rule, when node is 0 */
    size_t keys_count;
};

/* NULL when the table has no such name (case counts: svg_properties are lower case). */
const struct svg_property *svg_property_find(str name);
/* Whether a value may stand as it is; ids it names go to `namer`. */
bool svg_css_value(const struct svg_namer *namer, str value, unsigned flags);
/* "fill: red; behavior: url(x)" -> "fill:red" */
void svg_css_declarations(const struct svg_namer *namer, str text, struct buf *out);
void svg_css_sheet(struct arena *arena, struct svg_graph *graph, str text, struct buf *out);

/* `#id`, nothing else; false when it is none. */
bool svg_local_id(str href, str *ret_id);
