/* SPDX-License-Identifier: MIT
 *
 * From a tree to a program. Here names get their meaning, by the rules at the top of hbs.h: a tag
 * calls a helper or prints a property, a bare argument is a property, a block parameter hides
 * both. Neighbouring texts become one, comments go.
 *
 * The walk recurses over blocks and ( ), at most HBS_NESTING_MAX deep: the parser has seen to
 * that. */
#include "hbs/ast.h"
#include "hbs/program.h"

#include "base/arena.h"
#include "base/buf.h"

/* The names of the bodies around, innermost first; only those that declare any. */
struct scope {
    const str *params;
    size_t params_count;
    const struct scope *outer;
};

struct compiler {
    struct hbs_set *set;
    const struct template *template;
    const struct scope *scope;
};

/* ---- names said ---- */

static void note_word(struct compiler *c, str word)
{
    if (word.len > 0 && map_get(&c->set->words, word) == NULL)
        (void)map_set(&c->set->words, word, c->set);
}

/* fields="id,html" and filter="slug:{{slug}}" name properties too. */
static void note_words(struct compiler *c, str text)
{
    size_t from = 0;
    for (size_t i = 0; i <= text.len; i++) {
        if (i < text.len && (ascii_is_alnum(text.ptr[i]) || text.ptr[i] == '_'))
            continue;
        note_word(c, str_sub(text, from, i - from));
        from = i + 1;
    }
}

/* ---- expressions ---- */

static bool find_param(const struct compiler *c, str name, struct expr *expr)
{
    uint32_t depth = 0;
    for (const struct scope *s = c->scope; s != NULL; s = s->outer, depth++) {
        for (size_t i = 0; i < s->params_count; i++) {
            if (!str_eq(s->params[i], name))
                continue;
            expr->kind = EXPR_PARAM;
            expr->depth = depth;
            expr->index = u16_from_size(i);
            return true;
        }
    }
    return false;
}

static bool is_plain(const struct ast_expr *path)
{
    return !path->data && !path->scoped && path->depth == 0 && path->parts_count > 0;
}

static void compile_path(struct compiler *c, const struct ast_expr *path, struct expr *expr)
{
    size_t skip = 0;
    expr->kind = path->data ? EXPR_DATA : EXPR_PATH;
    expr->depth = path->depth;
    if (is_plain(path) && find_param(c, path->parts[0], expr))
        skip = 1;
    else if (is_plain(path) && c->set->options.compat)
        expr->kind = EXPR_OUTER;

    size_t count = path->parts_count - skip;
    struct hbs_key *parts = arena_new_array(c->set->arena, struct hbs_key, count);
    for (size_t i = 0; i < count; i++) {
        parts[i] = hbs_key_of(str_copy(c->set->arena, path->parts[skip + i]));
        note_word(c, parts[i].text);
    }
    expr->parts = parts;
    expr->parts_count = u16_from_size(count);
}

static void compile_expr(struct compiler *c, const struct ast_expr *ast, struct expr *expr);

static void compile_args(struct compiler *c, const struct ast_call *ast, struct call *call)
{
    struct expr *args =
        arena_new_array(c->set->arena, struct expr, ast->args_count + ast->hash_count);
    str *names = arena_new_array(c->set->arena, str, ast->hash_count);
    for (size_t i = 0; i < ast->args_count; i++)
        compile_expr(c, ast->args[i], &args[i]);
    for (size_t i = 0; i < ast->hash_count; i++) {
        names[i] = str_copy(c->set->arena, ast->hash_names[i]);
        compile_expr(c, ast->hash[i], &args[ast->args_count + i]);
    }
    call->args = args;
    call->args_count = u16_from_size(ast->args_count);
    call->hash_names = names;
    call->hash_count = u16_from_size(ast->hash_count);
}

/* A tag's name as a path, at the place of the tag: {{"foo"}}, {{12}} and {{true}} are properties
 * of that name. */
