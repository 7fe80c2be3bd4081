/* SPDX-License-Identifier: MIT
 *
 * From text to a tree. Blocks are kept on a stack of their own, not on C's; only ( ) recurses, to
 * HBS_NESTING_MAX. Text between tags is cut here, with its \{{ escapes; words inside tags are the
 * lexer's.
 *
 * {{#if a}}..{{else if b}}..{{/if}} becomes a block in the inverse body of the first, marked as
 * chained: one closing tag ends them all. */
#include "hbs/ast.h"
#include "hbs/hbs.h"
#include "hbs/lexer.h"

#include "base/arena.h"

/* A block whose closing tag has not been met. */
struct open_block {
    struct ast_node *block; /* what the closing tag must name */
    struct ast_node *last;  /* the block itself, or its last {{else if}} */
    bool otherwise;         /* {{else}} was met */
    unsigned chain;         /* how many {{else if}} */
    struct ast_body *outer; /* where to go on after the closing tag */
};

struct parser {
    struct lexer lexer;
    struct arena *arena;
    struct open_block open[HBS_NESTING_MAX];
    unsigned open_count;
    unsigned depth; /* blocks and chains open */
    struct ast_body *body;
    uint32_t *ret_pos; /* where the error is */
};

static char char_at(const struct parser *p, size_t at)
{
    return at < p->lexer.source.len ? p->lexer.source.ptr[at] : '\0';
}

static bool starts_at(const struct parser *p, size_t at, str prefix)
{
    return str_starts(str_from(p->lexer.source, at), prefix);
}

/* The status is spelt out so that the compiler sees what follows a failure is not reached. */
#define FAIL(p, at, err, ...)                                                                      \
    (*(p)->ret_pos = (at), (void)error_set((err), ST_INVALID, __VA_ARGS__), ST_INVALID)

/* ---- nodes ---- */

/* Room for one more in an array of `count`: full at 0, 1, 2, 4, 8... */
static void *room(struct parser *p, void *array, size_t count, size_t item_bytes)
{
    if ((count & (count - 1)) != 0)
        return array;
    size_t cap = count == 0 ? 1 : 2 * count;
    return arena_grow(p->arena, array, count * item_bytes, cap * item_bytes, _Alignof(max_align_t));
}

static void body_add(struct parser *p, struct ast_body *body, struct ast_node *node)
{
    body->nodes = room(p, body->nodes, body->count, sizeof(*body->nodes));
    body->nodes[body->count++] = node;
}

static struct ast_node *node_new(struct parser *p, enum ast_kind kind, size_t pos)
{
    struct ast_node *node = arena_new_one(p->arena, struct ast_node);
    node->kind = kind;
    node->pos = (uint32_t)pos;
    return node;
}

static struct ast_body *body_new(struct parser *p)
{
    return arena_new_one(p->arena, struct ast_body);
}

static void add_text(struct parser *p, size_t from, size_t to)
{
    if (from == to)
        return;
    struct ast_node *node = node_new(p, AST_TEXT, from);
    node->text = node->original = str_sub(p->lexer.source, from, to - from);
    body_add(p, p->body, node);
}

/* ---- what stands inside a tag ---- */

static enum status parse_call(struct parser *p, struct ast_call *call, bool partial, unsigned depth,
                              struct error *err);

static enum status bad_word(struct parser *p, struct token token, const char *want,
                            struct error *err)
{
    if (token.kind == TOKEN_EOF)
        return FAIL(p, token.pos, err, "the file ends inside a tag");
    str rest = str_from(p->lexer.source, token.pos);
    bool braces = rest.ptr[0] == '}';
    size_t len = 1;
    while (len < rest.len && len < 20 && !ascii_is_space(rest.ptr[len]) &&
           (rest.ptr[len] == '}') == braces)
        len++;
    return FAIL(p, token.pos, err, "expected %s, found \"%.*s\"", want,
                STR_ARG(str_sub(rest, 0, len)));
}

