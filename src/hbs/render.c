/* SPDX-License-Identifier: MIT
 *
 * Runs programs. Ops of one body are a loop; a body within a body, and a partial, is a C call,
 * counted in r->depth and held to HBS_DEPTH_MAX: with some 600 bytes a level the deepest page
 * needs about 150 KB of stack. Every op and every body entered is a step; each HBS_DEADLINE_STEPS
 * the limits are looked at, so a hostile template ends soon after it has used up its share. */
#include "hbs/render.h"

#include "base/arena.h"

#include <stdio.h>
#include <string.h>

static enum status run(struct render *r, const struct program *program,
                       const struct run_scope *scope, const struct run_scope *outer,
                       struct error *err);
static enum status eval(struct render *r, const struct program *program,
                        const struct run_scope *scope, const struct expr *expr,
                        struct hbs_value *ret, struct error *err);

/* ---- errors and limits ---- */

static enum status place(struct render *r, const struct program *program, uint32_t pos,
                         enum status st, struct error *err)
{
    if (!r->placed)
        hbs_error_place(program->template, pos, err);
    r->placed = true;
    return st;
}

enum status hbs_fail(struct render *r, const struct program *program, uint32_t pos, enum status st,
                     struct error *err, const char *fmt, ...)
{
    char text[ERROR_TEXT_MAX];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    error_set(err, st, "%s", text);
    r->placed = false;
    return place(r, program, pos, st, err);
}

static enum status check_memory(const struct render *r, struct error *err)
{
    if (__builtin_expect(arena_bytes(r->env.arena) <= r->arena_bytes_max, 1))
        return ST_OK;
    return error_set(err, ST_TOO_BIG, "the page takes more memory than it may (in all %zu bytes)",
                     r->arena_bytes_max);
}

static enum status check_limits(struct render *r, struct error *err)
{
    if (r->steps >= r->steps_max)
        return error_set(err, ST_TOO_BIG, "the template took more than %llu steps",
                         (unsigned long long)r->steps_max);
    if (r->out->too_big)
        return error_set(err, ST_TOO_BIG, "the page is over its limit of %zu bytes", r->out->max);
    if (r->page->expired != NULL && r->page->expired(r->page->host))
        return error_set(err, ST_TOO_BIG, "the page took too long to render");
    uint64_t next = r->steps + HBS_DEADLINE_STEPS;
    r->steps_check = next < r->steps_max ? next : r->steps_max;
    return check_memory(r, err);
}

static inline enum status step(struct render *r, struct error *err)
{
    return __builtin_expect(++r->steps < r->steps_check, 1) ? ST_OK : check_limits(r, err);
}

/* ---- values ---- */

static enum status missing(struct render *r, const struct program *program, const struct expr *expr,
                           str name, struct error *err)
{
    return hbs_fail(r, program, expr->pos, ST_INVALID, err, "\"%.*s\" is not defined",
                    STR_ARG(name));
}

/* Property after property, from `base`. */
static enum status walk(struct render *r, const struct program *program, const struct expr *expr,
                        size_t from, struct hbs_value base, struct hbs_value *ret,
                        struct error *err)
{
    const struct hbs_options *options = &r->set->options;
    bool needs_object = options->strict || options->assume_objects;
    for (size_t i = from; i < expr->parts_count; i++) {
        struct hbs_value next;
        if (hbs_is_nothing(base)) {
            if (needs_object)
                return missing(r, program, expr, expr->parts[i].text, err);
            break;
        }
        enum status st = hbs_get(base, &expr->parts[i], &r->env, &next, err);
        if (st != ST_OK)
            return place(r, program, expr->pos, st, err);
        base = next;
    }
    if (expr->must_exist && expr->parts_count > 0 && base.type == HBS_UNDEFINED)
        return missing(r, program, expr, expr->parts[expr->parts_count - 1].text, err);
    *ret = base;
    return ST_OK;
}