static struct ast_expr name_path(struct compiler *c, const struct ast_expr *name, uint32_t pos)
{
    if (name->kind != AST_LITERAL) {
        struct ast_expr path = *name;
        path.pos = pos;
        return path;
    }
    struct buf b;
    const struct hbs_env env = {.arena = c->set->scratch};
    struct ast_expr path = {.kind = AST_PATH, .pos = pos, .parts_count = 1};
    path.parts = arena_new_one(c->set->scratch, str);
    buf_init(&b, c->set->scratch, HBS_SOURCE_BYTES_MAX);
    if (name->literal.type == HBS_UNDEFINED)
        buf_add(&b, S("undefined"));
    else if (name->literal.type == HBS_NULL)
        buf_add(&b, S("null"));
    else
        CHECK(hbs_add_text(&b, name->literal, &env, NULL) == ST_OK);
    path.parts[0] = path.original = buf_view(&b);
    return path;
}

/* The helper a name calls; NULL when it is a property. */
static const struct hbs_helper *find_helper(const struct compiler *c, const struct ast_expr *name)
{
    struct expr param;
    if (name->parts_count != 1 || !is_plain(name) || find_param(c, name->parts[0], &param))
        return NULL;
    return map_get(&c->set->helpers, name->parts[0]);
}

static bool is_param(const struct compiler *c, const struct ast_expr *name)
{
    struct expr param;
    return is_plain(name) && name->parts_count == 1 && find_param(c, name->parts[0], &param);
}

static void check_use(struct compiler *c, const struct call *call, enum hbs_call_kind kind)
{
    unsigned flags = call->helper->flags;
    if ((flags & HBS_BLOCK_ONLY) != 0 && kind != HBS_CALL_BLOCK)
        hbs_set_problem(c->set, c->template, call->pos, "{{%.*s}}: %.*s is a block: {{#%.*s}}",
                        STR_ARG(call->name), STR_ARG(call->name), STR_ARG(call->name));
    if ((flags & HBS_INLINE_ONLY) != 0 && kind == HBS_CALL_BLOCK)
        hbs_set_problem(c->set, c->template, call->pos, "{{#%.*s}}: %.*s cannot be a block",
                        STR_ARG(call->name), STR_ARG(call->name));
    if ((flags & HBS_NEEDS_ONE) != 0 && call->args_count != 1)
        hbs_set_late_problem(c->set, c->template, call->pos,
                             "{{#%.*s}}: %.*s takes exactly one argument, not %u",
                             STR_ARG(call->name), STR_ARG(call->name), call->args_count);
}

static void compile_call(struct compiler *c, const struct ast_call *ast,
                         const struct ast_expr *name, const struct hbs_helper *helper,
                         enum hbs_call_kind kind, struct call *call)
{
    call->helper = helper;
    call->name = str_copy(c->set->arena, name->parts[0]);
    call->pos = name->pos;
    compile_args(c, ast, call);
    check_use(c, call, kind);
    if (map_get(&c->set->called, call->name) == NULL)
        (void)map_set(&c->set->called, call->name, c->set);
}

static str shown(const struct ast_expr *name)
{
    return name->original.ptr == NULL ? S("undefined") : name->original;
}

/* A call of something that is no helper. */
static void compile_absent(struct compiler *c, const struct ast_expr *name, struct expr *expr)
{
    hbs_set_late_problem(c->set, c->template, name->pos,
                         "{{%.*s ...}}: there is no helper \"%.*s\"", STR_ARG(shown(name)),
                         STR_ARG(shown(name)));
    compile_path(c, name, expr);
    expr->kind = EXPR_ABSENT;
}

static void compile_subexpression(struct compiler *c, const struct ast_expr *ast, struct expr *expr)
{
    struct ast_expr name = name_path(c, ast->call->name, ast->call->name->pos);
    const struct hbs_helper *helper = find_helper(c, &name);
    if (helper == NULL) {
        compile_absent(c, &name, expr);
        expr->index = ast->call->args_count + ast->call->hash_count > 0;
        return;
    }
    struct call *call = arena_new_one(c->set->arena, struct call);
    compile_call(c, ast->call, &name, helper, HBS_CALL_SUBEXPRESSION, call);
    expr->kind = EXPR_CALL;
    expr->call = call;
}