static enum status path_step(struct parser *p, struct ast_expr *path, struct token token,
                             bool first, struct error *err)
{
    bool up = !token.bracketed && str_eq(token.text, S(".."));
    bool here = !token.bracketed && (str_eq(token.text, S(".")) || str_eq(token.text, S("this")));
    if (first && str_eq(token.text, S("this")))
        path->scoped = true;
    if (!up && !here) {
        if (path->parts_count == HBS_PATH_PARTS_MAX)
            return FAIL(p, token.pos, err, "a path of more than %d names", HBS_PATH_PARTS_MAX);
        path->parts = room(p, path->parts, path->parts_count, sizeof(*path->parts));
        path->parts[path->parts_count++] = token.text;
        return ST_OK;
    }
    if (path->parts_count > 0)
        return FAIL(p, token.pos, err, "\"%.*s\" cannot stand inside a path", STR_ARG(token.text));
    path->scoped = true;
    path->depth += up;
    return ST_OK;
}

/* a.b/[c d], ../a, @a.b; `original` is it as handlebars.js would write it out again. */
static enum status parse_path(struct parser *p, struct token token, struct ast_expr *path,
                              struct error *err)
{
    uint32_t start = token.pos;
    bool plain = true;
    if (token.kind == TOKEN_AT) {
        path->data = true;
        token = hbs_lex(&p->lexer);
    }
    for (bool first = true;; first = false) {
        if (token.kind == TOKEN_VALUE && !first)
            token.kind = TOKEN_ID; /* tags.3 */
        if (token.kind != TOKEN_ID)
            return bad_word(p, token, "a name", err);
        plain = plain && !token.bracketed;
        enum status st = path_step(p, path, token, first, err);
        if (st != ST_OK)
            return st;
        if (hbs_lex_peek(&p->lexer).kind != TOKEN_SEP)
            break;
        (void)hbs_lex(&p->lexer);
        token = hbs_lex(&p->lexer);
    }
    path->original = str_sub(p->lexer.source, start, p->lexer.at - start);
    if (path->data && path->parts_count == 0)
        return FAIL(p, start, err, "\"%.*s\" names nothing", STR_ARG(path->original));
    if (!plain && path->parts_count == 1 && path->depth == 0 && !path->data)
        path->original = path->parts[0]; /* {{#[a b]}}{{/a b}} cannot be written; {{/[a b]}} can */
    return ST_OK;
}

/* A path, a literal or, where `call` allows it, ( ). */
static enum status parse_expr(struct parser *p, bool call, unsigned depth, struct ast_expr **ret,
                              struct error *err)
{
    struct token token = hbs_lex(&p->lexer);
    struct ast_expr *expr = arena_new_one(p->arena, struct ast_expr);
    *ret = expr;
    expr->pos = token.pos;
    switch (token.kind) {
    case TOKEN_VALUE:
        expr->kind = AST_LITERAL;
        expr->literal = token.value;
        expr->original = token.value.type == HBS_UNDEFINED ? STR_NONE : token.text;
        return ST_OK;
    case TOKEN_ID:
    case TOKEN_AT:
        expr->kind = AST_PATH;
        return parse_path(p, token, expr, err);
    case TOKEN_OPEN:
        if (!call)
            break;
        if (depth >= HBS_NESTING_MAX)
            return FAIL(p, token.pos, err, "( ) nested more than %d deep", HBS_NESTING_MAX);
        expr->kind = AST_CALL;
        expr->call = arena_new_one(p->arena, struct ast_call);
        enum status st = parse_call(p, expr->call, false, depth + 1, err);
        if (st != ST_OK)
            return st;
        token = hbs_lex(&p->lexer);
        if (token.kind != TOKEN_CLOSE)
            return bad_word(p, token, "\")\"", err);
        return ST_OK;
    case TOKEN_SEP:
    case TOKEN_EQUALS:
    case TOKEN_CLOSE:
    case TOKEN_AS:
    case TOKEN_BAR:
    case TOKEN_END:
    case TOKEN_END_RAW:
    case TOKEN_END_BLOCK_RAW:
    case TOKEN_BAD:
    case TOKEN_EOF:
        break;
    }
    return bad_word(p, token, "a name or a value", err);
}

