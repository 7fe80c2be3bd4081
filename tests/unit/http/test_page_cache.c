/* SPDX-License-Identifier: MIT
 *
 * One test a rule of http/page_cache.h. */
#include "http/page_cache.h"

#include "base/arena.h"
#include "base/random.h"
#include "http/compress.h"
#include "http/delivery.h"
#include "tests/check.h"

#include <stdlib.h>
#include <string.h>

static struct arena *arena;
static time_us now_us = 1714979289 * TIME_SECOND;

static time_us test_now(void *ctx)
{
    (void)ctx;
    return now_us;
}
static const struct clock test_clock = {.now = test_now};

static struct page *improved[64];
static size_t improved_count;
static void on_improve(void *ctx, struct page *page)
{
    (void)ctx;
    improved[improved_count++] = page;
}

static struct page_cache *cache_new(size_t bytes_max)
{
    return page_cache_new(&(struct page_cache_options){
        .bytes_max = bytes_max, .loops = 2, .clock = &test_clock, .improve = on_improve});
}

static void cache_end(struct page_cache *cache)
{
    for (size_t i = 0; i < improved_count; i++)
        page_unref(improved[i]);
    improved_count = 0;
    page_cache_free(cache);
}

/* ---- readers ---- */

static struct http_request request(const char *encodings)
{
    struct http_request req = {.arena = arena, .method = HTTP_GET, .body_fd = -1};
    req.known[HTTP_ACCEPT_ENCODING] = str_from_c(encodings);
    req.known[HTTP_USER_AGENT] = S("Firefox");
    return req;
}

/* "status:body", "miss"; '+' in front when it was asked to have it made anew. */
static str get_as(struct page_cache *cache, str key, const struct http_request *req)
{
    struct page_got got;
    if (!page_cache_get(cache, key, req, &got))
        return S("miss");
    str text = str_format(arena, "%s%d:%.*s", got.remake ? "+" : "", got.ready.status,
                          STR_ARG(got.ready.body));
    http_shared_unref(got.ready.shared);
    return text;
}

static str get(struct page_cache *cache, str key)
{
    struct http_request req = request("");
    return get_as(cache, key, &req);
}

/* What an exchange was answered with, as "status:body"; "" while it waits. */
struct watched {
    str answer;
};

static void watched_deliver(struct http_exchange *x)
{
    struct watched *w = x->home;
    w->answer = str_format(arena, "%d:%.*s", x->answer.status, STR_ARG(x->answer.body));
    http_exchange_free(x);
}

static struct http_exchange *exchange_as(struct watched *w, const struct http_request *req)
{
    struct http_exchange *x = http_exchange_detached(req);
    x->req.known[HTTP_USER_AGENT] = req->known[HTTP_USER_AGENT]; /* somebody is there after all */
    *w = (struct watched){S("")};
    x->home = w;
    x->deliver = watched_deliver;
    return x;
}

static struct http_exchange *exchange(struct watched *w)
{
    struct http_request req = request("");
    return exchange_as(w, &req);
}

/* ---- makers ---- */

static struct page_render *lead(struct page_cache *cache, str key, struct watched *w)
{
    struct page_render *render = NULL;
    EXPECT_INT(page_cache_join(cache, key, exchange(w), &render), PAGE_JOIN_LEAD);
    return render;
}

static bool done(struct page_render *render, str body, str hard, str soft)
{
    struct page_name names[2] = {{hard, false}, {soft, true}};
    size_t first = hard.len > 0 ? 0 : 1, count = (hard.len > 0) + (size_t)(soft.len > 0);
    return page_render_done(
        render, &(struct page_content){
                    .body = body, .names = names + first, .name_count = count, .read_id = 7});
}

static bool put(struct page_cache *cache, str key, str body, str hard, str soft)
{
    struct watched w;
    struct page_render *render = lead(cache, key, &w);
    page_render_begin(render);
    return done(render, body, hard, soft);
}

static void drop(struct page_cache *cache, str name)
{
    page_cache_drop(cache, &name, 1);
}

