/* SPDX-License-Identifier: MIT
 *
 * What a helper may ask of the call it serves. */
#include "hbs/render.h"

#include "base/arena.h"

#include <stdio.h>

enum hbs_call_kind hbs_call_kind(const struct hbs_call *call)
{
    return call->kind;
}

str hbs_call_name(const struct hbs_call *call)
{
    return call->call->name;
}

const struct hbs_env *hbs_call_env(const struct hbs_call *call)
{
    return &call->render->env;
}

void *hbs_call_host(const struct hbs_call *call)
{
    return call->render->env.host;
}

struct arena *hbs_call_arena(const struct hbs_call *call)
{
    return call->render->env.arena;
}

/* ---- arguments ---- */

size_t hbs_call_args(const struct hbs_call *call)
{
    return call->call->args_count;
}

struct hbs_value hbs_call_arg(const struct hbs_call *call, size_t i)
{
    return i < call->call->args_count ? call->values[i] : hbs_undefined();
}

/* Of two of the same name the last counts, as in a JavaScript object. */
struct hbs_value hbs_call_hash(const struct hbs_call *call, str name)
{
    for (size_t i = call->call->hash_count; i > 0; i--)
        if (str_eq(call->call->hash_names[i - 1], name))
            return call->values[call->call->args_count + i - 1];
    return hbs_undefined();
}

size_t hbs_call_hash_count(const struct hbs_call *call)
{
    return call->call->hash_count;
}

struct hbs_value hbs_call_hash_at(const struct hbs_call *call, size_t i, str *ret_name)
{
    CHECK(i < call->call->hash_count);
    *ret_name = call->call->hash_names[i];
    return call->values[call->call->args_count + i];
}

struct hbs_value hbs_call_hash_object(const struct hbs_call *call)
{
    struct hbs_map *map = hbs_map_new(hbs_call_arena(call));
    for (size_t i = 0; i < call->call->hash_count; i++)
        hbs_map_set(map, call->call->hash_names[i], call->values[call->call->args_count + i]);
    return hbs_map_value(map);
}

/* ---- surroundings ---- */

struct hbs_value hbs_call_parent(const struct hbs_call *call, unsigned steps)
{
    const struct context *context = call->scope->context;
    for (; context != NULL && steps > 0; steps--)
        context = context->parent;
    return context == NULL ? hbs_undefined() : context->value;
}

struct hbs_value hbs_call_this(const struct hbs_call *call)
{
    return hbs_call_parent(call, 0);
}

struct hbs_value hbs_call_root(const struct hbs_call *call)
{
    return call->render->root;
}

enum status hbs_call_data(const struct hbs_call *call, str name, struct hbs_value *ret,
                          struct error *err)
{
    struct hbs_key key = hbs_key_of(name);
    return hbs_data_get(call->render, call->scope, &key, 0, ret, err);
}

struct buf *hbs_call_out(struct hbs_call *call)
{
    return call->render->out;
}

/* ---- bodies ---- */

bool hbs_call_has_inverse(const struct hbs_call *call)
{
    return call->inverse != NULL;
}

size_t hbs_call_block_params(const struct hbs_call *call)
{
    return call->body == NULL ? 0 : call->body->params_count;
}

enum status hbs_call_block(struct hbs_call *call, const struct hbs_frame *frame, struct error *err)
{
    return hbs_run_body(call->render, call->body, call->scope, frame, err);
}

enum status hbs_call_inverse(struct hbs_call *call, const struct hbs_frame *frame,
                             struct error *err)
{
    return hbs_run_body(call->render, call->inverse, call->scope, frame, err);
}

enum status hbs_call_block_text(struct hbs_call *call, const struct hbs_frame *frame, html *ret,
                                struct error *err)
{
    struct render *r = call->render;
    struct buf *page = r->out;
    struct buf text;
    buf_init(&text, r->env.arena, page->max);
    r->out = &text;
    enum status st = hbs_call_block(call, frame, err);
    r->out = page;
    if (st != ST_OK)
        return st;
    return buf_finish(&text, &ret->raw, err);
}

enum status hbs_call_partial(struct hbs_call *call, str name, struct hbs_value context,
                             struct error *err)
{
    return hbs_run_partial(call->render, name, context, call->scope, err);
}

enum status hbs_call_loop(struct hbs_call *call, size_t items, struct error *err)
{
    size_t max = call->render->loop_items_max;
    if (items <= max)
        return ST_OK;
    return error_set(err, ST_TOO_BIG, "a loop over %zu entries (limit %zu)", items, max);
}

enum status hbs_call_error(const struct hbs_call *call, struct error *err, const char *fmt, ...)
{
    char text[ERROR_TEXT_MAX];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    return hbs_fail(call->render, call->program, call->pos, ST_INVALID, err, "{{%s%.*s}}: %s",
                    call->kind == HBS_CALL_BLOCK ? "#" : "", STR_ARG(call->call->name), text);
}
