/* SPDX-License-Identifier: MIT
 *
 * The helpers of the language itself, and those of express-hbs that put pieces of a page into its
 * layout. */
#include "hbs/render.h"

#include "base/arena.h"

/* ---- if, unless, with ---- */

static enum status either(struct hbs_call *call, bool first, struct error *err)
{
    return first ? hbs_call_block(call, NULL, err) : hbs_call_inverse(call, NULL, err);
}

static enum status needs_one(struct hbs_call *call, struct error *err)
{
    if (hbs_call_args(call) == 1)
        return ST_OK;
    return hbs_call_error(call, err, "it takes exactly one argument");
}

/* includeZero=true: 0 counts as something. */
static enum status condition(struct hbs_call *call, bool *ret, struct error *err)
{
    bool empty, zero_is_nothing;
    enum status st = needs_one(call, err);
    if (st != ST_OK)
        return st;
    st = hbs_is_empty(hbs_call_hash(call, S("includeZero")), false, hbs_call_env(call),
                      &zero_is_nothing, err);
    if (st != ST_OK)
        return st;
    st = hbs_is_empty(hbs_call_arg(call, 0), !zero_is_nothing, hbs_call_env(call), &empty, err);
    *ret = !empty;
    return st;
}

static enum status builtin_if(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    bool yes = false;
    enum status st = condition(call, &yes, err);
    (void)ret;
    return st != ST_OK ? st : either(call, yes, err);
}

static enum status builtin_unless(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    bool yes = false;
    enum status st = condition(call, &yes, err);
    (void)ret;
    return st != ST_OK ? st : either(call, !yes, err);
}

static enum status builtin_with(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    bool empty;
    enum status st = needs_one(call, err);
    (void)ret;
    if (st != ST_OK)
        return st;
    struct hbs_value context = hbs_call_arg(call, 0);
    st = hbs_is_empty(context, true, hbs_call_env(call), &empty, err);
    if (st != ST_OK)
        return st;
    if (empty)
        return hbs_call_inverse(call, NULL, err);
    return hbs_call_block(
        call, &(struct hbs_frame){.context = &context, .params = &context, .params_count = 1}, err);
}

/* ---- each ---- */

enum status hbs_each(struct hbs_call *call, struct hbs_value items, bool *ret_any,
                     struct error *err)
{
    const struct hbs_env *env = &call->render->env;
    size_t length;
    enum status st = hbs_length(items, env, &length, err);
    if (st != ST_OK)
        return st;
    st = hbs_call_loop(call, length, err);
    for (size_t i = 0; i < length && st == ST_OK; i++) {
        struct hbs_value item;
        str key;
        st = hbs_at(items, i, env, &key, &item, err);
        if (st != ST_OK)
            break;
        struct hbs_value index = hbs_number((double)i);
        struct hbs_value name = items.type == HBS_LIST ? index : hbs_string(key);
        const struct hbs_var vars[] = {
            {S("index"), index},
            {S("key"), name},
            {S("first"), hbs_bool(i == 0)},
            {S("last"), hbs_bool(i + 1 == length)},
        };
        const struct hbs_value params[] = {item, name};
        st = hbs_call_block(call,
                            &(struct hbs_frame){.context = &item,
                                                .vars = vars,
                                                .vars_count = sizeof(vars) / sizeof(vars[0]),
                                                .params = params,
                                                .params_count = 2},
                            err);
    }
    *ret_any = length > 0;
    return st;
}

static enum status builtin_each(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct hbs_value items = hbs_call_arg(call, 0);
    bool any = false;
    (void)ret;
    if (hbs_call_args(call) == 0)
        return hbs_call_error(call, err, "it needs a list to go through");
    if (items.type == HBS_LIST || items.type == HBS_OBJECT) {
        enum status st = hbs_each(call, items, &any, err);
        if (st != ST_OK)
            return st;
    }
    return any ? ST_OK : hbs_call_inverse(call, NULL, err);
}

