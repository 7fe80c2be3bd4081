/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include "base/arena.h"

#include <stdio.h>
#include <string.h>

enum { BUF_FIRST = 256 };

void buf_init(struct buf *b, struct arena *arena, size_t bytes_max)
{
    *b = (struct buf){.arena = arena, .max = bytes_max};
}

static void set_capacity(struct buf *b, size_t cap)
{
    b->ptr = arena_grow(b->arena, b->ptr, b->cap, cap, 1);
    b->cap = cap;
}

void buf_reserve(struct buf *b, size_t bytes)
{
    if (bytes > b->max)
        bytes = b->max;
    if (bytes > b->cap)
        set_capacity(b, bytes);
}

void buf_add_slow(struct buf *b, str s)
{
    if (b->too_big)
        return;
    if (s.len > b->max - b->len) {
        b->too_big = true;
        b->cap = b->len; /* so that the fast path comes here, and is refused */
        return;
    }
    size_t need = b->len + s.len;
    if (need > b->cap) {
        size_t cap = b->cap == 0 ? BUF_FIRST : b->cap;
        while (cap < need)
            cap = size_mul(cap, 2);
        set_capacity(b, cap < b->max ? cap : b->max);
    }
    if (s.len > 0)
        memcpy(b->ptr + b->len, s.ptr, s.len);
    b->len = need;
}

void buf_add_char(struct buf *b, char c)
{
    buf_add(b, (str){&c, 1});
}

void buf_add_int(struct buf *b, int64_t n)
{
    char digits[24];
    char *at = digits + sizeof(digits);
    uint64_t left = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do {
        *--at = (char)('0' + left % 10);
        left /= 10;
    } while (left > 0);
    if (n < 0)
        *--at = '-';
    buf_add(b, str_from_range(at, digits + sizeof(digits)));
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
    char text[1024];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    CHECK(n >= 0);
    if ((size_t)n >= sizeof(text)) {
        char *big = arena_alloc(b->arena, (size_t)n + 1, 1);
        va_start(ap, fmt);
        (void)vsnprintf(big, (size_t)n + 1, fmt, ap);
        va_end(ap);
        buf_add(b, (str){big, (size_t)n});
        return;
    }
    buf_add(b, (str){text, (size_t)n});
}

/* Adds the stretch of plain bytes before each special one in one go. */
void buf_add_html(struct buf *b, str text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        str as;
        switch (text.ptr[i]) {
        case '&':
            as = S("&amp;");
            break;
        case '<':
            as = S("&lt;");
            break;
        case '>':
            as = S("&gt;");
            break;
        case '"':
            as = S("&quot;");
            break;
        case '\'':
            as = S("&#39;");
            break;
        default:
            continue;
        }
        buf_add(b, str_sub(text, from, i - from));
        buf_add(b, as);
        from = i + 1;
    }
    buf_add(b, str_from(text, from));
}

void buf_add_percent(struct buf *b, str text, str keep)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (ascii_is_alnum(c) || str_find_char(S("-._~"), c) != STR_NPOS ||
            str_find_char(keep, c) != STR_NPOS) {
            buf_add_char(b, c);
            continue;
        }
        char esc[3] = {'%', hex[(unsigned char)c >> 4], hex[c & 15]};
        buf_add(b, (str){esc, 3});
    }
}

void buf_add_json(struct buf *b, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '"' || c == '\\') {
            buf_add_char(b, '\\');
            buf_add_char(b, c);
        } else if (c == '\n') {
            buf_add(b, S("\\n"));
        } else if ((unsigned char)c < 0x20 || c == '<' || c == '>' || c == '&') {
            buf_addf(b, "\\u%04x", (unsigned)(unsigned char)c);
        } else if (str_starts(str_from(text, i), S("\xE2\x80\xA8"))) {
            buf_add(b, S("\\u2028"));
            i += 2;
        } else if (str_starts(str_from(text, i), S("\xE2\x80\xA9"))) {
            buf_add(b, S("\\u2029"));
            i += 2;
        } else {
            buf_add_char(b, c);
        }
    }
}

void buf_truncate(struct buf *b, size_t len)
{
    CHECK(len <= b->len);
    b->len = len;
}

enum status buf_finish(struct buf *b, str *ret_text, struct error *err)
{
    if (b->too_big)
        return error_set(err, ST_TOO_BIG, "the result is larger than its limit of %zu bytes",
                         b->max);
    *ret_text = buf_view(b);
    return ST_OK;
}