/* ---- the rules ---- */

static void test_hit_and_drop(void)
{
    struct page_cache *cache = cache_new(0);
    EXPECT_STR(get(cache, S("/a/")), S("miss"));
    EXPECT(put(cache, S("/a/"), S("A"), S("story:1"), S("list:latest")));
    EXPECT(put(cache, S("/b/"), S("B"), S("story:2"), S("list:latest")));
    EXPECT_STR(get(cache, S("/a/")), S("200:A"));
    EXPECT_STR(get(cache, S("/b/")), S("200:B"));
    EXPECT_INT(page_cache_counters(cache).pages, 2);
    drop(cache, S("story:1"));
    EXPECT_STR(get(cache, S("/a/")), S("miss"));
    EXPECT_STR(get(cache, S("/b/")), S("200:B"));
    EXPECT(put(cache, S("/b/"), S("B2"), S("story:2"), STR_NONE)); /* a newer one takes its place */
    EXPECT_STR(get(cache, S("/b/")), S("200:B2"));
    EXPECT_INT(page_cache_counters(cache).pages, 1);
    page_cache_drop_all(cache);
    EXPECT_STR(get(cache, S("/b/")), S("miss"));
    EXPECT_INT(page_cache_counters(cache).bytes, 0);
    cache_end(cache);
}

/* A loop that has the page in its own table sees the drop as well as any. */
static void test_other_loop(void)
{
    struct page_cache *cache = cache_new(0);
    struct http_request other = request("");
    other.loop = 1;
    EXPECT(put(cache, S("/a/"), S("A"), S("story:1"), STR_NONE));
    EXPECT_STR(get_as(cache, S("/a/"), &other), S("200:A"));
    EXPECT_STR(get(cache, S("/a/")), S("200:A"));
    drop(cache, S("story:1"));
    EXPECT_STR(get_as(cache, S("/a/"), &other), S("miss"));
    EXPECT_STR(get(cache, S("/a/")), S("miss"));
    cache_end(cache);
}

/* A render paused across a commit: answered with what it read, and not kept. */
static void test_paused_render(void)
{
    struct page_cache *cache = cache_new(0);
    struct watched w;
    struct page_render *render = lead(cache, S("/a/"), &w);
    page_render_begin(render);
    drop(cache, S("story:1"));
    EXPECT(!done(render, S("old"), S("story:1"), STR_NONE));
    EXPECT_STR(w.answer, S("200:old"));
    EXPECT_STR(get(cache, S("/a/")), S("miss"));
    EXPECT_INT(page_cache_counters(cache).refused, 1);

    /* A soft name counts the same; one the page does not carry does not count. */
    render = lead(cache, S("/a/"), &w);
    page_render_begin(render);
    drop(cache, S("list:latest"));
    EXPECT(!done(render, S("old"), S("story:1"), S("list:latest")));
    render = lead(cache, S("/a/"), &w);
    page_render_begin(render);
    drop(cache, S("story:2"));
    EXPECT(done(render, S("new"), S("story:1"), S("list:latest")));
    EXPECT_STR(get(cache, S("/a/")), S("200:new"));
    cache_end(cache);
}

/* What the ring has forgotten may have been anything. */
static void test_forgotten_drops(void)
{
    struct page_cache *cache = cache_new(0);
    struct watched w;
    for (int extra = 0; extra < 2; extra++) {
        struct page_render *render = lead(cache, S("/a/"), &w);
        page_render_begin(render);
        for (int i = 0; i < PAGE_DROPS_KEPT + extra; i++)
            drop(cache, S("story:2"));
        EXPECT_INT(done(render, S("A"), S("story:1"), STR_NONE), extra == 0);
        page_cache_drop_all(cache);
    }
    struct page_render *render = lead(cache, S("/a/"), &w);
    page_render_begin(render);
    page_cache_drop_all(cache);
    EXPECT(!done(render, S("A"), S("story:1"), STR_NONE));
    cache_end(cache);
}

