// SPDX-License-Identifier: MIT
/* A recursive descent over the grammar of GHOST-THEMES §6.3, depth held to NQL_DEPTH_MAX. There is
 * no token list: after the colon of `field:` a value is expected, elsewhere a field or a bracket, so
 * the parser knows at each byte what it reads. */
#include "theme/nql.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"

struct parser {
    struct arena *arena;
    str text;
    size_t at;
    time_us now;
    size_t depth;
    size_t clauses;
    struct error *err;
};

static enum status fail(struct parser *p, const char *expected)
{
    if (p->at >= p->text.len)
        return error_set(p->err, ST_INVALID, "filter \"%.*s\": %s expected at its end",
                         STR_ARG(p->text), expected);
    return error_set(p->err, ST_INVALID, "filter \"%.*s\": %s expected at character %zu",
                     STR_ARG(p->text), expected, p->at + 1);
}

static void skip_space(struct parser *p)
{
    while (p->at < p->text.len && ascii_is_space(p->text.ptr[p->at]))
        p->at++;
}

static bool take(struct parser *p, char c)
{
    skip_space(p);
    if (p->at == p->text.len || p->text.ptr[p->at] != c)
        return false;
    p->at++;
    return true;
}

static bool next_is(struct parser *p, char c)
{
    skip_space(p);
    return p->at < p->text.len && p->text.ptr[p->at] == c;
}

/* ---- scalars ---- */

static bool literal_byte(char c)
{
    return !ascii_is_space(c) && str_find_char(S("'\"+,()><=[]~"), c) == STR_NPOS;
}

/* Quoted by ': \' is a quote. */
static enum status parse_quoted(struct parser *p, str *ret)
{
    struct buf b;
    buf_init(&b, p->arena, NQL_BYTES_MAX);
    p->at++;
    while (p->at < p->text.len && p->text.ptr[p->at] != '\'') {
        if (p->text.ptr[p->at] == '\\' && p->at + 1 < p->text.len && p->text.ptr[p->at + 1] == '\'')
            p->at++;
        buf_add_char(&b, p->text.ptr[p->at++]);
    }
    if (p->at == p->text.len)
        return fail(p, "a closing quote");
    p->at++;
    *ret = buf_view(&b);
    return ST_OK;
}

/* A backslash takes what follows as it is. */
static str parse_literal(struct parser *p)
{
    struct buf b;
    buf_init(&b, p->arena, NQL_BYTES_MAX);
    while (p->at < p->text.len) {
        char c = p->text.ptr[p->at];
        if (c == '\\' && p->at + 1 < p->text.len)
            c = p->text.ptr[++p->at];
        else if (!literal_byte(c) || (c == '-' && b.len == 0))
            break;
        buf_add_char(&b, c);
        p->at++;
    }
    return buf_view(&b);
}

static time_us civil_shift(time_us now, int months)
{
    struct civil c = civil_from_time(now, 0);
    c.month += months;
    return time_from_civil(&c);
}

/* now-30d, now+2h, up to a byte that cannot go on. */
static bool parse_relative(struct parser *p, struct nql_value *ret)
{
    struct cursor c = cursor_of(str_from(p->text, p->at));
    int64_t n, sign = -1;
    if (!cursor_str(&c, S("now")))
        return false;
    if (cursor_char(&c, '+'))
        sign = 1;
    else if (!cursor_char(&c, '-'))
        return false;
    if (!cursor_uint(&c, 1, 6, &n) || cursor_done(&c))
        return false;
    char unit = *c.at++;
    if (!cursor_done(&c) && (literal_byte(*c.at) || *c.at == '-'))
        return false;
    n *= sign;
    *ret = (struct nql_value){.type = NQL_TIME};
    switch (unit) {
    case 's':
        ret->number = p->now + n * TIME_SECOND;
        break;
    case 'm':
        ret->number = p->now + n * TIME_MINUTE;
        break;
    case 'h':
        ret->number = p->now + n * TIME_HOUR;
        break;
    case 'd':
        ret->number = p->now + n * TIME_DAY;
        break;
    case 'w':
        ret->number = p->now + n * 7 * TIME_DAY;
        break;
    case 'M':
        ret->number = civil_shift(p->now, (int)n);
        break;
    case 'y':
        ret->number = civil_shift(p->now, (int)n * 12);
        break;
    default:
        return false;
    }
    p->at = p->text.len - (size_t)(c.end - c.at);
    return true;
}

/* true, True and TRUE alike. */
static bool is_word(str text, str lower, str title, str upper)
{
    return str_eq(text, lower) || str_eq(text, title) || str_eq(text, upper);
}

