/* hbs/render.h -- a render under way: inside hbs/ only.
 *
 * Scopes are chains of small structs on C's stack: contexts (`../` walks them), data variables
 * (@), block parameters. A body is run in the scope where it was written, with what its helper
 * adds laid on top; nothing outlives the call that made it. Inline partials and @partial-block
 * are dynamic: there while the body or partial that brought them is being rendered. */
#pragma once
#include "hbs/program.h"

#include "base/buf.h"

struct context {
    struct hbs_value value;
    const struct context *parent;
};

struct vars {
    const struct hbs_var *vars;
    size_t count;
    const struct vars *parent;
};

struct params {
    const struct hbs_value *values;
    size_t count;
    const struct params *parent;
};

struct run_scope {
    const struct context *context;
    const struct vars *vars;
    const struct params *params;
};

struct inline_partial {
    str name;
    const struct program *body;
    struct run_scope scope; /* where it was declared */
    const struct inline_partial *next;
};

/* The body of {{#> name}}, as @partial-block. */
struct own_block {
    const struct program *body;
    const struct run_scope *scope;
    const struct own_block *outer;
};

/* Arguments of the calls under way, so that a call costs no allocation. */
enum { VALUES_CHUNK = 2 * HBS_ARGS_MAX };
struct value_chunk {
    struct hbs_value values[VALUES_CHUNK];
    struct value_chunk *next;
};

struct render {
    const struct hbs_set *set;
    const struct hbs_page *page;
    struct hbs_env env;
    struct hbs_value root;
    struct buf *out;
    uint64_t steps, steps_check, steps_max;
    size_t loop_items_max;
    size_t arena_bytes_max; /* of the page's arena as a whole */
    unsigned depth, partial_depth;
    bool placed; /* the error says where */
    const struct inline_partial *inlines;
    const struct own_block *own_block;
    struct value_chunk *chunk;
    size_t chunk_used;
    struct map contents; /* contentFor: name -> struct buf */
};

struct hbs_call {
    struct render *render;
    const struct call *call;       /* NULL: a section without a helper */
    const struct program *program; /* that holds the tag */
    const struct run_scope *scope;
    const struct program *body, *inverse;
    const struct hbs_value *values; /* arguments, then named ones */
    enum hbs_call_kind kind;
    uint32_t pos;
};

/* Runs a body in the scope where it was written, with a frame on top. NULL body: nothing. */
MUST_USE enum status hbs_run_body(struct render *r, const struct program *body,
                                  const struct run_scope *scope, const struct hbs_frame *frame,
                                  struct error *err);

/* {{> name}} from a helper. */
MUST_USE enum status hbs_run_partial(struct render *r, str name, struct hbs_value context,
                                     const struct run_scope *scope, struct error *err);

/* The value of @name, `depth` frames out. */
MUST_USE enum status hbs_data_get(const struct render *r, const struct run_scope *scope,
                                  const struct hbs_key *name, uint32_t depth, struct hbs_value *ret,
                                  struct error *err);

/* Sets an error with its place, once. Returns `st`. */
enum status hbs_fail(struct render *r, const struct program *program, uint32_t pos, enum status st,
                     struct error *err, const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/* `each` over a list or an object; false in *ret_any: there was nothing to show. */
MUST_USE enum status hbs_each(struct hbs_call *call, struct hbs_value items, bool *ret_any,
                              struct error *err);