static void test_waiters(void)
{
    struct page_cache *cache = cache_new(0);
    struct watched leader, waiter[3];
    struct page_render *render = lead(cache, S("/a/"), &leader), *other = NULL;
    for (int i = 0; i < 2; i++)
        EXPECT_INT(page_cache_join(cache, S("/a/"), exchange(&waiter[i]), &other), PAGE_JOIN_WAIT);
    page_render_begin(render);
    EXPECT_INT(page_cache_join(cache, S("/a/"), exchange(&waiter[2]), &other), PAGE_JOIN_WAIT);
    EXPECT_STR(waiter[0].answer, S(""));
    EXPECT(done(render, S("A"), S("story:1"), STR_NONE));
    EXPECT_STR(leader.answer, S("200:A"));
    for (int i = 0; i < 3; i++)
        EXPECT_STR(waiter[i].answer, S("200:A"));
    EXPECT_INT(page_cache_counters(cache).renders, 1);
    EXPECT_INT(page_cache_counters(cache).joined, 3);
    cache_end(cache);
}

/* A waiter whose form must be made for it alone, and whose condition then refuses it. */
static void test_waiter_refused(void)
{
    struct page_cache *cache = cache_new(0);
    struct watched leader, waiter;
    static const char text[4096] = "news";
    struct http_request gzip = request("gzip"), plain = request("");
    plain.known[HTTP_IF_MATCH] = S("\"other\"");
    plain.known_set = 1u << HTTP_IF_MATCH;
    struct page_render *render = NULL, *other = NULL;
    EXPECT_INT(page_cache_join(cache, S("/a/"), exchange_as(&leader, &gzip), &render),
               PAGE_JOIN_LEAD);
    EXPECT_INT(page_cache_join(cache, S("/a/"), exchange_as(&waiter, &plain), &other),
               PAGE_JOIN_WAIT);
    page_render_begin(render);
    EXPECT(page_render_done(render, &(struct page_content){.body = {text, sizeof(text)}}));
    EXPECT_STR(str_sub(waiter.answer, 0, 4), S("412:"));
    cache_end(cache);
}

/* Who comes after a drop does not join a render that may have read from before it; who comes before
 * the render has begun may. */
static void test_no_stale_join(void)
{
    struct page_cache *cache = cache_new(0);
    struct watched first, second, waiter;
    struct page_render *old = lead(cache, S("/a/"), &first), *none = NULL;
    drop(cache, S("story:1"));
    EXPECT_INT(page_cache_join(cache, S("/a/"), exchange(&waiter), &none), PAGE_JOIN_WAIT);
    page_render_begin(old);
    drop(cache, S("story:1"));
    struct page_render *fresh = lead(cache, S("/a/"), &second);
    page_render_begin(fresh);
    EXPECT(done(fresh, S("new"), S("story:1"), STR_NONE));
    EXPECT_STR(second.answer, S("200:new"));
    EXPECT_STR(waiter.answer, S(""));
    EXPECT(!done(old, S("old"), S("story:1"), STR_NONE));
    EXPECT_STR(waiter.answer, S("200:old"));
    EXPECT_STR(get(cache, S("/a/")), S("200:new"));
    cache_end(cache);
}