static bool at_hash(const struct parser *p)
{
    struct lexer ahead = p->lexer;
    return hbs_lex(&ahead).kind == TOKEN_ID && hbs_lex(&ahead).kind == TOKEN_EQUALS;
}

static enum status parse_hash(struct parser *p, struct ast_call *call, unsigned depth,
                              struct error *err)
{
    while (at_hash(p)) {
        struct token name = hbs_lex(&p->lexer);
        (void)hbs_lex(&p->lexer);
        if (call->hash_count == HBS_ARGS_MAX)
            return FAIL(p, name.pos, err, "more than %d named arguments", HBS_ARGS_MAX);
        call->hash_names = room(p, call->hash_names, call->hash_count, sizeof(*call->hash_names));
        call->hash = room(p, call->hash, call->hash_count, sizeof(*call->hash));
        call->hash_names[call->hash_count] = name.text;
        enum status st = parse_expr(p, true, depth, &call->hash[call->hash_count], err);
        if (st != ST_OK)
            return st;
        call->hash_count++;
    }
    return ST_OK;
}

static bool begins_expr(enum token_kind kind)
{
    return kind == TOKEN_ID || kind == TOKEN_VALUE || kind == TOKEN_AT || kind == TOKEN_OPEN;
}

/* name arg arg key=arg; a partial's name may be ( ). */
static enum status parse_call(struct parser *p, struct ast_call *call, bool partial, unsigned depth,
                              struct error *err)
{
    enum status st = parse_expr(p, partial, depth, &call->name, err);
    if (st != ST_OK)
        return st;
    while (begins_expr(hbs_lex_peek(&p->lexer).kind)) {
        if (at_hash(p))
            return parse_hash(p, call, depth, err);
        if (call->args_count == HBS_ARGS_MAX)
            return FAIL(p, (uint32_t)p->lexer.at, err, "more than %d arguments", HBS_ARGS_MAX);
        call->args = room(p, call->args, call->args_count, sizeof(*call->args));
        st = parse_expr(p, true, depth, &call->args[call->args_count], err);
        if (st != ST_OK)
            return st;
        call->args_count++;
    }
    return ST_OK;
}

/* as |a b| */
static enum status parse_block_params(struct parser *p, struct ast_body *body, struct error *err)
{
    if (hbs_lex_peek(&p->lexer).kind != TOKEN_AS)
        return ST_OK;
    struct token token = hbs_lex(&p->lexer);
    for (;;) {
        token = hbs_lex(&p->lexer);
        if (token.kind == TOKEN_BAR && body->params_count > 0)
            return ST_OK;
        if (token.kind != TOKEN_ID)
            return bad_word(p, token, "a name", err);
        if (body->params_count == HBS_ARGS_MAX)
            return FAIL(p, token.pos, err, "more than %d block parameters", HBS_ARGS_MAX);
        body->params = room(p, body->params, body->params_count, sizeof(*body->params));
        body->params[body->params_count++] = token.text;
    }
}

static enum status parse_end(struct parser *p, enum token_kind want, bool *ret_strip,
                             struct error *err)
{
    struct token token = hbs_lex(&p->lexer);
    if (token.kind != want)
        return bad_word(p, token,
                        want == TOKEN_END       ? "\"}}\""
                        : want == TOKEN_END_RAW ? "\"}}}\""
                                                : "\"}}}}\"",
                        err);
    *ret_strip = token.strip;
    return ST_OK;
}

/* ---- blocks ---- */

