/* SPDX-License-Identifier: MIT
 *
 * White space around tags. A tag with `~` eats all of it on that side. A block tag, {{else}}, a
 * comment or a partial that stands alone on its line takes the line with it.
 *
 * Which text counts as blank is asked of the text as written, what is taken off comes off what is
 * left: the order of the steps and the two flags that keep a text from being stripped twice are
 * those of handlebars.js 4.7, whose cases decide.
 *
 * The walk recurses over blocks, at most HBS_NESTING_MAX deep: the parser has seen to that. */
#include "hbs/ast.h"

struct strip {
    bool any; /* the node has something to say about its surroundings */
    bool open, close;
    bool open_standalone, close_standalone, inline_standalone;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Blank from the start up to a newline; at the start of a file also up to its end. */
static bool begins_blank_line(str text, bool end_counts)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n')
            return true;
        if (!ascii_is_space(text.ptr[i]))
            return false;
    }
    return end_counts;
}

static bool ends_blank_line(str text, bool start_counts)
{
    for (size_t i = text.len; i > 0; i--) {
        if (text.ptr[i - 1] == '\n')
            return true;
        if (!ascii_is_space(text.ptr[i - 1]))
            return false;
    }
    return start_counts;
}

/* Whether what stands before nodes[i] ends in an empty line. */
static bool blank_before(const struct ast_body *body, size_t i, bool is_root)
{
    if (i == 0)
        return is_root;
    const struct ast_node *prev = body->nodes[i - 1];
    return prev->kind == AST_TEXT && ends_blank_line(prev->original, is_root && i == 1);
}

/* Whether what stands at nodes[i] begins with an empty line. */
static bool blank_at(const struct ast_body *body, size_t i, bool is_root)
{
    if (i >= body->count)
        return is_root;
    const struct ast_node *next = body->nodes[i];
    return next->kind == AST_TEXT &&
           begins_blank_line(next->original, is_root && i + 1 == body->count);
}

/* Takes white space off the start of nodes[i]: all of it, or the rest of a line. */
static void omit_right(struct ast_body *body, size_t i, bool all)
{
    if (i >= body->count || body->nodes[i]->kind != AST_TEXT)
        return;
    struct ast_node *node = body->nodes[i];
    if (!all && node->right_stripped)
        return;
    str text = node->text;
    size_t n = 0;
    while (n < text.len && (all ? ascii_is_space(text.ptr[n]) : is_blank(text.ptr[n])))
        n++;
    if (!all && n < text.len && text.ptr[n] == '\r')
        n++;
    if (!all && n < text.len && text.ptr[n] == '\n')
        n++;
    node->text = str_from(text, n);
    node->right_stripped = n > 0;
}

/* Takes white space off the end of nodes[i - 1]; true if there was any. */
static bool omit_left(struct ast_body *body, size_t i, bool all)
{
    if (i == 0 || body->nodes[i - 1]->kind != AST_TEXT)
        return false;
    struct ast_node *node = body->nodes[i - 1];
    if (!all && node->left_stripped)
        return false;
    size_t len = node->text.len;
    while (len > 0 &&
           (all ? ascii_is_space(node->text.ptr[len - 1]) : is_blank(node->text.ptr[len - 1])))
        len--;
    node->left_stripped = len < node->text.len;
    node->text.len = len;
    return node->left_stripped;
}

static void strip_body(struct ast_body *body, bool is_root, const struct ast_options *options);

static struct strip strip_block(struct ast_node *block, const struct ast_options *options)
{
    if (block->body != NULL)
        strip_body(block->body, false, options);
    if (block->inverse != NULL)
        strip_body(block->inverse, false, options);

    struct ast_body *body = block->body != NULL ? block->body : block->inverse;
    struct ast_body *inverse = block->body != NULL ? block->inverse : NULL;
    struct ast_body *inner = inverse; /* what follows the {{else}} in the text */
    if (inverse != NULL && inverse->chained)
        inner = inverse->nodes[0]->body;

    struct strip strip = {
        .any = true,
        .open = block->strip.open,
        .close = block->close_strip.close,
        .open_standalone = blank_at(body, 0, false),
        .close_standalone = inner != NULL ? blank_before(inner, inner->count, false)
                                          : blank_before(body, body->count, false),
    };
    if (block->strip.close)
        omit_right(body, 0, true);
    if (inverse == NULL) {
        if (block->close_strip.open)
            (void)omit_left(body, body->count, true);
        return strip;
    }
    if (block->inverse_strip.open)
        (void)omit_left(body, body->count, true);
    if (block->inverse_strip.close)
        omit_right(inner, 0, true);
    if (block->close_strip.open)
        (void)omit_left(inner, inner->count, true);
    if (!options->ignore_standalone && blank_before(body, body->count, false) &&
        blank_at(inner, 0, false)) {
        (void)omit_left(body, body->count, false);
        omit_right(inner, 0, false);
    }
    return strip;
}

static struct strip strip_node(struct ast_node *node, const struct ast_options *options)
{
    switch (node->kind) {
    case AST_TEXT:
        break;
    case AST_PRINT:
        return (struct strip){.any = true, .open = node->strip.open, .close = node->strip.close};
    case AST_PARTIAL:
        if (node->body != NULL)
            return strip_block(node, options);
        return (struct strip){true, node->strip.open, node->strip.close, .inline_standalone = true};
    case AST_COMMENT:
        return (struct strip){true, node->strip.open, node->strip.close, .inline_standalone = true};
    case AST_BLOCK:
    case AST_INLINE:
        return strip_block(node, options);
    }
    return (struct strip){.any = false};
}

/* The blanks at the end of the line before a partial. */
static str indent_of(str text)
{
    size_t from = text.len;
    while (from > 0 && is_blank(text.ptr[from - 1]))
        from--;
    return str_from(text, from);
}

static void strip_lines(struct ast_body *body, size_t i, struct strip strip, bool before,
                        bool after)
{
    struct ast_node *node = body->nodes[i];
    if (strip.inline_standalone && before && after) {
        omit_right(body, i + 1, false);
        if (omit_left(body, i, false) && node->kind == AST_PARTIAL)
            node->indent = indent_of(body->nodes[i - 1]->original);
    }
    if (strip.open_standalone && before) {
        omit_right(node->body != NULL ? node->body : node->inverse, 0, false);
        (void)omit_left(body, i, false);
    }
    if (strip.close_standalone && after) {
        struct ast_body *last = node->inverse != NULL ? node->inverse : node->body;
        omit_right(body, i + 1, false);
        (void)omit_left(last, last->count, false);
    }
}

static void strip_body(struct ast_body *body, bool is_root, const struct ast_options *options)
{
    for (size_t i = 0; i < body->count; i++) {
        struct strip strip = strip_node(body->nodes[i], options);
        if (!strip.any)
            continue;
        bool before = blank_before(body, i, is_root);
        bool after = blank_at(body, i + 1, is_root);
        if (strip.close)
            omit_right(body, i + 1, true);
        if (strip.open)
            (void)omit_left(body, i, true);
        if (!options->ignore_standalone)
            strip_lines(body, i, strip, before, after);
    }
}

void hbs_strip_whitespace(struct ast_body *root, const struct ast_options *options)
{
    strip_body(root, true, options);
}