static void test_soft(void)
{
    struct page_cache *cache = cache_new(0);
    struct watched w;
    EXPECT(put(cache, S("/a/"), S("A"), S("story:1"), S("list:latest")));
    EXPECT(put(cache, S("/"), S("front"), S("list:latest"), STR_NONE)); /* the list page itself */
    drop(cache, S("list:latest"));
    EXPECT_STR(get(cache, S("/")), S("miss"));
    EXPECT_STR(get(cache, S("/a/")), S("+200:A")); /* one is asked to remake it */
    EXPECT_STR(get(cache, S("/a/")), S("200:A"));
    now_us += PAGE_SOFT_STALE_MAX - 1;
    EXPECT_STR(get(cache, S("/a/")), S("200:A"));
    now_us += 1;
    EXPECT_STR(get(cache, S("/a/")), S("miss"));

    EXPECT(put(cache, S("/a/"), S("A"), S("story:1"), S("list:latest")));
    drop(cache, S("list:latest"));
    EXPECT_STR(get(cache, S("/a/")), S("+200:A"));
    struct page_render *render = lead(cache, S("/a/"), &w);
    page_render_begin(render);
    drop(cache, S("list:latest")); /* the remake is too old already: another is asked for */
    EXPECT(!done(render, S("A2"), S("story:1"), S("list:latest")));
    EXPECT_STR(get(cache, S("/a/")), S("+200:A"));
    render = lead(cache, S("/a/"), &w);
    page_render_begin(render);
    EXPECT(done(render, S("A3"), S("story:1"), S("list:latest")));
    EXPECT_STR(get(cache, S("/a/")), S("200:A3"));
    now_us += PAGE_SOFT_STALE_MAX;
    EXPECT_STR(get(cache, S("/a/")), S("200:A3"));
    drop(cache, S("list:latest"));
    EXPECT_STR(get(cache, S("/a/")), S("+200:A3"));
    render = lead(cache, S("/a/"), &w);
    http_exchange_busy(page_render_exchange(render)); /* the queue was full: asked for again */
    page_render_abandon(render, NULL, NULL);
    EXPECT_STR(get(cache, S("/a/")), S("+200:A3"));
    drop(cache, S("story:1")); /* hard beats stale */
    EXPECT_STR(get(cache, S("/a/")), S("miss"));
    cache_end(cache);
}

static void test_expiry(void)
{
    struct page_cache *cache = cache_new(0);
    struct watched w;
    struct page_render *render = lead(cache, S("/a/"), &w);
    page_render_begin(render);
    EXPECT(page_render_done(
        render, &(struct page_content){.body = S("A"), .expires_at = now_us + TIME_SECOND}));
    EXPECT_STR(get(cache, S("/a/")), S("200:A"));
    now_us += TIME_SECOND;
    EXPECT_STR(get(cache, S("/a/")), S("miss"));
    render = lead(cache, S("/a/"), &w);
    page_render_begin(render);
    EXPECT(!page_render_done(render, &(struct page_content){.body = S("A"), .expires_at = now_us}));
    cache_end(cache);
}

static void test_conditions(void)
{
    struct page_cache *cache = cache_new(0);
    EXPECT(put(cache, S("/a/"), S("A"), S("story:1"), STR_NONE));
    struct http_request req = request("");
    struct page_got got;
    EXPECT(page_cache_get(cache, S("/a/"), &req, &got));
    size_t at = str_find(got.ready.head, S("ETag: "));
    str etag = str_from(got.ready.head, at + 6);
    etag = str_copy(arena, str_sub(etag, 0, str_find(etag, S("\r\n"))));
    http_shared_unref(got.ready.shared);

    req.known[HTTP_IF_NONE_MATCH] = etag;
    req.known_set = 1u << HTTP_IF_NONE_MATCH;
    EXPECT_STR(get_as(cache, S("/a/"), &req), S("304:"));
    req.known[HTTP_IF_NONE_MATCH] = S("\"other\"");
    EXPECT_STR(get_as(cache, S("/a/"), &req), S("200:A"));
    req = request("");
    req.known[HTTP_IF_MATCH] = etag; /* ours is weak: never a strong match */
    req.known_set = 1u << HTTP_IF_MATCH;
    EXPECT_STR(str_sub(get_as(cache, S("/a/"), &req), 0, 8), S("412:412 "));
    req.method = HTTP_HEAD; /* a body here would be read as the next answer */
    EXPECT_STR(get_as(cache, S("/a/"), &req), S("412:"));
    req = request("");
    req.method = HTTP_HEAD;
    EXPECT_STR(get_as(cache, S("/a/"), &req), S("200:"));
    cache_end(cache);
}

/* The text in `got`, whatever its encoding. */
static size_t text_len(const struct page_got *got, enum http_encoding *ret)
{
    str head = got->ready.head;
    *ret = str_contains(head, S("Content-Encoding: br"))     ? HTTP_BROTLI
           : str_contains(head, S("Content-Encoding: gzip")) ? HTTP_GZIP
                                                             : HTTP_IDENTITY;
    return got->ready.body.len;
}