static str tag_name(const struct ast_call *call)
{
    return call->name->original.ptr == NULL ? S("( )") : call->name->original;
}

/* The rest of an opening tag: name, arguments, `as |a b|` and the end. */
static enum status parse_block_call(struct parser *p, struct ast_node *block,
                                    struct ast_body *inner, struct error *err)
{
    enum status st = parse_call(p, &block->call, block->kind == AST_PARTIAL, 0, err);
    if (st != ST_OK)
        return st;
    if (block->kind == AST_BLOCK) {
        st = parse_block_params(p, inner, err);
        if (st != ST_OK)
            return st;
    }
    block->original = tag_name(&block->call);
    return parse_end(p, TOKEN_END, &block->strip.close, err);
}

/* {{#a}} {{^a}} {{#> a}} {{#*inline "a"}}, the lexer standing behind the mark. */
static enum status parse_open(struct parser *p, size_t start, enum ast_kind kind, bool inverted,
                              bool strip, struct error *err)
{
    struct ast_node *block = node_new(p, kind, start);
    struct ast_body *inner = body_new(p);
    block->strip.open = strip;
    enum status st = parse_block_call(p, block, inner, err);
    if (st != ST_OK)
        return st;
    if (p->depth >= HBS_NESTING_MAX)
        return FAIL(p, block->pos, err, "blocks nested more than %d deep", HBS_NESTING_MAX);
    p->depth++;
    if (inverted)
        block->inverse = inner;
    else
        block->body = inner;
    body_add(p, p->body, block);
    p->open[p->open_count++] = (struct open_block){.block = block, .last = block, .outer = p->body};
    p->body = inner;
    return ST_OK;
}

/* The block that an {{else}} at `start` belongs to. */
static enum status else_block(struct parser *p, size_t start, struct open_block **ret,
                              struct error *err)
{
    if (p->open_count == 0 || p->open[p->open_count - 1].block->kind != AST_BLOCK)
        return FAIL(p, (uint32_t)start, err, "{{else}} outside a block");
    struct open_block *open = &p->open[p->open_count - 1];
    if (open->otherwise)
        return FAIL(p, (uint32_t)start, err, "a second {{else}} in {{#%.*s}}",
                    STR_ARG(open->block->original));
    *ret = open;
    return ST_OK;
}

/* {{^a}} has its inverse already: what follows its {{else}} is the body. */
static void begin_otherwise(struct ast_node *block, struct ast_body *body, struct ast_strip strip)
{
    if (block->body == NULL)
        block->body = body;
    else
        block->inverse = body;
    block->inverse_strip = strip;
}

static enum status parse_else(struct parser *p, size_t start, struct ast_strip strip,
                              struct error *err)
{
    struct open_block *open;
    enum status st = else_block(p, start, &open, err);
    if (st != ST_OK)
        return st;
    open->otherwise = true;
    p->body = body_new(p);
    begin_otherwise(open->last, p->body, strip);
    return ST_OK;
}

/* {{else if b}}: a block alone in the inverse body of the one before. */
static enum status parse_else_chain(struct parser *p, size_t start, bool strip, struct error *err)
{
    struct open_block *open;
    enum status st = else_block(p, start, &open, err);
    if (st != ST_OK)
        return st;
    if (open->last->body == NULL)
        return FAIL(p, (uint32_t)start, err, "{{else ...}} with a name cannot follow {{^%.*s}}",
                    STR_ARG(open->block->original));
    if (p->depth >= HBS_NESTING_MAX)
        return FAIL(p, (uint32_t)start, err, "blocks nested more than %d deep", HBS_NESTING_MAX);

    struct ast_node *block = node_new(p, AST_BLOCK, start);
    block->body = body_new(p);
    block->strip.open = strip;
    st = parse_block_call(p, block, block->body, err);
    if (st != ST_OK)
        return st;
    block->close_strip = block->strip; /* the first of a chain gets the closing tag's, later */