static struct hbs_value context_at(const struct run_scope *scope, uint32_t depth)
{
    const struct context *context = scope->context;
    for (; context != NULL && depth > 0; depth--)
        context = context->parent;
    return context == NULL ? hbs_undefined() : context->value;
}

/* The nearest context that has the name. */
static enum status eval_outer(struct render *r, const struct program *program,
                              const struct run_scope *scope, const struct expr *expr,
                              struct hbs_value *ret, struct error *err)
{
    struct hbs_value found = hbs_undefined();
    for (const struct context *c = scope->context; c != NULL && hbs_is_nothing(found);
         c = c->parent) {
        enum status st = hbs_get(c->value, &expr->parts[0], &r->env, &found, err);
        if (st != ST_OK)
            return place(r, program, expr->pos, st, err);
    }
    return walk(r, program, expr, 1, found, ret, err);
}

enum status hbs_data_get(const struct render *r, const struct run_scope *scope,
                         const struct hbs_key *name, uint32_t depth, struct hbs_value *ret,
                         struct error *err)
{
    const struct vars *vars = scope->vars;
    for (; vars != NULL && depth > 0; depth--)
        vars = vars->parent;
    *ret = hbs_undefined();
    if (depth > 0)
        return ST_OK;
    for (; vars != NULL; vars = vars->parent) {
        for (size_t i = 0; i < vars->count; i++) {
            if (!str_eq(vars->vars[i].name, name->text))
                continue;
            *ret = vars->vars[i].value;
            return ST_OK;
        }
    }
    if (str_eq(name->text, S("partial-block"))) {
        if (r->own_block != NULL)
            *ret = hbs_bool(true);
        return ST_OK;
    }
    enum status st = hbs_get(r->page->data, name, &r->env, ret, err);
    if (st == ST_OK && ret->type == HBS_UNDEFINED && str_eq(name->text, S("root")))
        *ret = r->root;
    return st;
}

static struct hbs_value param_at(const struct run_scope *scope, const struct expr *expr)
{
    const struct params *params = scope->params;
    for (uint32_t depth = expr->depth; params != NULL && depth > 0; depth--)
        params = params->parent;
    if (params == NULL || expr->index >= params->count)
        return hbs_undefined();
    return params->values[expr->index];
}

/* A call of what is no helper: nothing, if there is nothing of that name either and no argument. */
static enum status eval_absent(struct render *r, const struct program *program,
                               const struct run_scope *scope, const struct expr *expr,
                               struct hbs_value *ret, struct error *err)
{
    str name = expr->parts_count == 0 ? S("this") : expr->parts[0].text;
    enum status st = walk(r, program, expr, 0, context_at(scope, expr->depth), ret, err);
    if (st != ST_OK || (expr->index == 0 && hbs_is_nothing(*ret) && !r->set->options.strict))
        return st;
    return hbs_fail(r, program, expr->pos, ST_INVALID, err,
                    "{{%.*s ...}}: there is no helper \"%.*s\"", STR_ARG(name), STR_ARG(name));
}

static enum status eval_call(struct render *r, const struct program *program,
                             const struct run_scope *scope, const struct expr *expr,
                             struct hbs_value *ret, struct error *err);

static enum status eval(struct render *r, const struct program *program,
                        const struct run_scope *scope, const struct expr *expr,
                        struct hbs_value *ret, struct error *err)
{
    struct hbs_value base;
    enum status st;
    switch (expr->kind) {
    case EXPR_VALUE:
        *ret = expr->value;
        return ST_OK;
    case EXPR_PATH:
        return walk(r, program, expr, 0, context_at(scope, expr->depth), ret, err);
    case EXPR_OUTER:
        return eval_outer(r, program, scope, expr, ret, err);
    case EXPR_DATA:
        st = hbs_data_get(r, scope, &expr->parts[0], expr->depth, &base, err);
        if (st != ST_OK)
            return place(r, program, expr->pos, st, err);
        return walk(r, program, expr, 1, base, ret, err);
    case EXPR_PARAM:
        return walk(r, program, expr, 0, param_at(scope, expr), ret, err);
    case EXPR_CALL:
        return eval_call(r, program, scope, expr, ret, err);
    case EXPR_ABSENT:
        break;
    }
    return eval_absent(r, program, scope, expr, ret, err);
}