static void test_encodings(void)
{
    struct page_cache *cache = cache_new(0);
    struct watched w;
    char text[5000];
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = "news of the day\n"[(i * i / 7) % 16];
    struct http_request all = request("gzip, deflate, br"), plain = request("");
    struct page_render *render = NULL;
    EXPECT_INT(page_cache_join(cache, S("/a/"), exchange_as(&w, &all), &render), PAGE_JOIN_LEAD);
    page_render_begin(render);
    EXPECT(page_render_done(render, &(struct page_content){.body = {text, sizeof(text)}}));

    struct page_got got;
    enum http_encoding encoding;
    EXPECT(page_cache_get(cache, S("/a/"), &all, &got));
    size_t fast = text_len(&got, &encoding);
    EXPECT_INT(encoding, HTTP_GZIP);
    http_shared_unref(got.ready.shared);
    EXPECT(page_cache_get(cache, S("/a/"), &plain, &got)); /* made from the gzip */
    EXPECT_INT(text_len(&got, &encoding), sizeof(text));
    EXPECT_INT(encoding, HTTP_IDENTITY);
    EXPECT_STR(got.ready.body, ((str){text, sizeof(text)}));
    http_shared_unref(got.ready.shared);

    EXPECT_INT(improved_count, 1); /* that was the second hit */
    page_cache_improve(cache, TAKE(improved[0]));
    EXPECT(page_cache_get(cache, S("/a/"), &all, &got));
    EXPECT(text_len(&got, &encoding) < fast);
    EXPECT_INT(encoding, HTTP_BROTLI);
    http_shared_unref(got.ready.shared);
    EXPECT_INT(improved_count, 1); /* once is enough */
    EXPECT_INT(page_cache_counters(cache).pages, 1);
    cache_end(cache);
}

/* A reader without gzip comes while the improvement is being made: the page that then stands there is
 * improved in its turn, and for the last time. */
static void test_improve_overtaken(void)
{
    struct page_cache *cache = cache_new(0);
    struct watched w;
    char text[5000];
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = "news of the day\n"[(i * i / 7) % 16];
    struct http_request all = request("gzip, br");
    struct page_render *render = NULL;
    EXPECT_INT(page_cache_join(cache, S("/a/"), exchange_as(&w, &all), &render), PAGE_JOIN_LEAD);
    page_render_begin(render);
    EXPECT(page_render_done(render, &(struct page_content){.body = {text, sizeof(text)}}));
    (void)get_as(cache, S("/a/"), &all);
    (void)get_as(cache, S("/a/"), &all);
    EXPECT_INT(improved_count, 1);
    EXPECT(str_starts(get(cache, S("/a/")), str_format(arena, "200:%.1000s", text)));
    page_cache_improve(cache, TAKE(improved[0])); /* of the page before: to no avail */
    for (int i = 0; i < 5; i++)
        (void)get_as(cache, S("/a/"), &all);
    EXPECT_INT(improved_count, 2);
    page_cache_improve(cache, TAKE(improved[1]));
    struct page_got got;
    enum http_encoding encoding;
    EXPECT(page_cache_get(cache, S("/a/"), &all, &got));
    (void)text_len(&got, &encoding);
    EXPECT_INT(encoding, HTTP_BROTLI);
    http_shared_unref(got.ready.shared);
    EXPECT_INT(improved_count, 2);
    cache_end(cache);
}

/* An improvement of a page dropped meanwhile does not bring it back. */
static void test_improve_dropped(void)
{
    struct page_cache *cache = cache_new(0);
    char text[2000] = {0};
    memset(text, 'x', sizeof(text));
    EXPECT(put(cache, S("/a/"), (str){text, sizeof(text)}, S("story:1"), STR_NONE));
    (void)get(cache, S("/a/"));
    (void)get(cache, S("/a/"));
    EXPECT_INT(improved_count, 1);
    drop(cache, S("story:1"));
    page_cache_improve(cache, TAKE(improved[0]));
    EXPECT_STR(get(cache, S("/a/")), S("miss"));
    cache_end(cache);
}