    struct ast_body *chained = body_new(p);
    chained->chained = true;
    body_add(p, chained, block);
    begin_otherwise(open->last, chained, block->strip);
    open->last = block;
    open->chain++;
    p->depth++;
    p->body = block->body;
    return ST_OK;
}

static enum status parse_close(struct parser *p, size_t start, bool strip, struct error *err)
{
    struct ast_strip close = {.open = strip};
    struct ast_expr *name;
    enum status st = parse_expr(p, false, 0, &name, err);
    if (st != ST_OK)
        return st;
    st = parse_end(p, TOKEN_END, &close.close, err);
    if (st != ST_OK)
        return st;
    str said = name->original.ptr == NULL ? S("undefined") : name->original;
    if (p->open_count == 0)
        return FAIL(p, (uint32_t)start, err, "{{/%.*s}} closes nothing", STR_ARG(said));
    struct open_block *open = &p->open[p->open_count - 1];

    /* {{#> (name)}} has no name to repeat and is closed by {{/undefined}}. */
    str opened = open->block->call.name->original;
    bool fits = opened.ptr == NULL ? name->original.ptr == NULL : str_eq(opened, said);
    if (!fits)
        return FAIL(p, (uint32_t)start, err, "{{/%.*s}} does not close {{%s%.*s}}", STR_ARG(said),
                    open->block->kind == AST_PARTIAL ? "#> " : "#", STR_ARG(open->block->original));
    open->block->close_strip = close;
    if (open->chain > 0)
        open->block->inverse->nodes[0]->close_strip = close;
    p->depth -= 1 + open->chain;
    p->body = open->outer;
    p->open_count--;
    return ST_OK;
}

/* ---- raw blocks ---- */

/* The end of {{{{name}}}}...{{{{/name}}}}: raw blocks inside it are counted, not read. */
static enum status raw_end(struct parser *p, const struct ast_node *block, size_t *ret_text_end,
                           struct error *err)
{
    unsigned inner = 0;
    size_t at = p->lexer.at;
    for (;;) {
        size_t mark = str_find(str_from(p->lexer.source, at), S("{{{{"));
        if (mark == STR_NPOS)
            return FAIL(p, block->pos, err, "{{{{%.*s}}}} is never closed",
                        STR_ARG(block->original));
        at += mark + 4;
        if (char_at(p, at) != '/') {
            inner++;
            continue;
        }
        size_t close = str_find(str_from(p->lexer.source, at), S("}}}}"));
        if (close == STR_NPOS)
            return FAIL(p, block->pos, err, "{{{{%.*s}}}} is never closed",
                        STR_ARG(block->original));
        if (inner > 0) {
            inner--;
            continue;
        }
        str name = str_sub(p->lexer.source, at + 1, close - 1);
        if (!str_eq(name, block->original))
            return FAIL(p, (uint32_t)at, err, "{{{{/%.*s}}}} does not close {{{{%.*s}}}}",
                        STR_ARG(name), STR_ARG(block->original));
        *ret_text_end = at - 4;
        p->lexer.at = at + close + 4;
        return ST_OK;
    }
}

static enum status parse_raw(struct parser *p, size_t start, struct error *err)
{
    struct ast_node *block = node_new(p, AST_BLOCK, start);
    bool strip;
    size_t text_end = 0;
    p->lexer.at = start + 4;
    enum status st = parse_call(p, &block->call, false, 0, err);
    if (st != ST_OK)
        return st;
    st = parse_end(p, TOKEN_END_BLOCK_RAW, &strip, err);
    if (st != ST_OK)
        return st;
    block->original = tag_name(&block->call);
    size_t text = p->lexer.at;
    st = raw_end(p, block, &text_end, err);
    if (st != ST_OK)
        return st;
    struct ast_body *outer = p->body;
    block->body = p->body = body_new(p);
    add_text(p, text, text_end);
    p->body = outer;
    body_add(p, outer, block);
    return ST_OK;
}

