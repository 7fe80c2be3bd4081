/* hbs/hbs.h -- the Handlebars language, version 4.7, as Ghost's themes use it.
 *
 *     struct hbs_set *set = hbs_set_new(&(struct hbs_options){
 *         .helpers = helpers, .helpers_count = n, .prevent_indent = true, .layouts = true});
 *     st = hbs_set_add(set, HBS_TEMPLATE, S("post"), S("post.hbs"), source, err);
 *     st = hbs_set_add(set, HBS_PARTIAL, S("icons/x"), S("partials/icons/x.hbs"), source, err);
 *     st = hbs_set_compile(set, err);         // "post.hbs:12:4: {{#foo}} is never closed"
 *     ...
 *     st = hbs_render(set, S("post"), &(struct hbs_page){.root = root, .data = data,
 *                     .arena = arena, .host = site}, &out, err);
 *
 * A set holds the templates and partials of one theme. They are parsed when added, tied together
 * by hbs_set_compile, and never change after that: one set serves every render thread.
 *
 * Names resolve as in Handlebars. {{x}}: a block parameter, else a helper, else a property of the
 * context. As an argument a bare name is only ever a property. {{#x}} without a helper x: nothing
 * for false, null and the empty list (the inverse is shown), the body with the same context for
 * true, once an entry for a list, once with that context for anything else. {{x y}} needs a helper
 * x. Properties are a value's own; there is no prototype to reach.
 *
 * Built in: if unless each with lookup log, and with .layouts also block, contentFor and the
 * layout comment {{!< default}}.
 *
 * Limits are named below; a template that meets one ends with ST_TOO_BIG and the name of the limit.
 * The language, where it is silent, follows the behaviour of handlebars.js 4.7 and express-hbs.
 *
 * Memory:  a set owns an arena. A render takes what it needs from the page's arena.
 * Threads: building a set: one. Rendering from a compiled set: any number. */
#pragma once
#include "base/scope.h"
#include "hbs/helper.h"
#include "hbs/value.h"

struct arena;
struct buf;
struct hbs_set;

enum {
    HBS_SOURCE_BYTES_MAX = 1024 * 1024, /* one template */
    HBS_SET_FILES_MAX = 4000,
    HBS_NESTING_MAX = 64,            /* blocks in blocks, or ( ) in ( ), in one template */
    HBS_PATH_PARTS_MAX = 32,         /* a.b.c */
    HBS_ARGS_MAX = 64,               /* of one call, named ones apart */
    HBS_LAYOUTS_MAX = 8,             /* a layout's layout's layout */
    HBS_DEPTH_MAX = 200,             /* bodies and partials within one another while rendering */
    HBS_PARTIAL_DEPTH_MAX = 60,      /* partials alone */
    HBS_STEPS_MAX = 5 * 1000 * 1000, /* tags printed, blocks entered, loop turns */
    HBS_LOOP_ITEMS_MAX = 10 * 1000,  /* entries shown by one loop */
    HBS_MEMORY_BYTES_MAX = 64 * 1024 * 1024, /* taken from the page's arena by one render */
    HBS_DEADLINE_STEPS = 1024,               /* steps between two questions to hbs_page.expired */
};

/* One thing wrong, found while adding or compiling. */
struct hbs_problem {
    str file;
    unsigned line, column; /* from 1 */
    bool late;             /* late_errors: the set compiles; it fails when this is reached */
    const char *text;      /* "file:line:column: ..." whole */
};

struct hbs_options {
    const struct hbs_helper *helpers; /* must outlive the set; a builtin's name replaces it */
    size_t helpers_count;
    bool layouts;        /* express-hbs: {{!< name}}, block, contentFor */
    bool prevent_indent; /* a partial alone on its line is not indented (themes) */

    /* Unknown helpers and partials fail when they are reached, as in handlebars.js, not when the
     * set is compiled; on_problem is told of them all the same. */
    bool late_errors;

    /* Off in themes; the language has them and so do its spec cases. */
    bool compat;                   /* names are looked up through the outer contexts, as Mustache */
    bool strict;                   /* a missing property is an error */
    bool assume_objects;           /* so is a property of nothing */
    bool ignore_standalone;        /* tags alone on a line keep their white space */
    bool explicit_partial_context; /* {{> p}} sees nothing unless given a context */
    bool no_escape;

    /* Told every problem, for `theme check`; NULL: only the first one, in the error. */
    void (*on_problem)(void *arg, const struct hbs_problem *problem);
    void *on_problem_arg;
};

struct hbs_set *hbs_set_new(const struct hbs_options *options);
void hbs_set_free(struct hbs_set *set);
DEFINE_FREEP(struct hbs_set *, hbs_set_free)

enum hbs_kind { HBS_TEMPLATE, HBS_PARTIAL };

/* Parses `source` (copied). `name` is what templates say: "post", "icons/x"; `file` is what
 * messages say, and what a layout's name is relative to. ST_CONFLICT: the name is taken. After an
 * error the set can take further files, to find their faults, but not be compiled. */
MUST_USE enum status hbs_set_add(struct hbs_set *set, enum hbs_kind kind, str name, str file,
                                 str source, struct error *err);

/* Ties names to helpers, partials and layouts. Call once, after the last add. */
MUST_USE enum status hbs_set_compile(struct hbs_set *set, struct error *err);

bool hbs_set_has(const struct hbs_set *set, enum hbs_kind kind, str name);

/* Whether any template or partial says `name`, as a property or in a quoted argument. What no
 * template names need not be fetched. */
bool hbs_set_names(const struct hbs_set *set, str name);

/* Whether any template calls this helper. */
bool hbs_set_calls(const struct hbs_set *set, str helper);

size_t hbs_set_bytes(const struct hbs_set *set); /* memory held */

struct hbs_page {
    struct hbs_value root;
    struct hbs_value data; /* @site, @config...: an object, or undefined */
    struct arena *arena;
    void *host; /* hbs_call_host */

    /* 0: the constant above. */
    uint64_t steps_max;
    size_t loop_items_max;
    size_t memory_bytes_max;

    bool (*expired)(void *host);          /* true: the render ends with ST_TOO_BIG */
    void (*log)(void *host, str message); /* {{log}}; NULL: nowhere */
    uint64_t *ret_steps;                  /* how many steps it took, when wanted */
};

/* Renders into `out`, whose limit is the page's. With layouts: the template, then each layout
 * outwards with the root and `body`. ST_NOT_FOUND: no such template. On failure `out` holds part
 * of a page: throw it away. */
MUST_USE enum status hbs_render(const struct hbs_set *set, str name, const struct hbs_page *page,
                                struct buf *out, struct error *err);
