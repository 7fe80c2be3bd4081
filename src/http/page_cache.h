/* http/page_cache.h -- finished pages, ready to send, and dropped the moment they are wrong.
 *
 *     // on a loop, in http_app.lookup
 *     if (page_cache_get(cache, key, req, &got)) {
 *         if (got.remake)
 *             dispatch(http_exchange_detached(req));     // made anew behind the reader's back
 *         *ret = got.ready;
 *         return true;
 *     }
 *     // on a miss, in http_app.dispatch
 *     if (page_cache_join(cache, key, x, &render) == PAGE_JOIN_WAIT)
 *         return;                                        // the render under way answers x too
 *     ... queue (x, render) ...
 *     // on a render thread
 *     page_render_begin(render);                         // BEFORE the read snapshot is opened
 *     ... read transaction, template, end of transaction ...
 *     page_render_done(render, &(struct page_content){.html = html, .names = names, ...});
 *                                                        // kept if still true; x and all waiters answered
 *     // after a write's commit, before its answer
 *     page_cache_drop(cache, names, count);
 *
 * Every page carries the names of what it was made from ("story:17", "list:latest", "theme") and the
 * time from which it would read differently. A drop of a name takes every page that carries it as
 * hard out at once; pages that carry it as soft (`list:` names on pages that merely print the list)
 * are marked stale and served for PAGE_SOFT_STALE_MAX at most while one thread makes them anew.
 *
 * No stale page is kept. Drops advance a sequence. page_render_begin notes it before the render
 * reads anything; page_render_done refuses to keep the page if one of its names was dropped since, or
 * if the ring of recent drops no longer reaches back that far. A request that comes after a drop never
 * joins a render that began before it.
 *
 * Memory is bounded: bodies, heads, keys and names are counted; the least recently used goes first
 * (approximately: second chance). When the cache is full a page enters at its second request only, so
 * that a crawler does not empty it. A page is immutable and reference-counted: what is being sent
 * outlives its eviction; a better-compressed one takes its place as a new page.
 *
 * Encodings: a page starts with what its first readers take (fast gzip, or plain). After its second
 * hit `improve` is called once; on a job thread page_cache_improve makes the smaller gzip and brotli.
 * ETags are weak: all encodings of a page share one.
 *
 * Loops do not meet at a lock for the pages in demand: each keeps a small table of its own, whose
 * entries are valid while the page's `dead` and `stale` marks, set by drops, are clear.
 *
 * Threads: any, except that page_cache_get for one req->loop comes from one thread at a time. */
#pragma once
#include "base/clock.h"
#include "base/str.h"
#include "http/exchange.h"

struct page;
struct page_cache;
struct page_render;

enum {
    PAGE_CACHE_BYTES_DEFAULT = 64 * 1024 * 1024,
    PAGE_NAMES_MAX = 512,   /* on one page; more: it is sent but not kept */
    PAGE_DROPS_KEPT = 8192, /* the ring of recent drops */
};
#define PAGE_SOFT_STALE_MAX (5 * TIME_SECOND)

struct page_cache_options {
    size_t bytes_max; /* 0: the default */
    size_t loops;     /* workers of the server */
    const struct clock *clock;
    /* Called on a loop after a page's second hit: queue page_cache_improve(page), which takes the
     * reference over, or page_unref it. NULL: pages stay as first made. */
    void (*improve)(void *ctx, struct page *page);
    /* Called where a read is counted that names where it came from (Referer): on a loop, or the thread that
     * made the page, each with a place of its own (0..loops). Must not wait. NULL: nobody asks. */
    void (*on_read)(void *ctx, size_t place, int64_t read_id, const struct http_request *req);
    void *ctx;
};

struct page_cache *page_cache_new(const struct page_cache_options *options);
void page_cache_free(struct page_cache *cache); /* takes NULL; every render is done by then */

/* ---- on a loop ---- */

struct page_got {
    struct http_ready ready; /* with a reference */
    bool remake;             /* it is soft-stale and you are the one to have it made anew */
};
/* `key` is the path and what its routes read of the query, in one form. Conditions, HEAD and encoding
 * are settled here; reads are counted. */
