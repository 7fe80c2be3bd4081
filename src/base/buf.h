/* base/buf.h -- builds text piece by piece, up to a limit, and is checked once at the end.
 *
 *     struct buf b;
 *     buf_init(&b, arena, 64 * 1024);            // every builder has a limit
 *     buf_add(&b, S("<h1>"));
 *     buf_add_html(&b, headline);                // escaped
 *     buf_add(&b, S("</h1>"));
 *     st = buf_finish(&b, &page, err);           // ST_TOO_BIG, once
 *
 * After the limit is met further text is dropped; the builder remembers. The result lives in the
 * arena; nothing is to be freed. buf_view lends what is there so far (valid until the next add).
 *
 * Threads: one at a time, as the arena. */
#pragma once
#include "base/str.h"

struct arena;

struct buf {
    struct arena *arena;
    char *ptr;
    size_t len;
    size_t cap;
    size_t max;
    bool too_big;
};

void buf_init(struct buf *b, struct arena *arena, size_t bytes_max);
void buf_reserve(struct buf *b, size_t bytes); /* a hint: room for so many in all */

void buf_add_slow(struct buf *b, str s);
void buf_add_char(struct buf *b, char c);
void buf_add_int(struct buf *b, int64_t n);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Escaped for HTML text and quoted attributes: & < > " '  */
void buf_add_html(struct buf *b, str text);
/* Percent-encoded as RFC 3986 unreserved; `keep` are further bytes left as they are ("/"). */
void buf_add_percent(struct buf *b, str text, str keep);
/* Inside a JSON string: quotes, backslash, controls, and < > & U+2028 U+2029 as \u, so that the
 * result may stand in a script element. Without the quotes around. */
void buf_add_json(struct buf *b, str text);

static inline void buf_add(struct buf *b, str s)
{
    if (s.len <= b->cap - b->len) {
        if (s.len > 0)
            __builtin_memcpy(b->ptr + b->len, s.ptr, s.len);
        b->len += s.len;
    } else {
        buf_add_slow(b, s);
    }
}

static inline str buf_view(const struct buf *b)
{
    return (str){b->ptr, b->len};
}

/* Cuts back to an earlier length. */
void buf_truncate(struct buf *b, size_t len);

/* ST_TOO_BIG when anything was dropped: the sentence names the limit. */
MUST_USE enum status buf_finish(struct buf *b, str *ret_text, struct error *err);
