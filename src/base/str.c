/* SPDX-License-Identifier: MIT */
#include "base/str.h"

#include "base/arena.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

str str_from_c(const char *cstr)
{
    return cstr == NULL ? STR_NONE : (str){cstr, strlen(cstr)};
}

str str_from_range(const char *begin, const char *end)
{
    CHECK(begin <= end);
    return (str){begin, (size_t)(end - begin)};
}

bool str_eq_nocase(str a, str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++) {
        if (ascii_lower(a.ptr[i]) != ascii_lower(b.ptr[i]))
            return false;
    }
    return true;
}

int str_cmp(str a, str b)
{
    size_t n = a.len < b.len ? a.len : b.len;
    int c = n == 0 ? 0 : memcmp(a.ptr, b.ptr, n);
    if (c != 0)
        return c;
    return a.len < b.len ? -1 : a.len > b.len;
}

bool str_starts(str s, str prefix)
{
    return s.len >= prefix.len && str_eq(str_sub(s, 0, prefix.len), prefix);
}

bool str_ends(str s, str suffix)
{
    return s.len >= suffix.len && str_eq(str_from(s, s.len - suffix.len), suffix);
}

bool str_starts_nocase(str s, str prefix)
{
    return s.len >= prefix.len && str_eq_nocase(str_sub(s, 0, prefix.len), prefix);
}

bool str_contains(str s, str needle)
{
    return str_find(s, needle) != STR_NPOS;
}

size_t str_find(str s, str needle)
{
    if (needle.len == 0)
        return 0;
    if (s.len < needle.len)
        return STR_NPOS;
    const char *hit = memmem(s.ptr, s.len, needle.ptr, needle.len);
    return hit == NULL ? STR_NPOS : (size_t)(hit - s.ptr);
}

size_t str_find_nocase(str s, str needle)
{
    if (needle.len > s.len)
        return STR_NPOS;
    for (size_t i = 0; i <= s.len - needle.len; i++) {
        if (str_eq_nocase(str_sub(s, i, needle.len), needle))
            return i;
    }
    return STR_NPOS;
}

size_t str_find_char(str s, char c)
{
    const char *hit = s.len == 0 ? NULL : memchr(s.ptr, c, s.len);
    return hit == NULL ? STR_NPOS : (size_t)(hit - s.ptr);
}

size_t str_rfind_char(str s, char c)
{
    const char *hit = s.len == 0 ? NULL : memrchr(s.ptr, c, s.len);
    return hit == NULL ? STR_NPOS : (size_t)(hit - s.ptr);
}

str str_trim(str s)
{
    while (s.len > 0 && ascii_is_space(s.ptr[0]))
        s = str_from(s, 1);
    while (s.len > 0 && ascii_is_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

str str_cut(str *rest, char sep)
{
    str all = *rest;
    size_t at = str_find_char(all, sep);
    if (at == STR_NPOS) {
        *rest = str_from(all, all.len);
        return all;
    }
    *rest = str_from(all, at + 1);
    return str_sub(all, 0, at);
}

str str_copy(struct arena *arena, str s)
{
    if (s.len == 0)
        return (str){"", 0};
    char *copy = arena_alloc(arena, s.len, 1);
    memcpy(copy, s.ptr, s.len);
    return (str){copy, s.len};
}

char *str_copy_c(struct arena *arena, str s)
{
    char *copy = arena_alloc(arena, size_add(s.len, 1), 1);
    if (s.len > 0)
        memcpy(copy, s.ptr, s.len);
    copy[s.len] = '\0';
    return copy;
}

str str_lower(struct arena *arena, str s)
{
    char *copy = arena_alloc(arena, size_add(s.len, 1), 1);
    for (size_t i = 0; i < s.len; i++)
        copy[i] = ascii_lower(s.ptr[i]);
    return (str){copy, s.len};
}

str str_join2(struct arena *arena, str a, str b)
{
    return str_join3(arena, a, b, STR_NONE);
}

str str_join3(struct arena *arena, str a, str b, str c)
{
    size_t len = size_add(size_add(a.len, b.len), c.len);
    char *all = arena_alloc(arena, size_add(len, 1), 1);
    if (a.len > 0)
        memcpy(all, a.ptr, a.len);
    if (b.len > 0)
        memcpy(all + a.len, b.ptr, b.len);
    if (c.len > 0)
        memcpy(all + a.len + b.len, c.ptr, c.len);
    return (str){all, len};
}

str str_format(struct arena *arena, const char *fmt, ...)
{
    char first[256]; /* most fit, and are formatted once */
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(first, sizeof(first), fmt, ap);
    va_end(ap);
    CHECK(n >= 0);
    if ((size_t)n < sizeof(first))
        return str_copy(arena, (str){first, (size_t)n});
    char *text = arena_alloc(arena, (size_t)n + 1, 1);
    va_start(ap, fmt);
    (void)vsnprintf(text, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return (str){text, (size_t)n};
}

/* The length of the character at `at`, 0 when it is none (RFC 3629 §4). */
static size_t utf8_len(const unsigned char *at, size_t left)
{
    unsigned char lead = at[0];
    if (lead < 0x80)
        return 1;
    size_t len = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead < 0xC2 || lead > 0xF4 || left < len)
        return 0;
    /* The second byte's range shuts out longer forms, surrogates and what is above U+10FFFF. */
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (at[1] < low || at[1] > high)
        return 0;
    for (size_t i = 2; i < len; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    }
    return len;
}

bool str_is_utf8(str s)
{
    size_t i = 0;
    while (i < s.len) {
        uint64_t eight;
        if (s.len - i >= sizeof(eight)) { /* most text is ASCII */
            memcpy(&eight, s.ptr + i, sizeof(eight));
            if ((eight & 0x8080808080808080u) == 0) {
                i += sizeof(eight);
                continue;
            }
        }
        size_t len = utf8_len((const unsigned char *)s.ptr + i, s.len - i);
        if (len == 0)
            return false;
        i += len;
    }
    return true;
}

uint32_t str_hash(str s)
{
    uint32_t h = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.ptr[i]) * 16777619u;
    return h;
}
