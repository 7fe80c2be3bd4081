/* theme/nql.h -- the filter language of {{#get}}, routes.yaml and custom settings (Ghost's NQL).
 *
 *     st = nql_parse(arena, S("tag:[news,sport]+id:-5"), now, &filter, err);
 *     if (nql_matches(filter, story_field, story)) ...
 *
 * ',' is or and binds loosest, '+' is and, '-' after the colon negates. GHOST-THEMES §6.3 has the
 * grammar. A filter is a tree of and/or over clauses; `slug:[a,b]` keeps its values in order.
 *
 * The tree is read by two users: nql_matches asks a record's fields; get.c looks for a clause that
 * an index can serve and leaves the rest to nql_matches.
 *
 * Memory: the arena given. Threads: a parsed filter is read-only. */
#pragma once
#include "base/clock.h"

struct arena;

enum {
    NQL_BYTES_MAX = 8 * 1024,
    NQL_DEPTH_MAX = 16,    /* brackets in brackets */
    NQL_CLAUSES_MAX = 100, /* in all */
    NQL_VALUES_MAX = 200,  /* of one list */
};

enum nql_type { NQL_NULL, NQL_BOOL, NQL_NUMBER, NQL_TEXT, NQL_TIME };

struct nql_value {
    enum nql_type type;
    bool boolean;
    int64_t number; /* NUMBER; µs of a TIME */
    str text;       /* as written, for every type but TIME */
};

enum nql_op {
    NQL_EQ,
    NQL_IN,  /* any of the values */
    NQL_ALL, /* every one of them: [a+b] */
    NQL_GT,
    NQL_GE,
    NQL_LT,
    NQL_LE,
    NQL_CONTAINS, /* these three without regard to ASCII case */
    NQL_STARTS,
    NQL_ENDS,
};

enum nql_kind { NQL_AND, NQL_OR, NQL_CLAUSE };

struct nql {
    enum nql_kind kind;
    struct nql **kids; /* AND, OR */
    size_t kids_count;
    str field; /* CLAUSE, and below */
    enum nql_op op;
    bool negated;
    struct nql_value *values;
    size_t values_count;
};

/* ST_INVALID with the place and what was expected; ST_TOO_BIG. `now` is what now-30d counts from. */
MUST_USE enum status nql_parse(struct arena *arena, str text, time_us now, struct nql **ret_filter,
                               struct error *err);

/* What a record says of one field. A field that is a list (tags) is asked with i = 0, 1, ... until
 * it answers false; a plain one answers at 0 alone. Not there at all: false at 0, and it is null. */
typedef bool nql_field_fn(const void *record, str field, size_t i, struct nql_value *ret);
bool nql_matches(const struct nql *filter, nql_field_fn *field, const void *record);

static inline struct nql_value nql_text(str text)
{
    return (struct nql_value){.type = NQL_TEXT, .text = text};
}
static inline struct nql_value nql_bool(bool b)
{
    return (struct nql_value){.type = NQL_BOOL, .boolean = b};
}
static inline struct nql_value nql_number(int64_t n)
{
    return (struct nql_value){.type = NQL_NUMBER, .number = n};
}
static inline struct nql_value nql_time(time_us t)
{
    return (struct nql_value){.type = NQL_TIME, .number = t};
}