/* ---- other tags ---- */

static enum status parse_comment(struct parser *p, size_t start, size_t mark, struct error *err)
{
    struct ast_node *node = node_new(p, AST_COMMENT, start);
    bool dashes = starts_at(p, mark, S("!--"));
    str rest = str_from(p->lexer.source, mark + (dashes ? 3 : 1));
    size_t len = 0;
    for (;; len++) {
        size_t found = str_find(str_from(rest, len), dashes ? S("--") : S("}}"));
        if (found == STR_NPOS)
            return FAIL(p, (uint32_t)start, err, "a comment is never closed with \"%s\"",
                        dashes ? "--}}" : "}}");
        len += found;
        str tail = str_from(rest, len);
        if (!dashes || str_starts(tail, S("--}}")) || str_starts(tail, S("--~}}")))
            break;
    }
    size_t end = mark + (dashes ? 3 : 1) + len + (dashes ? 2 : 0);
    if (dashes)
        end += char_at(p, end) == '~';
    end += 2;
    node->strip.open = char_at(p, start + 2) == '~';
    node->strip.close = char_at(p, end - 3) == '~';
    body_add(p, p->body, node);
    p->lexer.at = end;
    return ST_OK;
}

static enum status parse_print(struct parser *p, size_t start, bool strip, bool escaped,
                               enum token_kind end, struct error *err)
{
    struct ast_node *node = node_new(p, AST_PRINT, start);
    enum status st = parse_call(p, &node->call, false, 0, err);
    if (st != ST_OK)
        return st;
    node->escaped = escaped;
    node->strip.open = strip;
    node->original = tag_name(&node->call);
    body_add(p, p->body, node);
    return parse_end(p, end, &node->strip.close, err);
}

static enum status parse_partial(struct parser *p, size_t start, bool strip, struct error *err)
{
    struct ast_node *node = node_new(p, AST_PARTIAL, start);
    enum status st = parse_call(p, &node->call, true, 0, err);
    if (st != ST_OK)
        return st;
    node->strip.open = strip;
    node->original = tag_name(&node->call);
    body_add(p, p->body, node);
    return parse_end(p, TOKEN_END, &node->strip.close, err);
}

static size_t skip_space(const struct parser *p, size_t at)
{
    while (hbs_space_at(p->lexer.source, at) > 0)
        at += hbs_space_at(p->lexer.source, at);
    return at;
}

/* Whether a bare {{else}} or {{^}} ends at `at`: then its end and its `~`. */
static bool bare_end(const struct parser *p, size_t at, size_t *ret_end, bool *ret_strip)
{
    at = skip_space(p, at);
    *ret_strip = char_at(p, at) == '~';
    at += *ret_strip;
    *ret_end = at + 2;
    return starts_at(p, at, S("}}"));
}

/* `else` as a word of its own, at `at`. */
static bool is_else(const struct parser *p, size_t at)
{
    char after = char_at(p, at + 4);
    return starts_at(p, at, S("else")) &&
           (hbs_space_at(p->lexer.source, at + 4) > 0 || after == '}' || after == '~');
}

static enum status parse_tag(struct parser *p, size_t start, struct error *err)
{
    struct ast_strip strip = {.open = char_at(p, start + 2) == '~'};
    size_t mark = start + 2 + strip.open;
    size_t end;

    if (starts_at(p, start, S("{{{{")))
        return parse_raw(p, start, err);

    size_t word = skip_space(p, mark);
    bool inverse = char_at(p, mark) == '^';
    if (inverse || is_else(p, word)) {
        size_t from = inverse ? mark + 1 : word + 4;
        if (bare_end(p, from, &end, &strip.close)) {
            p->lexer.at = end;
            return parse_else(p, start, strip, err);
        }
        p->lexer.at = from;
        return inverse ? parse_open(p, start, AST_BLOCK, true, strip.open, err)
                       : parse_else_chain(p, start, strip.open, err);
    }

