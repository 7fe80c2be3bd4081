/* hbs/ast.h -- a template as it was written: what the parser makes and the compiler reads.
 *
 * Nodes keep the offset of their tag in the source; line and column are worked out from it when
 * an error is told. Text points into the source.
 *
 * Memory: all of it in the arena given to hbs_parse. Threads: one. */
#pragma once
#include "hbs/value.h"

struct arena;

enum ast_expr_kind { AST_PATH, AST_LITERAL, AST_CALL };

struct ast_call;

struct ast_expr {
    enum ast_expr_kind kind;
    uint32_t pos;
    str original; /* as a closing tag must repeat it; ptr NULL: `undefined` and ( ) */
    union {
        struct hbs_value literal;
        struct ast_call *call;
        struct {
            str *parts;
            uint32_t parts_count;
            uint32_t depth; /* how many `../` */
            bool data;      /* @ */
            bool scoped;    /* begins with `this`, `.` or `..`: never a helper */
        };
    };
};

/* A name, its arguments and its named arguments: in a tag and in ( ). */
struct ast_call {
    struct ast_expr *name;
    struct ast_expr **args;
    size_t args_count;
    str *hash_names;
    struct ast_expr **hash;
    size_t hash_count;
};

struct ast_strip {
    bool open, close; /* {{~ and ~}} */
};

struct ast_node;
struct ast_body {
    struct ast_node **nodes;
    size_t count;
    str *params; /* as |a b| */
    size_t params_count;
    bool chained; /* the body of an {{else if}}: one block */
};

enum ast_kind { AST_TEXT, AST_COMMENT, AST_PRINT, AST_BLOCK, AST_PARTIAL, AST_INLINE };

struct ast_node {
    enum ast_kind kind;
    uint32_t pos;
    struct ast_strip strip; /* of the tag; of a block's opening tag */

    str text;     /* TEXT: what is left of `original` once white space is taken off */
    str original; /* TEXT; a block's tag name, for messages */
    bool left_stripped, right_stripped;

    struct ast_call call; /* PRINT BLOCK PARTIAL INLINE */
    bool escaped;         /* PRINT */
    str indent;           /* PARTIAL alone on its line */

    struct ast_body *body;    /* BLOCK INLINE, and PARTIAL as a block */
    struct ast_body *inverse; /* BLOCK */
    struct ast_strip inverse_strip, close_strip;
};

struct ast_options {
    bool ignore_standalone;
};

/* Parses and takes off the white space that `~` and tags alone on their line eat. The error's
 * text has no position; *ret_pos is where in the source it is. */
MUST_USE enum status hbs_parse(struct arena *arena, const struct ast_options *options, str source,
                               struct ast_body **ret, uint32_t *ret_pos, struct error *err);

/* The second half of it (whitespace.c). */
void hbs_strip_whitespace(struct ast_body *root, const struct ast_options *options);
