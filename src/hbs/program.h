/* hbs/program.h -- a template ready to run: what the compiler makes and the renderer walks.
 *
 * A program is a row of ops; a block's bodies are programs of their own. Names are settled: which
 * helper a tag calls, which block parameter a name means, which template a partial is. Keys carry
 * their hash. Nothing changes after hbs_set_compile, so any number of threads may run it.
 *
 * Memory: the set's arena. */
#pragma once
#include "hbs/hbs.h"

#include "base/map.h"

enum expr_kind {
    EXPR_VALUE,
    EXPR_PATH,   /* from the context `depth` steps out */
    EXPR_OUTER,  /* compat: from the nearest context that has parts[0] */
    EXPR_DATA,   /* @: from the data variables `depth` frames out */
    EXPR_PARAM,  /* from block parameter `index`, `depth` declaring bodies out */
    EXPR_CALL,   /* ( ) */
    EXPR_ABSENT, /* late_errors: a call of what is no helper; parts[0] is its name */
};

struct expr {
    enum expr_kind kind;
    uint32_t pos;
    uint32_t depth;
    uint16_t index;
    uint16_t parts_count;
    bool must_exist; /* strict: the last part has to be there */
    union {
        struct hbs_value value;
        const struct hbs_key *parts;
        const struct call *call;
    };
};

struct call {
    const struct hbs_helper *helper;
    str name; /* as the template says it */
    uint32_t pos;
    uint16_t args_count;
    uint16_t hash_count;
    const struct expr *args; /* then the named ones: args[args_count + i] */
    const str *hash_names;
};

struct program;
struct template;

/* `as |a b|` is `params`; what {{#*inline}} declares is there before the first op runs. */
struct inline_def {
    struct expr name;
    const struct program *body;
};

struct program {
    const struct op *ops;
    uint32_t count;
    uint16_t params_count;
    uint16_t inlines_count;
    const struct inline_def *inlines;
    const struct template *template; /* whose source positions count from */
};

enum op_kind {
    OP_TEXT,
    OP_PRINT,   /* {{a.b}} */
    OP_HELPER,  /* {{h a}} */
    OP_BLOCK,   /* {{#h a}} */
    OP_SECTION, /* {{#a}} without a helper */
    OP_PARTIAL,
};

struct op_block {
    union {
        struct call call;    /* BLOCK */
        struct expr subject; /* SECTION */
    };
    const struct program *body;    /* NULL: none */
    const struct program *inverse; /* NULL: none */
};

struct op_partial {
    str name;                       /* when it does not depend on the page */
    const struct expr *dynamic;     /* ( ) */
    const struct template *found;   /* by name; an inline partial comes before */
    const struct expr *context;     /* NULL: as it is */
    const struct call *hash;        /* NULL: none; its named arguments */
    const struct program *fallback; /* {{#> name}}: also the partial's @partial-block */
    str indent;
    bool own_block; /* {{> @partial-block}} */
    bool no_context;
};

struct op {
    enum op_kind kind;
    bool escape; /* PRINT, HELPER */
    uint32_t pos;
    union {
        str text;
        const struct expr *print;
        const struct call *call;
        const struct op_block *block;
        const struct op_partial *partial;
    };
};

/* One file of the set. */
struct template
{
    str name, file;
    str source;
    enum hbs_kind kind;
    struct ast_body *ast; /* until compiled; in set->scratch */
    const struct program *program;
    str layout_name; /* empty: none */
    uint32_t layout_pos;
    const struct template *layout;
};

struct hbs_set {
    struct arena *arena;
    struct arena *scratch; /* trees; gone once compiled */
    struct hbs_options options;
    struct map helpers;   /* -> const struct hbs_helper */
    struct map templates; /* -> struct template */
    struct map partials;
    struct map words;   /* every name said; value: the set */
    struct map called;  /* helpers called */
    struct map inlines; /* names that some {{#*inline}} declares */
    struct error first; /* problem; ST_OK: none */
    bool compiled;
};

/* compiler.c: the program of one parsed template. What is wrong goes to hbs_set_problem, and it
 * goes on, so that `theme check` can tell all of it. */
void hbs_compile(struct hbs_set *set, struct template *template);

/* Tells a problem at `pos`; the first one is kept as set->first. */
void hbs_set_problem(struct hbs_set *set, const struct template *template, uint32_t pos,
                     const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* The same for what fails only when it is reached: with late_errors the set compiles. */
void hbs_set_late_problem(struct hbs_set *set, const struct template *template, uint32_t pos,
                          const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* "file:line:column: " before the error's text. */
void hbs_error_place(const struct template *template, uint32_t pos, struct error *err);

/* builtins.c */
extern const struct hbs_helper hbs_builtins[];
extern const size_t hbs_builtins_count;
extern const struct hbs_helper hbs_layout_builtins[]; /* block, contentFor */
extern const size_t hbs_layout_builtins_count;