static void test_bounds(void)
{
    enum { BYTES = 64 * 1024, BODY = 3000 };
    struct page_cache *cache = cache_new(BYTES);
    char body[BODY];
    memset(body, 'x', sizeof(body));
    str keys[40];
    int kept = 0;
    for (int i = 0; i < 40; i++) {
        keys[i] = str_format(arena, "/%d/", i);
        kept += put(cache, keys[i], (str){body, BODY}, STR_NONE, STR_NONE);
        EXPECT(page_cache_counters(cache).bytes <= BYTES);
    }
    EXPECT(kept >= 15 && kept < 21);
    EXPECT_INT(page_cache_counters(cache).evicted,
               0); /* full: nobody is pushed out at first sight */
    EXPECT_STR(str_sub(get(cache, keys[0]), 0, 4), S("200:"));
    EXPECT(put(cache, keys[39], (str){body, BODY}, STR_NONE,
               STR_NONE)); /* the second time it enters */
    EXPECT_STR(str_sub(get(cache, keys[39]), 0, 4), S("200:"));
    EXPECT_STR(str_sub(get(cache, keys[0]), 0, 4), S("200:")); /* was used */
    EXPECT_STR(get(cache, keys[1]), S("miss"));                /* was not */
    EXPECT(page_cache_counters(cache).bytes <= BYTES);

    char big[BYTES / 4];
    memset(big, 'y', sizeof(big));
    EXPECT(!put(cache, S("/big/"), (str){big, sizeof(big)}, STR_NONE, STR_NONE));
    cache_end(cache);
}

/* One page for many addresses: kept under a key of its own, at once even in a full cache, unless it
 * shows what was dropped since `noted`. */
static void test_shared(void)
{
    enum { BYTES = 64 * 1024, BODY = 3000 };
    struct page_cache *cache = cache_new(BYTES);
    char body[BODY];
    memset(body, 'x', sizeof(body));
    for (int i = 0; i < 40; i++)
        (void)put(cache, str_format(arena, "/%d/", i), (str){body, BODY}, STR_NONE, STR_NONE);
    static const struct page_name name = {STR_INIT("settings"), false};
    const struct page_content content = {
        .status = 404, .body = S("not here"), .names = &name, .name_count = 1};
    uint64_t noted = page_cache_sequence(cache);
    drop(cache, S("settings"));
    page_unref(page_cache_keep(cache, S("404"), noted, &content));
    EXPECT(page_cache_find(cache, S("404")) == NULL);
    noted = page_cache_sequence(cache);
    drop(cache, S("story:9"));
    page_unref(page_cache_keep(cache, S("404"), noted, &content));
    struct page *page = page_cache_find(cache, S("404"));
    EXPECT(page != NULL);

    struct watched first, second;
    struct page_render *render = lead(cache, S("/none/"), &first), *none = NULL;
    EXPECT_INT(page_cache_join(cache, S("/none/"), exchange(&second), &none), PAGE_JOIN_WAIT);
    page_render_begin(render);
    page_render_share(render, page);
    EXPECT_STR(first.answer, S("404:not here"));
    EXPECT_STR(second.answer, S("404:not here"));
    EXPECT_STR(get(cache, S("/none/")), S("miss"));
    EXPECT_STR(get(cache, S("404")), S("404:not here"));
    drop(cache, S("settings"));
    EXPECT_STR(get(cache, S("404")), S("miss"));
    cache_end(cache);
}

struct reads {
    int64_t id;
    uint64_t count;
};

static void add_reads(void *ctx, int64_t id, uint64_t count)
{
    struct reads *reads = ctx;
    reads->id = id;
    reads->count += count;
}