/* ---- calls ---- */

static struct hbs_value *values_push(struct render *r, size_t count)
{
    if (r->chunk_used + count > VALUES_CHUNK) {
        if (r->chunk->next == NULL)
            r->chunk->next = arena_new_one(r->env.arena, struct value_chunk);
        r->chunk = r->chunk->next;
        r->chunk_used = 0;
    }
    struct hbs_value *values = &r->chunk->values[r->chunk_used];
    r->chunk_used += count;
    return values;
}

static enum status eval_args(struct render *r, const struct program *program,
                             const struct run_scope *scope, const struct call *call,
                             struct hbs_value *values, struct error *err)
{
    size_t count = (size_t)call->args_count + call->hash_count;
    for (size_t i = 0; i < count; i++) {
        enum status st = eval(r, program, scope, &call->args[i], &values[i], err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static enum status invoke(struct hbs_call *state, struct hbs_value *ret, struct error *err)
{
    struct render *r = state->render;
    const struct call *call = state->call;
    struct value_chunk *chunk = r->chunk;
    size_t chunk_used = r->chunk_used;
    struct hbs_value *values = values_push(r, (size_t)call->args_count + call->hash_count);

    state->values = values;
    *ret = hbs_undefined();
    enum status st = eval_args(r, state->program, state->scope, call, values, err);
    if (st == ST_OK) {
        st = call->helper->fn(state, ret, err);
        if (st == ST_OK) /* a call may take a page's worth of it: looked at each time */
            st = check_memory(r, err);
        if (st != ST_OK)
            st = place(r, state->program, state->pos, st, err);
        else
            r->placed = false; /* of an error that the helper got over */
    }
    r->chunk = chunk;
    r->chunk_used = chunk_used;
    return st;
}

/* What the helper writes is its value, when it gives none. */
static enum status eval_call(struct render *r, const struct program *program,
                             const struct run_scope *scope, const struct expr *expr,
                             struct hbs_value *ret, struct error *err)
{
    struct hbs_call state = {
        .render = r,
        .call = expr->call,
        .program = program,
        .scope = scope,
        .kind = HBS_CALL_SUBEXPRESSION,
        .pos = expr->pos,
    };
    struct buf *page = r->out;
    struct buf written;
    enum status st = step(r, err);
    if (st != ST_OK)
        return place(r, program, expr->pos, st, err);
    buf_init(&written, r->env.arena, page->max);
    r->out = &written;
    st = invoke(&state, ret, err);
    r->out = page;
    if (st == ST_OK && written.too_big)
        st = hbs_fail(r, program, expr->pos, ST_TOO_BIG, err, "a value of more than %zu bytes",
                      page->max);
    if (st == ST_OK && written.len > 0 && ret->type == HBS_UNDEFINED)
        *ret = hbs_html((html){buf_view(&written)});
    return st;
}

/* ---- printing ---- */

static enum status print_list(struct render *r, struct hbs_value list, struct error *err)
{
    str text;
    enum status st = hbs_to_text(list, &r->env, &text, err);
    if (st != ST_OK)
        return st;
    hbs_add_escaped(r->out, text);
    return ST_OK;
}

static inline enum status print(struct render *r, struct hbs_value v, bool escape,
                                struct error *err)
{
    if (v.type == HBS_STRING && escape) {
        hbs_add_escaped(r->out, v.text);
        return ST_OK;
    }
    if (v.type == HBS_LIST && escape)
        return print_list(r, v, err);
    return hbs_add_text(r->out, v, &r->env, err);
}

static enum status run_print(struct render *r, const struct program *program,
                             const struct run_scope *scope, const struct op *op, struct error *err)
{
    struct hbs_value v;
    enum status st = eval(r, program, scope, op->print, &v, err);
    if (st != ST_OK)
        return st;
    return print(r, v, op->escape, err);
}

static enum status run_helper(struct render *r, const struct program *program,
                              const struct run_scope *scope, const struct op *op, struct error *err)
{
    struct hbs_value v;
    struct hbs_call state = {
        .render = r,
        .call = op->call,
        .program = program,
        .scope = scope,
        .kind = HBS_CALL_INLINE,
        .pos = op->pos,
    };
    enum status st = invoke(&state, &v, err);
    if (st != ST_OK)
        return st;
    return print(r, v, op->escape, err);
}

/* ---- bodies ---- */

static bool same_context(const struct run_scope *scope, struct hbs_value value)
{
    if (scope->context == NULL)
        return false;
    struct hbs_value outer = scope->context->value;
    return hbs_same(outer, value) || (hbs_is_nothing(outer) && hbs_is_nothing(value));
}

enum status hbs_run_body(struct render *r, const struct program *body,
                         const struct run_scope *scope, const struct hbs_frame *frame,
                         struct error *err)
{
    struct run_scope inner = *scope;
    struct context context;
    struct vars vars;
    struct params params;
    if (body == NULL)
        return ST_OK;
    if (frame != NULL && frame->context != NULL && !same_context(scope, *frame->context)) {
        context = (struct context){*frame->context, scope->context};
        inner.context = &context;
    }
    if (frame != NULL && frame->vars_count > 0) {
        vars = (struct vars){frame->vars, frame->vars_count, scope->vars};
        inner.vars = &vars;
    }
    if (body->params_count > 0) {
        params = (struct params){.parent = scope->params};
        if (frame != NULL) {
            params.values = frame->params;
            params.count = frame->params_count;
        }
        inner.params = &params;
    }
    return run(r, body, &inner, scope, err);
}

static enum status run_block(struct render *r, const struct program *program,
                             const struct run_scope *scope, const struct op *op, struct error *err)
{
    struct hbs_value v;
    struct hbs_call state = {
        .render = r,
        .call = &op->block->call,
        .program = program,
        .scope = scope,
        .body = op->block->body,
        .inverse = op->block->inverse,
        .kind = HBS_CALL_BLOCK,
        .pos = op->pos,
    };
    enum status st = invoke(&state, &v, err);
    if (st != ST_OK)
        return st;
    return print(r, v, false, err);
}

/* {{#name}} without a helper: the rule at the top of hbs.h. */
static enum status run_section(struct render *r, const struct program *program,
                               const struct run_scope *scope, const struct op *op,
                               struct error *err)
{
    const struct op_block *block = op->block;
    struct hbs_value v;
    bool shown = true;
    enum status st = eval(r, program, scope, &block->subject, &v, err);
    if (st != ST_OK)
        return st;
    if (v.type == HBS_LIST) {
        struct hbs_call state = {
            .render = r,
            .program = program,
            .scope = scope,
            .body = block->body,
            .kind = HBS_CALL_BLOCK,
            .pos = op->pos,
        };
        st = hbs_each(&state, v, &shown, err);
    } else if (hbs_is_nothing(v) || (v.type == HBS_BOOL && !v.boolean)) {
        shown = false;
    } else {
        struct hbs_frame frame = {.context = v.type == HBS_BOOL ? NULL : &v};
        st = hbs_run_body(r, block->body, scope, &frame, err);
    }
    if (st != ST_OK || shown)
        return st;
    return hbs_run_body(r, block->inverse, scope, NULL, err);
}

/* ---- partials ---- */

struct target {
    const struct program *program;         /* NULL: there is none */
    const struct inline_partial *declared; /* when it is an inline one */
    const struct own_block *own;           /* when it is @partial-block */
};

static const struct inline_partial *find_inline(const struct render *r, str name)
{
    const struct inline_partial *at = r->inlines;
    while (at != NULL && !str_eq(at->name, name))
        at = at->next;
    return at;
}

static struct target find_target(const struct render *r, str name, const struct template *found)
{
    const struct inline_partial *declared = find_inline(r, name);
    if (declared != NULL)
        return (struct target){.program = declared->body, .declared = declared};
    if (found == NULL)
        found = map_get(&r->set->partials, name);
    return (struct target){.program = found == NULL ? NULL : found->program};
}

/* The partials that a body declares, from here on. */
static enum status declare_inlines(struct render *r, const struct program *program,
                                   const struct run_scope *scope, const struct run_scope *outer,
                                   struct error *err)
{
    for (size_t i = 0; i < program->inlines_count; i++) {
        struct inline_partial *partial = arena_new_one(r->env.arena, struct inline_partial);
        struct hbs_value name;
        enum status st = eval(r, program, scope, &program->inlines[i].name, &name, err);
        if (st != ST_OK)
            return st;
        st = hbs_to_text(name, &r->env, &partial->name, err);
        if (st != ST_OK)
            return st;
        partial->body = program->inlines[i].body;
        partial->scope = (struct run_scope){outer->context, scope->vars, scope->params};
        partial->next = r->inlines;
        r->inlines = partial;
    }
    return ST_OK;
}

/* A partial is a template of its own: it sees its context and the data, and nothing outside. */
static enum status run_template(struct render *r, const struct program *program,
                                struct hbs_value value, const struct run_scope *scope,
                                struct error *err)
{
    bool compat = r->set->options.compat;
    struct context context = {value, compat ? scope->context : NULL};
    struct run_scope inner = {.context = &context, .vars = scope->vars};
    const struct run_scope outer = {.vars = scope->vars};
    if (compat && same_context(scope, value))
        inner.context = scope->context;
    return run(r, program, &inner, &outer, err);
}

static enum status run_target(struct render *r, const struct target *target,
                              struct hbs_value context, const struct run_scope *scope,
                              struct error *err)
{
    const struct inline_partial *inlines = r->inlines;
    const struct own_block *own_block = r->own_block;
    const struct hbs_frame frame = {.context = &context};
    const struct vars vars = {.parent = scope->vars};
    struct run_scope closure;
    enum status st;

    if (++r->partial_depth > HBS_PARTIAL_DEPTH_MAX) {
        r->partial_depth--;
        return error_set(err, ST_TOO_BIG, "partials within partials more than %d deep",
                         HBS_PARTIAL_DEPTH_MAX);
    }
    if (target->own != NULL) {
        closure = *target->own->scope;
        closure.vars = &vars;
        r->own_block = target->own->outer;
        st = hbs_run_body(r, target->program, &closure, &frame, err);
    } else if (target->declared != NULL) {
        closure = target->declared->scope;
        closure.vars = scope->vars;
        st = hbs_run_body(r, target->program, &closure, &frame, err);
    } else {
        st = run_template(r, target->program, context, scope, err);
    }
    r->partial_depth--;
    r->own_block = own_block;
    r->inlines = inlines;
    return st;
}

enum status hbs_run_partial(struct render *r, str name, struct hbs_value context,
                            const struct run_scope *scope, struct error *err)
{
    struct target target = find_target(r, name, NULL);
    if (target.program == NULL)
        return error_set(err, ST_NOT_FOUND, "there is no partial \"%.*s\"", STR_ARG(name));
    return run_target(r, &target, context, scope, err);
}

/* The caller's context, or the one given; with the named arguments laid upon it. */
static enum status partial_context(struct render *r, const struct program *program,
                                   const struct run_scope *scope, const struct op_partial *partial,
                                   struct hbs_value *ret, struct error *err)
{
    *ret = partial->no_context ? hbs_undefined() : context_at(scope, 0);
    if (partial->context != NULL) {
        enum status st = eval(r, program, scope, partial->context, ret, err);
        if (st != ST_OK)
            return st;
    }
    if (partial->hash == NULL)
        return ST_OK;
    const struct call *hash = partial->hash;
    struct hbs_map *names = hbs_map_new(r->env.arena);
    for (size_t i = 0; i < hash->hash_count; i++) {
        struct hbs_value v;
        enum status st = eval(r, program, scope, &hash->args[hash->args_count + i], &v, err);
        if (st != ST_OK)
            return st;
        hbs_map_set(names, hash->hash_names[i], v);
    }
    *ret = hbs_overlay(r->env.arena, *ret, hbs_map_value(names));
    return ST_OK;
}

static enum status partial_target(struct render *r, const struct program *program,
                                  const struct run_scope *scope, const struct op_partial *partial,
                                  struct target *ret, str *ret_name, struct error *err)
{
    *ret_name = partial->name;
    if (partial->own_block) {
        if (r->own_block != NULL)
            *ret = (struct target){.program = r->own_block->body, .own = r->own_block};
        return ST_OK;
    }
    if (partial->dynamic != NULL) {
        struct hbs_value name;
        enum status st = eval(r, program, scope, partial->dynamic, &name, err);
        if (st != ST_OK)
            return st;
        st = hbs_to_text(name, &r->env, ret_name, err);
        if (st != ST_OK)
            return st;
    }
    *ret = find_target(r, *ret_name, partial->found);
    return ST_OK;
}

/* Puts `indent` before every line written since `from`. */
static void indent_lines(struct render *r, size_t from, str indent)
{
    str text = str_copy(r->env.arena, str_from(buf_view(r->out), from));
    buf_truncate(r->out, from);
    while (text.len > 0) {
        size_t newline = str_find_char(text, '\n');
        size_t len = newline == STR_NPOS ? text.len : newline + 1;
        buf_add(r->out, indent);
        buf_add(r->out, str_sub(text, 0, len));
        text = str_from(text, len);
    }
}

static enum status run_partial(struct render *r, const struct program *program,
                               const struct run_scope *scope, const struct op *op,
                               struct error *err)
{
    const struct op_partial *partial = op->partial;
    const struct inline_partial *inlines = r->inlines;
    const struct own_block *outer_block = r->own_block;
    struct own_block own_block = {partial->fallback, scope, outer_block};
    struct target target = {.program = NULL};
    struct hbs_value context;
    str name;

    enum status st = partial_target(r, program, scope, partial, &target, &name, err);
    if (st != ST_OK)
        return st;
    st = partial_context(r, program, scope, partial, &context, err);
    if (st != ST_OK)
        return st;
    if (target.program == NULL && partial->fallback == NULL)
        return hbs_fail(r, program, op->pos, ST_INVALID, err,
                        "{{> %.*s}}: there is no partial \"%.*s\"", STR_ARG(name), STR_ARG(name));
    struct run_scope inner = *scope;
    struct vars frame = {.parent = scope->vars};
    if (partial->fallback != NULL) {
        r->own_block = &own_block;
        inner.vars = &frame; /* a frame of its own: @../ counts it, here and in run_target */
        if (target.program == NULL)
            target = (struct target){.program = partial->fallback, .own = &own_block};
        else if (target.own == NULL && target.declared == NULL)
            st = declare_inlines(r, partial->fallback, scope, scope, err);
    }
    size_t from = r->out->len;
    if (st == ST_OK)
        st = run_target(r, &target, context, &inner, err);
    r->own_block = outer_block;
    r->inlines = inlines;
    if (st != ST_OK)
        return place(r, program, op->pos, st, err);
    if (partial->indent.len > 0)
        indent_lines(r, from, partial->indent);
    return ST_OK;
}

/* ---- the loop ---- */

static enum status run_ops(struct render *r, const struct program *program,
                           const struct run_scope *scope, struct error *err)
{
    for (const struct op *op = program->ops, *end = op + program->count; op < end; op++) {
        enum status st = step(r, err);
        if (st != ST_OK)
            return place(r, program, op->pos, st, err);
        switch (op->kind) {
        case OP_TEXT:
            buf_add(r->out, op->text);
            continue;
        case OP_PRINT:
            st = run_print(r, program, scope, op, err);
            break;
        case OP_HELPER:
            st = run_helper(r, program, scope, op, err);
            break;
        case OP_BLOCK:
            st = run_block(r, program, scope, op, err);
            break;
        case OP_SECTION:
            st = run_section(r, program, scope, op, err);
            break;
        case OP_PARTIAL:
            st = run_partial(r, program, scope, op, err);
            break;
        }
        if (st != ST_OK)
            return place(r, program, op->pos, st, err);
    }
    return ST_OK;
}

/* `outer` is the scope the program was written in: inline partials belong there. */
static enum status run(struct render *r, const struct program *program,
                       const struct run_scope *scope, const struct run_scope *outer,
                       struct error *err)
{
    const struct inline_partial *inlines = r->inlines;
    enum status st = step(r, err);
    if (st != ST_OK)
        return st;
    if (++r->depth > HBS_DEPTH_MAX)
        st = error_set(err, ST_TOO_BIG, "blocks and partials within one another more than %d deep",
                       HBS_DEPTH_MAX);
    if (st == ST_OK && program->inlines_count > 0)
        st = declare_inlines(r, program, scope, outer, err);
    if (st == ST_OK)
        st = run_ops(r, program, scope, err);
    r->depth--;
    r->inlines = inlines;
    return st;
}

/* ---- a page ---- */

static enum status run_page(struct render *r, const struct template *template, struct error *err)
{
    struct context context = {.value = r->root};
    const struct run_scope outer = {.context = NULL};
    const struct run_scope scope = {.context = &context};
    return run(r, template->program, &scope, &outer, err);
}

/* The template into a text of its own, then each layout with that text as `body`; the outermost
 * goes to `out`. */
static enum status run_layouts(struct render *r, const struct template *template, struct buf *out,
                               struct error *err)
{
    for (; template->layout != NULL; template = template->layout) {
        struct buf *inner = arena_new_one(r->env.arena, struct buf);
        buf_init(inner, r->env.arena, out->max);
        buf_reserve(inner, 16 * 1024);
        r->out = inner;
        enum status st = run_page(r, template, err);
        if (st != ST_OK)
            return st;
        str body;
        st = buf_finish(inner, &body, err);
        if (st != ST_OK)
            return st;
        struct hbs_map *more = hbs_map_new(r->env.arena);
        hbs_map_set(more, S("body"), hbs_string(body));
        r->root = hbs_overlay(r->env.arena, r->page->root, hbs_map_value(more));
    }
    r->out = out;
    return run_page(r, template, err);
}

enum status hbs_render(const struct hbs_set *set, str name, const struct hbs_page *page,
                       struct buf *out, struct error *err)
{
    const struct template *template = map_get(&set->templates, name);
    CHECK(set->compiled);
    if (set->first.status != ST_OK)
        return error_set(err, ST_INVALID, "%s", set->first.text);
    if (template == NULL)
        return error_set(err, ST_NOT_FOUND, "there is no template \"%.*s\"", STR_ARG(name));

    struct render *r = arena_new_one(page->arena, struct render);
    *r = (struct render){
        .set = set,
        .page = page,
        .env = {.arena = page->arena, .host = page->host},
        .root = page->root,
        .out = out,
        .steps_max = page->steps_max > 0 ? page->steps_max : HBS_STEPS_MAX,
        .loop_items_max = page->loop_items_max > 0 ? page->loop_items_max : HBS_LOOP_ITEMS_MAX,
        .arena_bytes_max =
            arena_bytes(page->arena) +
            (page->memory_bytes_max > 0 ? page->memory_bytes_max : HBS_MEMORY_BYTES_MAX),
        .chunk = arena_new_one(page->arena, struct value_chunk),
    };
    map_init(&r->contents, page->arena);
    r->steps_check = r->steps_max < HBS_DEADLINE_STEPS ? r->steps_max : HBS_DEADLINE_STEPS;
    enum status st = run_layouts(r, template, out, err);
    if (page->ret_steps != NULL)
        *page->ret_steps = r->steps;
    if (st == ST_OK && out->too_big)
        return error_set(err, ST_TOO_BIG, "the page is over its limit of %zu bytes", out->max);
    return st;
}