static struct nql_value literal_value(str text)
{
    struct nql_value v = {.type = NQL_TEXT, .text = text};
    struct cursor c = cursor_of(text);
    int64_t n, fraction;
    if (is_word(text, S("null"), S("Null"), S("NULL"))) {
        v.type = NQL_NULL;
    } else if (is_word(text, S("true"), S("True"), S("TRUE"))) {
        v.type = NQL_BOOL;
        v.boolean = true;
    } else if (is_word(text, S("false"), S("False"), S("FALSE"))) {
        v.type = NQL_BOOL;
    } else if (cursor_uint(&c, 1, 18, &n) &&
               (cursor_done(&c) ||
                (cursor_char(&c, '.') && cursor_uint(&c, 1, 18, &fraction) && cursor_done(&c)))) {
        v.type = NQL_NUMBER;
        v.number = n;
    }
    return v;
}

static enum status parse_scalar(struct parser *p, struct nql_value *ret)
{
    skip_space(p);
    if (p->at < p->text.len && p->text.ptr[p->at] == '\'') {
        ret->type = NQL_TEXT;
        return parse_quoted(p, &ret->text);
    }
    if (parse_relative(p, ret))
        return ST_OK;
    str text = parse_literal(p);
    if (text.len == 0)
        return fail(p, "a value");
    *ret = literal_value(text);
    return ST_OK;
}

/* ---- clauses ---- */

static enum status parse_list(struct parser *p, struct nql *clause)
{
    struct nql_value *values = arena_new_array(p->arena, struct nql_value, NQL_VALUES_MAX);
    char separator = 0;
    size_t n = 0;
    for (;;) {
        if (n == NQL_VALUES_MAX)
            return error_set(p->err, ST_TOO_BIG, "filter: more than %d values in one list",
                             NQL_VALUES_MAX);
        enum status st = parse_scalar(p, &values[n++]);
        if (st != ST_OK)
            return st;
        if (take(p, ']'))
            break;
        char found = next_is(p, ',') ? ',' : next_is(p, '+') && !clause->negated ? '+' : 0;
        if (found == 0 || (separator != 0 && found != separator))
            return fail(p, "\",\" or \"]\"");
        separator = found;
        p->at++;
    }
    clause->op = separator == '+' ? NQL_ALL : NQL_IN;
    clause->values = values;
    clause->values_count = n;
    return ST_OK;
}

static enum nql_op parse_comparison(struct parser *p)
{
    if (take(p, '>')) {
        if (p->at < p->text.len && p->text.ptr[p->at] == '=') {
            p->at++;
            return NQL_GE;
        }
        return NQL_GT;
    }
    if (take(p, '<')) {
        if (p->at < p->text.len && p->text.ptr[p->at] == '=') {
            p->at++;
            return NQL_LE;
        }
        return NQL_LT;
    }
    if (take(p, '~')) {
        if (p->at < p->text.len && p->text.ptr[p->at] == '^') {
            p->at++;
            return NQL_STARTS;
        }
        if (p->at < p->text.len && p->text.ptr[p->at] == '$') {
            p->at++;
            return NQL_ENDS;
        }
        return NQL_CONTAINS;
    }
    return NQL_EQ;
}

static bool is_field_byte(char c, bool first)
{
    return ascii_is_alpha(c) || c == '_' || (!first && (ascii_is_digit(c) || c == '.'));
}

static enum status parse_clause(struct parser *p, struct nql **ret)
{
    size_t from = p->at;
    while (p->at < p->text.len && is_field_byte(p->text.ptr[p->at], p->at == from))
        p->at++;
    str field = str_sub(p->text, from, p->at - from);
    if (field.len == 0)
        return fail(p, "a field's name");
    if (p->at == p->text.len || p->text.ptr[p->at] != ':')
        return fail(p, "\":\"");
    p->at++;
    if (++p->clauses > NQL_CLAUSES_MAX)
        return error_set(p->err, ST_TOO_BIG, "filter: more than %d clauses", NQL_CLAUSES_MAX);
    struct nql *clause = arena_new_one(p->arena, struct nql);
    *clause = (struct nql){.kind = NQL_CLAUSE, .field = field, .negated = take(p, '-')};
    *ret = clause;
    if (take(p, '['))
        return parse_list(p, clause);
    clause->op = parse_comparison(p);
    if (clause->negated && clause->op >= NQL_GT && clause->op <= NQL_LE)
        return fail(p, "a value");
    clause->values = arena_new_one(p->arena, struct nql_value);
    clause->values_count = 1;
    return parse_scalar(p, &clause->values[0]);
}

/* ---- and, or, brackets ---- */

static enum status parse_or(struct parser *p, struct nql **ret);

static enum status parse_term(struct parser *p, struct nql **ret)
{
    if (!take(p, '(')) {
        skip_space(p);
        return parse_clause(p, ret);
    }
    if (++p->depth > NQL_DEPTH_MAX)
        return error_set(p->err, ST_TOO_BIG, "filter: brackets more than %d deep", NQL_DEPTH_MAX);
    enum status st = parse_or(p, ret);
    if (st != ST_OK)
        return st;
    p->depth--;
    return take(p, ')') ? ST_OK : fail(p, "\")\"");
}