bool page_cache_get(struct page_cache *cache, str key, const struct http_request *req,
                    struct page_got *ret);

/* ---- making one ---- */

enum page_join { PAGE_JOIN_LEAD, PAGE_JOIN_WAIT };
/* LEAD: the page is yours to make, x stays with the render, which answers it when done. WAIT: x was
 * given to the render under way. */
enum page_join page_cache_join(struct page_cache *cache, str key, struct http_exchange *x,
                               struct page_render **ret_render);
struct http_exchange *page_render_exchange(struct page_render *render); /* the leader's */
void page_render_begin(struct page_render *render);

struct page_name {
    str name;
    bool soft;
};

struct page_content {
    int status;       /* 0 is 200; 404 and 410 may be kept too */
    str content_type; /* "" is "text/html; charset=utf-8" */
    str headers;      /* further lines, each ended by CR LF; what is no header line is left out */
    str body;         /* copied or compressed: need not outlive the call */
    const struct page_name *names;
    size_t name_count;
    time_us expires_at; /* wall time; TIME_NEVER (or 0) if it never reads differently by itself */
    time_us last_modified; /* 0: not known */
    int64_t read_id;       /* what a read is counted for; 0: nothing */
};
/* Answers the leader and every waiter with the page, and keeps it if that is right. Ends the render.
 * True when it was kept. */
bool page_render_done(struct page_render *render, const struct page_content *content);
/* Nothing to share: the leader's response has been filled in by hand (a failure, a redirect, a page
 * of one reader) and is finished here. Each waiter goes to `dispatch` to be answered by itself; with
 * NULL it gets the same status and bytes (a 500 need not be tried again). Ends the render. */
void page_render_abandon(struct page_render *render,
                         void (*dispatch)(void *ctx, struct http_exchange *x), void *ctx);

/* ---- one page for many addresses ---- */

/* The page of every address that has none is made once and kept under a key that is no path ("404"),
 * so that a flood of addresses nobody has costs no render and no room:
 *
 *     noted = page_cache_sequence(cache);             // before the read snapshot is opened
 *     ...
 *     page = page_cache_find(cache, S("404"));
 *     if (page == NULL)
 *         page = page_cache_keep(cache, S("404"), noted, &content);
 *     page_render_share(render, page);                // or page_answer(page, req), and page_unref
 *
 * Any thread; a loop may also page_cache_get such a key. */
uint64_t page_cache_sequence(struct page_cache *cache);
struct page *page_cache_find(struct page_cache *cache, str key); /* a reference, or NULL */
/* The page made of `content`, with a reference; kept under `key` unless something it shows was
 * dropped since `noted`. It need not be asked for twice to enter. */
struct page *page_cache_keep(struct page_cache *cache, str key, uint64_t noted,
                             const struct page_content *content);
/* Answers the leader and every waiter with `page`, whose reference is taken over, and keeps nothing
 * under the render's own key. Ends the render. */
void page_render_share(struct page_render *render, struct page *page);
/* 200, 304, HEAD and encoding by the request, with a reference of its own. Counts no read. */
struct http_ready page_answer(struct page *page, const struct http_request *req);

/* ---- changes ---- */

/* After the commit, before the answer. "story:17"; all of a page's hard and soft uses are met. */
void page_cache_drop(struct page_cache *cache, const str *names, size_t count);
void page_cache_drop_all(struct page_cache *cache);

/* ---- behind ---- */

/* On a job thread. Takes the reference over. */
void page_cache_improve(struct page_cache *cache, struct page *page);
void page_unref(struct page *page); /* takes NULL */

/* Hands over the reads counted since the last call, from any one thread. */
void page_cache_reads_drain(struct page_cache *cache,
                            void (*each)(void *ctx, int64_t read_id, uint64_t reads), void *ctx);

struct page_cache_counters {
    uint64_t pages, bytes, bytes_max;
    uint64_t hits, misses, joined, renders;
    uint64_t
        refused; /* finished pages not kept because something they show was dropped meanwhile */
    uint64_t dropped, evicted;
};
struct page_cache_counters page_cache_counters(struct page_cache *cache);