static void compile_expr(struct compiler *c, const struct ast_expr *ast, struct expr *expr)
{
    expr->pos = ast->pos;
    switch (ast->kind) {
    case AST_PATH:
        compile_path(c, ast, expr);
        break;
    case AST_LITERAL:
        expr->kind = EXPR_VALUE;
        expr->value = ast->literal;
        if (ast->literal.type == HBS_STRING) {
            expr->value = hbs_string(str_copy(c->set->arena, ast->literal.text));
            note_words(c, ast->literal.text);
        }
        break;
    case AST_CALL:
        compile_subexpression(c, ast, expr);
        break;
    }
}

/* ---- ops ---- */

static const struct program *compile_body(struct compiler *c, const struct ast_body *body);

/* The property a tag prints or a section is about. Called with arguments it should have been a
 * helper, unless a block parameter hides one. */
static void compile_subject(struct compiler *c, const struct ast_call *call,
                            const struct ast_expr *name, struct expr *expr)
{
    expr->pos = name->pos;
    if (call->args_count + call->hash_count > 0 && !is_param(c, name)) {
        compile_absent(c, name, expr);
        expr->index = 1;
        return;
    }
    compile_path(c, name, expr);
    expr->must_exist = c->set->options.strict;
}

static void compile_print(struct compiler *c, const struct ast_node *node, struct op *op)
{
    struct ast_expr name = name_path(c, node->call.name, node->pos);
    const struct hbs_helper *helper = find_helper(c, &name);
    op->escape = node->escaped && !c->set->options.no_escape;
    if (helper == NULL) {
        struct expr *expr = arena_new_one(c->set->arena, struct expr);
        compile_subject(c, &node->call, &name, expr);
        op->kind = OP_PRINT;
        op->print = expr;
        return;
    }
    struct call *call = arena_new_one(c->set->arena, struct call);
    compile_call(c, &node->call, &name, helper, HBS_CALL_INLINE, call);
    op->kind = OP_HELPER;
    op->call = call;
}

static void compile_block(struct compiler *c, const struct ast_node *node, struct op *op)
{
    struct ast_expr name = name_path(c, node->call.name, node->pos);
    const struct hbs_helper *helper = find_helper(c, &name);
    struct op_block *block = arena_new_one(c->set->arena, struct op_block);
    if (helper != NULL)
        compile_call(c, &node->call, &name, helper, HBS_CALL_BLOCK, &block->call);
    else
        compile_subject(c, &node->call, &name, &block->subject);
    op->kind = helper != NULL ? OP_BLOCK : OP_SECTION;
    op->block = block;
    block->body = compile_body(c, node->body);
    block->inverse = compile_body(c, node->inverse);
}

static void compile_partial_name(struct compiler *c, const struct ast_node *node,
                                 struct op_partial *partial)
{
    const struct ast_expr *name = node->call.name;
    if (name->kind == AST_CALL) {
        struct expr *expr = arena_new_one(c->set->arena, struct expr);
        compile_expr(c, name, expr);
        partial->dynamic = expr;
        return;
    }
    if (name->kind == AST_PATH && name->data && str_eq(name->original, S("@partial-block"))) {
        partial->own_block = true;
        partial->name = S("@partial-block");
        return;
    }
    struct ast_expr path = name_path(c, name, node->pos);
    partial->name = str_copy(c->set->arena, path.original);
    partial->found = map_get(&c->set->partials, partial->name);
    if (partial->found == NULL && node->body == NULL &&
        map_get(&c->set->inlines, partial->name) == NULL)
        hbs_set_late_problem(c->set, c->template, node->pos,
                             "{{> %.*s}}: there is no partial \"%.*s\"", STR_ARG(partial->name),
                             STR_ARG(partial->name));
}