static void test_reads(void)
{
    struct page_cache *cache = cache_new(0);
    struct reads reads = {0};
    EXPECT(put(cache, S("/a/"), S("A"), S("story:1"), STR_NONE)); /* its maker's reader: 1 */
    for (int i = 0; i < 3; i++)
        (void)get(cache, S("/a/"));
    struct http_request req = request("");
    req.loop = 1;
    (void)get_as(cache, S("/a/"), &req); /* 5 */
    req.method = HTTP_HEAD;
    (void)get_as(cache, S("/a/"), &req);
    req = request("");
    req.known[HTTP_USER_AGENT] = S("somebot/1.0");
    (void)get_as(cache, S("/a/"), &req);
    req = request("");
    req.known[HTTP_IF_NONE_MATCH] = S("*");
    req.known_set = 1u << HTTP_IF_NONE_MATCH;
    EXPECT_STR(get_as(cache, S("/a/"), &req), S("304:"));
    struct page_render *render = NULL; /* made anew behind a reader's back: nobody reads it */
    req = request("");
    EXPECT_INT(page_cache_join(cache, S("/a/"), http_exchange_detached(&req), &render),
               PAGE_JOIN_LEAD);
    page_render_begin(render);
    EXPECT(done(render, S("A"), S("story:1"), STR_NONE));
    page_cache_reads_drain(cache, add_reads, &reads);
    EXPECT_INT(reads.id, 7);
    EXPECT_INT(reads.count, 5);
    page_cache_reads_drain(cache, add_reads, &reads);
    EXPECT_INT(reads.count, 5);
    cache_end(cache);
}

static void redispatch(void *ctx, struct http_exchange *x)
{
    (void)ctx;
    http_response_text(http_exchange_response(x), 200, S("own"));
    http_exchange_finish(x);
}

static void test_abandon(void)
{
    struct page_cache *cache = cache_new(0);
    struct watched leader, waiter;
    struct page_render *none = NULL;
    for (int alone = 0; alone < 2; alone++) {
        struct page_render *render = lead(cache, S("/a/"), &leader);
        EXPECT_INT(page_cache_join(cache, S("/a/"), exchange(&waiter), &none), PAGE_JOIN_WAIT);
        http_response_text(http_exchange_response(page_render_exchange(render)), 500, S("oh"));
        page_render_abandon(render, alone ? redispatch : NULL, NULL);
        EXPECT_STR(leader.answer, S("500:oh"));
        EXPECT_STR(waiter.answer, alone ? S("200:own") : S("500:oh"));
    }
    EXPECT_STR(get(cache, S("/a/")), S("miss"));
    cache_end(cache);
}

static void test_headers(void)
{
    struct page_cache *cache = cache_new(0);
    struct watched w;
    struct page_render *render = lead(cache, S("/a/"), &w);
    page_render_begin(render);
    EXPECT(page_render_done(
        render, &(struct page_content){
                    .status = 404,
                    .body = S("A"),
                    .headers = S("Cache-Control: no-cache\r\nX: a\rb\r\nno header\r\nY: c\r\n")}));
    struct http_request req = request("");
    struct page_got got;
    EXPECT(page_cache_get(cache, S("/a/"), &req, &got));
    EXPECT_INT(got.ready.status, 404);
    EXPECT_STR(got.ready.head,
               S("Content-Type: text/html; charset=utf-8\r\nCache-Control: no-cache\r\nY: c\r\n"
                 "Vary: Accept-Encoding\r\nContent-Length: 1\r\n\r\n"));
    http_shared_unref(got.ready.shared);
    cache_end(cache);
}

int main(void)
{
    random_start();
    arena = arena_new(ARENA_REQUEST);
    test_hit_and_drop();
    test_other_loop();
    test_paused_render();
    test_forgotten_drops();
    test_waiters();
    test_waiter_refused();
    test_no_stale_join();
    test_soft();
    test_expiry();
    test_conditions();
    test_encodings();
    test_improve_overtaken();
    test_improve_dropped();
    test_shared();
    test_bounds();
    test_reads();
    test_abandon();
    test_headers();
    arena_free(arena);
    return test_done();
}
