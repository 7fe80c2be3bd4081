/* base/parse.h -- numbers out of text, by a cursor that cannot pass its end.
 *
 *     struct cursor c = cursor_of(S("2024-05-06"));
 *     if (!cursor_uint(&c, 4, 4, &year) || !cursor_char(&c, '-') || ...)
 *
 * No sign, space or overflow slips through, and nothing depends on the locale. A function that
 * returns false has not moved the cursor.
 *
 * Threads: pure. */
#pragma once
#include "base/str.h"

struct cursor {
    const char *at;
    const char *end;
};

struct cursor cursor_of(str text);
static inline bool cursor_done(const struct cursor *c)
{
    return c->at == c->end;
}
static inline str cursor_rest(const struct cursor *c)
{
    return str_from_range(c->at, c->end);
}
bool cursor_char(struct cursor *c, char want);
bool cursor_str(struct cursor *c, str want);
bool cursor_str_nocase(struct cursor *c, str want);
/* Between `digits_min` and `digits_max` decimal digits (at most 18). Takes as many as it may. */
bool cursor_uint(struct cursor *c, int digits_min, int digits_max, int64_t *ret_n);
/* Takes bytes while they are one of `set`; returns how many. */
size_t cursor_skip(struct cursor *c, str set);

/* The whole text must be the number. A leading '-' only in str_to_i64. */
bool str_to_u64(str text, uint64_t max, uint64_t *ret_n);
bool str_to_i64(str text, int64_t *ret_n);
bool str_to_hex_u64(str text, uint64_t max, uint64_t *ret_n);
bool str_to_double(str text, double *ret_x); /* digits, a point, digits; optional '-' and e±N */
