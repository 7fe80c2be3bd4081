/* base/str.h -- slices of text: a pointer and a length, borrowed, never NUL-terminated.
 *
 *     str rest = path;
 *     str first = str_cut(&rest, '/');          // "tag/news" -> "tag", rest "news"
 *     if (str_eq(first, S("tag"))) ...
 *     log("path=%.*s", STR_ARG(path));
 *
 * C strings exist only at the edge of libc and libraries. A slice lends what it points at: who
 * made the bytes keeps them. The empty slice may have a NULL pointer; every function here takes
 * it. Case and white space are ASCII's: text in people's languages is text/'s matter.
 *
 * Threads: pure functions; call from anywhere. */
#pragma once
#include "base/check.h"
#include "base/status.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

typedef struct str {
    const char *ptr;
    size_t len;
} str;

/* Safe to send to a reader as HTML. Only escaping, the sanitizer and templates make one. */
typedef struct html {
    str raw;
} html;

#define S(lit) ((str){"" lit, sizeof("" lit) - 1})
#define STR_INIT(lit)                                                                              \
    {                                                                                              \
        "" lit, sizeof("" lit) - 1                                                                 \
    } /* in static tables */
#define STR_NONE ((str){NULL, 0})

/* For printf's "%.*s". */
#define STR_ARG(s) int_from_size((s).len > 4096 ? 4096 : (s).len), (s).len == 0 ? "" : (s).ptr

str str_from_c(const char *cstr); /* NULL gives the empty slice */
str str_from_range(const char *begin, const char *end);

static inline bool str_eq(str a, str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}
bool str_eq_nocase(str a, str b);
int str_cmp(str a, str b); /* by byte, as the database orders text */
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
bool str_starts_nocase(str s, str prefix);
bool str_contains(str s, str needle);

/* Whole, shortest-form UTF-8 (RFC 3629): no surrogates, nothing above U+10FFFF. */
bool str_is_utf8(str s);

/* Offset of the first/last hit, or STR_NPOS. */
#define STR_NPOS SIZE_MAX
size_t str_find(str s, str needle);
size_t str_find_nocase(str s, str needle);
size_t str_find_char(str s, char c);
size_t str_rfind_char(str s, char c);

/* Both clamp to the ends: str_sub(S("abc"), 2, 9) is "c". */
static inline str str_sub(str s, size_t from, size_t len)
{
    if (from >= s.len)
        return (str){s.len == 0 ? s.ptr : s.ptr + s.len, 0};
    return (str){s.ptr + from, len < s.len - from ? len : s.len - from};
}
static inline str str_from(str s, size_t from)
{
    return str_sub(s, from, SIZE_MAX);
}

str str_trim(str s); /* ASCII white space off both ends */

/* Returns what stands before `sep` and moves `*rest` past it; without a `sep`, all of it. */
str str_cut(str *rest, char sep);

/* Copies into the arena; the _c form adds a NUL for libc (and cuts at an inner NUL). */
str str_copy(struct arena *arena, str s);
char *str_copy_c(struct arena *arena, str s);
str str_lower(struct arena *arena, str s);
str str_join2(struct arena *arena, str a, str b);
str str_join3(struct arena *arena, str a, str b, str c);
str str_format(struct arena *arena, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Hash for tables whose keys we chose ourselves; for keys from outside use map.h, which is keyed. */
uint32_t str_hash(str s);

static inline bool ascii_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}
static inline bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static inline bool ascii_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
static inline bool ascii_is_alnum(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c);
}
static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}