static void compile_partial(struct compiler *c, const struct ast_node *node, struct op *op)
{
    struct op_partial *partial = arena_new_one(c->set->arena, struct op_partial);
    struct call *call = arena_new_one(c->set->arena, struct call);
    compile_partial_name(c, node, partial);
    compile_args(c, &node->call, call);
    if (call->args_count > 1)
        hbs_set_problem(c->set, c->template, node->pos,
                        "{{> %.*s}}: a partial takes one context, not %u", STR_ARG(node->original),
                        call->args_count);
    partial->context = call->args_count > 0 ? &call->args[0] : NULL;
    partial->hash = call->hash_count > 0 ? call : NULL;
    partial->no_context = c->set->options.explicit_partial_context && call->args_count == 0;
    partial->fallback = compile_body(c, node->body);
    if (!c->set->options.prevent_indent)
        partial->indent = str_copy(c->set->arena, node->indent);
    op->kind = OP_PARTIAL;
    op->partial = partial;
}

static void compile_inline(struct compiler *c, const struct ast_node *node, struct inline_def *def)
{
    if (!str_eq(shown(node->call.name), S("inline")) || node->call.args_count != 1) {
        hbs_set_problem(c->set, c->template, node->pos,
                        "{{#*%.*s}}: only {{#*inline \"name\"}} is known",
                        STR_ARG(shown(node->call.name)));
        return;
    }
    compile_expr(c, node->call.args[0], &def->name);
    def->body = compile_body(c, node->body);
}

/* Adds to the text before, when there is one. Texts of a file lie in its source, often side by
 * side: then no byte is copied. */
static void add_text(struct compiler *c, struct op *ops, uint32_t *count, str text, uint32_t pos)
{
    if (text.len == 0)
        return;
    if (*count > 0 && ops[*count - 1].kind == OP_TEXT) {
        str *before = &ops[*count - 1].text;
        if (before->ptr + before->len == text.ptr)
            before->len += text.len;
        else
            *before = str_join2(c->set->arena, *before, text);
        return;
    }
    ops[(*count)++] = (struct op){.kind = OP_TEXT, .pos = pos, .text = text};
}

static void compile_nodes(struct compiler *c, const struct ast_body *body, struct program *program)
{
    struct op *ops = arena_new_array(c->set->arena, struct op, body->count * 2);
    struct inline_def *inlines = arena_new_array(c->set->arena, struct inline_def, body->count);
    for (size_t i = 0; i < body->count; i++) {
        const struct ast_node *node = body->nodes[i];
        if (node->kind == AST_PARTIAL && c->set->options.prevent_indent)
            add_text(c, ops, &program->count, node->indent, node->pos);
        struct op *op = &ops[program->count];
        op->pos = node->pos;
        switch (node->kind) {
        case AST_TEXT:
            add_text(c, ops, &program->count, node->text, node->pos);
            continue;
        case AST_COMMENT:
            continue;
        case AST_INLINE:
            compile_inline(c, node, &inlines[program->inlines_count++]);
            continue;
        case AST_PRINT:
            compile_print(c, node, op);
            break;
        case AST_BLOCK:
            compile_block(c, node, op);
            break;
        case AST_PARTIAL:
            compile_partial(c, node, op);
            break;
        }
        program->count++;
    }
    program->ops = ops;
    program->inlines = inlines;
}

static const struct program *compile_body(struct compiler *c, const struct ast_body *body)
{
    if (body == NULL)
        return NULL;
    struct program *program = arena_new_one(c->set->arena, struct program);
    struct scope scope = {body->params, body->params_count, c->scope};
    program->template = c->template;
    program->params_count = u16_from_size(body->params_count);
    if (body->params_count > 0)
        c->scope = &scope;
    compile_nodes(c, body, program);
    if (body->params_count > 0)
        c->scope = scope.outer;
    return program;
}

void hbs_compile(struct hbs_set *set, struct template *template)
{
    struct compiler c = {.set = set, .template = template};
    template->program = compile_body(&c, template->ast);
    template->ast = NULL;
}
