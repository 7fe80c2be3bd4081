/* http/page.h -- one finished page, immutable, in every encoding it has so far.
 *
 * Inside http/ only: page_cache.c keeps pages, page.c makes them and says how one answers a request.
 * All of a page but its marks is fixed when it is made; a better-compressed one is a new page.
 *
 * Memory:  one block for struct and heads, one for each body; counted in `bytes`. Reference-counted.
 * Threads: the marks are atomic; `table_next`, `lru_*`, `links` are guarded by the cache's lock. */
#pragma once
#include "http/compress.h"
#include "http/page_cache.h"

#include <stdatomic.h>

/* One use of a name by a page, in the list of all uses of names with that bucket. */
struct page_link {
    uint64_t name; /* its hash */
    bool soft;
    struct page *page;
    struct page_link *prev, *next;
};

struct page {
    struct http_shared shared; /* first: dropping it frees the page */
    str key;
    uint64_t key_hash;
    int status;
    str common; /* the head lines all encodings share */
    str etag;
    time_us last_modified;
    time_us expires_at;
    int64_t read_id;
    size_t text_len;
    struct {
        str head;
        struct http_block body; /* ptr NULL: not made */
    } forms[HTTP_ENCODINGS];
    str head_304;
    size_t bytes;

    /* Marks. */
    atomic_bool dead;            /* dropped, evicted or replaced: look again */
    _Atomic time_us stale_until; /* 0: not stale */
    atomic_bool remaking;        /* somebody was told to */
    atomic_uint hits;            /* counted to 2 */
    atomic_bool used;            /* since eviction last came by */

    /* With the cache. */
    struct page *table_next;
    struct page *lru_prev, *lru_next;
    struct page *gone_next; /* in a list of those to be let go after the lock */
    struct page_link *links;
    size_t link_count;
};

/* What a page is made of. Lends everything but the bodies, which it takes over. */
struct page_parts {
    str key;
    int status;
    str common, etag;
    time_us last_modified, expires_at;
    int64_t read_id;
    size_t text_len;
    struct http_block bodies[HTTP_ENCODINGS];
    const struct page_name *names; /* or */
    const struct page_link *links;
    size_t name_count;
};

struct page *page_from_content(str key, const struct page_content *content, bool gzip);
/* A copy with one body put in. */
struct page *page_with_body(const struct page *old, enum http_encoding encoding,
                            struct http_block body);
struct http_block page_body_copy(const struct page *page, enum http_encoding encoding);
/* The text itself: a copy of identity, or gzip undone. */
struct http_block page_text(const struct page *page);

/* The best form `req` takes and the page has; identity if there is nothing it takes. False when that
 * would be identity and it must be made first. */
bool page_pick(const struct page *page, const struct http_request *req, enum http_encoding *ret);
/* 200, 304, 412 or HEAD, by the request. Takes a reference. */
struct http_ready page_ready(struct page *page, const struct http_request *req,
                             enum http_encoding encoding);