/* One kind of joint: terms parted by `separator`. A single term stands for itself. */
static enum status parse_joint(struct parser *p, enum nql_kind kind, struct nql **ret)
{
    struct nql *kids[NQL_CLAUSES_MAX];
    size_t n = 0;
    do {
        if (n == NQL_CLAUSES_MAX)
            return error_set(p->err, ST_TOO_BIG, "filter: more than %d clauses", NQL_CLAUSES_MAX);
        enum status st =
            kind == NQL_OR ? parse_joint(p, NQL_AND, &kids[n]) : parse_term(p, &kids[n]);
        if (st != ST_OK)
            return st;
        n++;
    } while (take(p, kind == NQL_OR ? ',' : '+'));
    if (n == 1) {
        *ret = kids[0];
        return ST_OK;
    }
    struct nql *joint = arena_new_one(p->arena, struct nql);
    *joint = (struct nql){
        .kind = kind, .kids = arena_new_array(p->arena, struct nql *, n), .kids_count = n};
    memcpy(joint->kids, kids, n * sizeof(kids[0]));
    *ret = joint;
    return ST_OK;
}

static enum status parse_or(struct parser *p, struct nql **ret)
{
    return parse_joint(p, NQL_OR, ret);
}

enum status nql_parse(struct arena *arena, str text, time_us now, struct nql **ret_filter,
                      struct error *err)
{
    if (text.len > NQL_BYTES_MAX)
        return error_set(err, ST_TOO_BIG, "filter: longer than %d bytes", NQL_BYTES_MAX);
    struct parser p = {.arena = arena, .text = text, .now = now, .err = err};
    struct nql *filter;
    enum status st = parse_or(&p, &filter);
    if (st != ST_OK)
        return st;
    skip_space(&p);
    if (p.at != text.len)
        return fail(&p, "\"+\", \",\" or the end");
    *ret_filter = filter;
    return ST_OK;
}

/* ---- asking a record ---- */

/* The order of a field's value and a wanted one, as the field's type has it. False: they cannot be
 * compared. */
static bool compare(const struct nql_value *have, const struct nql_value *want, int *ret_order)
{
    time_us t = want->number;
    switch (have->type) {
    case NQL_NULL:
        return false;
    case NQL_BOOL:
        if (want->type == NQL_BOOL)
            *ret_order = have->boolean - want->boolean;
        else if (want->type == NQL_NUMBER)
            *ret_order = (have->boolean > want->number) - (have->boolean < want->number);
        else
            return false;
        return true;
    case NQL_NUMBER:
        if (want->type != NQL_NUMBER)
            return false;
        break;
    case NQL_TIME:
        if (want->type != NQL_TIME && !time_from_iso(want->text, &t))
            return false;
        break;
    case NQL_TEXT:
        *ret_order = str_cmp(have->text, want->text);
        return true;
    }
    *ret_order = (have->number > t) - (have->number < t);
    return true;
}

static bool text_matches(const struct nql_value *have, const struct nql_value *want, enum nql_op op)
{
    if (have->type != NQL_TEXT || want->text.len > have->text.len)
        return false;
    if (op == NQL_CONTAINS)
        return str_find_nocase(have->text, want->text) != STR_NPOS;
    if (op == NQL_STARTS)
        return str_starts_nocase(have->text, want->text);
    return str_eq_nocase(str_from(have->text, have->text.len - want->text.len), want->text);
}

static bool value_matches(const struct nql_value *have, const struct nql_value *want,
                          enum nql_op op)
{
    int order = 0;
    if (op == NQL_CONTAINS || op == NQL_STARTS || op == NQL_ENDS)
        return text_matches(have, want, op);
    if (want->type == NQL_NULL || !compare(have, want, &order))
        return have->type == NQL_NULL && want->type == NQL_NULL;
    if (op == NQL_GT)
        return order > 0;
    if (op == NQL_GE)
        return order >= 0;
    if (op == NQL_LT)
        return order < 0;
    if (op == NQL_LE)
        return order <= 0;
    return order == 0;
}

/* Any of the field's values against one wanted. */
static bool any_matches(const struct nql *clause, const struct nql_value *want, nql_field_fn *field,
                        const void *record)
{
    struct nql_value have;
    size_t i = 0;
    while (field(record, clause->field, i, &have)) {
        if (value_matches(&have, want, clause->op))
            return true;
        i++;
    }
    return i == 0 && want->type == NQL_NULL;
}

static bool clause_matches(const struct nql *clause, nql_field_fn *field, const void *record)
{
    bool all = clause->op == NQL_ALL;
    bool result = all;
    for (size_t i = 0; i < clause->values_count; i++) {
        bool one = any_matches(clause, &clause->values[i], field, record);
        result = all ? result && one : result || one;
    }
    return result != clause->negated;
}

/* Depth is held to NQL_DEPTH_MAX by the parser. */
bool nql_matches(const struct nql *filter, nql_field_fn *field, const void *record)
{
    if (filter->kind == NQL_CLAUSE)
        return clause_matches(filter, field, record);
    for (size_t i = 0; i < filter->kids_count; i++) {
        if (nql_matches(filter->kids[i], field, record) == (filter->kind == NQL_OR))
            return filter->kind == NQL_OR;
    }
    return filter->kind == NQL_AND;
}