    p->lexer.at = mark + 1;
    switch (char_at(p, mark)) {
    case '!':
        return parse_comment(p, start, mark, err);
    case '>':
        return parse_partial(p, start, strip.open, err);
    case '/':
        return parse_close(p, start, strip.open, err);
    case '{':
        return parse_print(p, start, strip.open, false, TOKEN_END_RAW, err);
    case '&':
        return parse_print(p, start, strip.open, false, TOKEN_END, err);
    case '*':
        return FAIL(p, (uint32_t)start, err, "{{*...}}: only {{#*inline}} is a decorator");
    case '#':
        break;
    default:
        p->lexer.at = mark;
        return parse_print(p, start, strip.open, true, TOKEN_END, err);
    }
    char kind = char_at(p, mark + 1);
    p->lexer.at += kind == '>' || kind == '*';
    return parse_open(p, start,
                      kind == '>'   ? AST_PARTIAL
                      : kind == '*' ? AST_INLINE
                                    : AST_BLOCK,
                      false, strip.open, err);
}

/* ---- text between tags ---- */

/* \{{ prints as it stands, up to the next tag: a text node of its own, as in handlebars.js, where
 * that decides what counts as alone on a line. \\{{ is a backslash and a tag. */
static size_t escaped_text(struct parser *p, size_t mark)
{
    str rest = str_from(p->lexer.source, mark + 2);
    size_t next = str_find(rest, S("{{"));
    size_t end = next == STR_NPOS ? p->lexer.source.len : mark + 2 + next;
    for (unsigned i = 0; next != STR_NPOS && i < 2 && end > mark + 2; i++)
        end -= char_at(p, end - 1) == '\\';
    add_text(p, mark, end);
    return end;
}

static enum status parse_all(struct parser *p, struct error *err)
{
    str source = p->lexer.source;
    size_t at = str_starts(source, S("\xEF\xBB\xBF")) ? 3 : 0;
    while (at < source.len) {
        size_t found = str_find(str_from(source, at), S("{{"));
        if (found == STR_NPOS) {
            add_text(p, at, source.len);
            break;
        }
        size_t mark = at + found;
        bool backslash = found > 0 && source.ptr[mark - 1] == '\\';
        bool two = backslash && found > 1 && source.ptr[mark - 2] == '\\';
        add_text(p, at, mark - backslash);
        if (backslash && !two) {
            at = escaped_text(p, mark);
            continue;
        }
        enum status st = parse_tag(p, mark, err);
        if (st != ST_OK)
            return st;
        at = p->lexer.at;
    }
    if (p->open_count == 0)
        return ST_OK;
    const struct ast_node *block = p->open[p->open_count - 1].block;
    return FAIL(p, block->pos, err, "{{%s%.*s}} is never closed",
                block->kind == AST_PARTIAL  ? "#> "
                : block->kind == AST_INLINE ? "#*"
                : block->body == NULL       ? "^"
                                            : "#",
                STR_ARG(block->original));
}

enum status hbs_parse(struct arena *arena, const struct ast_options *options, str source,
                      struct ast_body **ret, uint32_t *ret_pos, struct error *err)
{
    struct parser *p = arena_new_one(arena, struct parser);
    *p = (struct parser){
        .lexer = {.arena = arena, .source = source}, .arena = arena, .ret_pos = ret_pos};
    struct ast_body *root = p->body = body_new(p);
    if (source.len > HBS_SOURCE_BYTES_MAX) {
        *ret_pos = 0;
        return error_set(err, ST_TOO_BIG, "a template of more than %d bytes", HBS_SOURCE_BYTES_MAX);
    }
    enum status st = parse_all(p, err);
    if (st != ST_OK)
        return st;
    hbs_strip_whitespace(root, options);
    *ret = root;
    return ST_OK;
}