/* ---- lookup, log ---- */

static enum status builtin_lookup(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct hbs_value from = hbs_call_arg(call, 0);
    str name;
    if (hbs_is_nothing(from)) {
        *ret = from;
        return ST_OK;
    }
    enum status st = hbs_to_text(hbs_call_arg(call, 1), hbs_call_env(call), &name, err);
    if (st != ST_OK)
        return st;
    return hbs_get_name(from, name, hbs_call_env(call), ret, err);
}

enum { LOG_BYTES_MAX = 4096 };

static enum status builtin_log(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    const struct hbs_page *page = call->render->page;
    struct buf line;
    (void)ret;
    if (page->log == NULL)
        return ST_OK;
    buf_init(&line, hbs_call_arena(call), LOG_BYTES_MAX);
    for (size_t i = 0; i < hbs_call_args(call); i++) {
        if (i > 0)
            buf_add_char(&line, ' ');
        enum status st = hbs_add_text(&line, hbs_call_arg(call, i), hbs_call_env(call), err);
        if (st != ST_OK)
            return st;
    }
    page->log(page->host, buf_view(&line));
    return ST_OK;
}

const struct hbs_helper hbs_builtins[] = {
    {STR_INIT("if"), builtin_if, HBS_NEEDS_ONE},
    {STR_INIT("unless"), builtin_unless, HBS_NEEDS_ONE},
    {STR_INIT("with"), builtin_with, HBS_NEEDS_ONE},
    {STR_INIT("each"), builtin_each, 0},
    {STR_INIT("lookup"), builtin_lookup, 0},
    {STR_INIT("log"), builtin_log, 0},
};
const size_t hbs_builtins_count = sizeof(hbs_builtins) / sizeof(hbs_builtins[0]);

/* ---- contentFor, block ---- */

static enum status content_name(struct hbs_call *call, str *ret, struct error *err)
{
    if (hbs_call_args(call) != 1)
        return hbs_call_error(call, err, "it needs a name");
    return hbs_to_text(hbs_call_arg(call, 0), hbs_call_env(call), ret, err);
}

/* Pieces of the same name stand one below the other. */
static enum status builtin_content_for(struct hbs_call *call, struct hbs_value *ret,
                                       struct error *err)
{
    struct render *r = call->render;
    str name;
    html piece;
    (void)ret;
    enum status st = content_name(call, &name, err);
    if (st != ST_OK)
        return st;
    st = hbs_call_block_text(call, NULL, &piece, err);
    if (st != ST_OK)
        return st;
    struct buf *content = map_get(&r->contents, name);
    if (content == NULL) {
        content = arena_new_one(r->env.arena, struct buf);
        buf_init(content, r->env.arena, r->out->max);
        (void)map_set(&r->contents, name, content);
    } else {
        buf_add_char(content, '\n');
    }
    buf_add(content, piece.raw);
    return ST_OK;
}

/* A text, not HTML: {{{block "head"}}} prints it, as themes write, and {{block}} escapes it. */
static enum status builtin_block(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    str name;
    enum status st = content_name(call, &name, err);
    if (st != ST_OK)
        return st;
    const struct buf *content = map_get(&call->render->contents, name);
    if (content == NULL)
        return hbs_call_block(call, NULL, err);
    if (content->too_big)
        return error_set(err, ST_TOO_BIG, "the page is over its limit of %zu bytes", content->max);
    *ret = hbs_string(buf_view(content));
    return ST_OK;
}

const struct hbs_helper hbs_layout_builtins[] = {
    {STR_INIT("contentFor"), builtin_content_for, HBS_BLOCK_ONLY},
    {STR_INIT("block"), builtin_block, 0},
};
const size_t hbs_layout_builtins_count =
    sizeof(hbs_layout_builtins) / sizeof(hbs_layout_builtins[0]);
