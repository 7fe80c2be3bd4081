/* SPDX-License-Identifier: MIT
 *
 * Readers, makers, droppers and improvers at once. Each story has a version that only grows: a write
 * advances it, then drops its name. Whoever asks after that must never be shown an older one, whether
 * from the cache, from a render joined, or from a render of one's own. Run it under -Db_sanitize=thread
 * as well. */
#include "http/page_cache.h"

#include "base/arena.h"
#include "base/parse.h"
#include "base/pool.h"
#include "base/random.h"
#include "http/delivery.h"
#include "tests/check.h"

#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { LOOPS = 3, STORIES = 16, ROUNDS_MAX = 400000, DROPS_MAX = 4000, CACHE_BYTES = 14 * 1024 };

static struct page_cache *cache;
static struct pool *job;
static atomic_long committed[STORIES];    /* what a render reads */
static atomic_long acknowledged[STORIES]; /* what a reader must see at least */
static atomic_int stale, answered, asked;
static atomic_bool drops_done;

static void improve_run(void *arg, size_t thread_index)
{
    (void)thread_index;
    page_cache_improve(cache, arg);
}

static void on_improve(void *ctx, struct page *page)
{
    (void)ctx;
    if (!pool_add(job, improve_run, page))
        page_unref(page);
}

/* What came as gzip is taken for the newest: it is here for the making of its other forms. */
static long version_of(str body)
{
    if (str_starts(body, S("\x1f\x8b")))
        return LONG_MAX;
    struct cursor c = cursor_of(body);
    int64_t n = -1;
    return cursor_str(&c, S("version ")) && cursor_uint(&c, 1, 12, &n) ? (long)n : -1;
}

/* What an exchange must at least be answered with is kept in its slot. */
static void deliver(struct http_exchange *x)
{
    if (version_of(x->answer.body) < (long)x->slot)
        atomic_fetch_add(&stale, 1);
    atomic_fetch_add(&answered, 1);
    http_exchange_free(x);
}

static void render(struct page_render *render, size_t story)
{
    page_render_begin(render);
    long version = atomic_load(&committed[story]);
    if (version % 7 == 3) {
        http_response_text(
            http_exchange_response(page_render_exchange(render)), 200,
            str_format(http_exchange_arena(page_render_exchange(render)), "version %ld", version));
        page_render_abandon(render, NULL, NULL);
        return;
    }
    char body[800], name[32];
    int n = snprintf(body, sizeof(body), "version %ld %600d", version, 0);
    (void)snprintf(name, sizeof(name), "story:%zu", story);
    struct page_name names[] = {{str_from_c(name), false}, {S("list:latest"), true}};
    (void)page_render_done(render, &(struct page_content){.body = {body, (size_t)n},
                                                          .names = names,
                                                          .name_count = 2,
                                                          .read_id = (int64_t)story + 1});
}

static void read_one(struct arena *arena, size_t loop, size_t story, bool gzip)
{
    struct http_request req = {.arena = arena, .method = HTTP_GET, .loop = loop, .body_fd = -1};
    req.known[HTTP_USER_AGENT] = S("Firefox");
    if (gzip)
        req.known[HTTP_ACCEPT_ENCODING] = S("gzip");
    char path[32];
    (void)snprintf(path, sizeof(path), "/story-%zu/", story);
    str key = str_from_c(path);
    long least = atomic_load(&acknowledged[story]);
    struct page_got got;
    bool hit = page_cache_get(cache, key, &req, &got);
    if (hit) {
        if (version_of(got.ready.body) < least)
            atomic_fetch_add(&stale, 1);
        http_shared_unref(got.ready.shared);
        if (!got.remake)
            return;
    }
    struct http_exchange *x = http_exchange_detached(&req);
    x->deliver = deliver;
    x->slot = (uint32_t)least;
    atomic_fetch_add(&asked, 1);
    struct page_render *lead;
    if (page_cache_join(cache, key, x, &lead) == PAGE_JOIN_LEAD)
        render(lead, story);
}

static void *reader_main(void *arg)
{
    size_t loop = (size_t)(uintptr_t)arg;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    uint32_t random = (uint32_t)loop + 1;
    for (int i = 0; i < ROUNDS_MAX && !atomic_load(&drops_done); i++) {
        random = random * 1664525 + 1013904223;
        read_one(arena, loop, (random >> 16) % STORIES, (random >> 28) % 2 == 0);
        arena_reset(arena);
    }
    return NULL;
}

static void *dropper_main(void *arg)
{
    (void)arg;
    time_us until = clock_monotonic() + TIME_SECOND;
    for (int i = 0; i < DROPS_MAX && clock_monotonic() < until; i++) {
        size_t story = (size_t)i * 5 % STORIES;
        char name[32];
        (void)snprintf(name, sizeof(name), "story:%zu", story);
        str names[] = {str_from_c(name), S("list:latest")};
        /* Commit, drop, answer. */
        long next = atomic_load(&committed[story]) + 1;
        atomic_store(&committed[story], next);
        page_cache_drop(cache, names, i % 3 == 0 ? 2 : 1);
        atomic_store(&acknowledged[story], next);
        if (i % 500 == 499)
            page_cache_drop_all(cache);
        if (i % 8 == 0)
            (void)usleep(50);
    }
    atomic_store(&drops_done, true);
    return NULL;
}

static void count(void *ctx, int64_t id, uint64_t reads)
{
    (void)id;
    *(uint64_t *)ctx += reads;
}

int main(void)
{
    random_start();
    job = pool_new("job", 1, 1000);
    cache = page_cache_new(&(struct page_cache_options){
        .bytes_max = CACHE_BYTES, .loops = LOOPS, .improve = on_improve});
    pthread_t readers[LOOPS], dropper;
    for (size_t i = 0; i < LOOPS; i++)
        CHECK(pthread_create(&readers[i], NULL, reader_main, (void *)(uintptr_t)i) == 0);
    CHECK(pthread_create(&dropper, NULL, dropper_main, NULL) == 0);
    uint64_t reads = 0;
    while (!atomic_load(&drops_done)) {
        page_cache_reads_drain(cache, count, &reads);
        (void)usleep(1000);
    }
    for (size_t i = 0; i < LOOPS; i++)
        (void)pthread_join(readers[i], NULL);
    (void)pthread_join(dropper, NULL);
    pool_stop(job);
    page_cache_reads_drain(cache, count, &reads);
    struct page_cache_counters c = page_cache_counters(cache);
    printf("hits %llu, renders %llu, joined %llu, refused %llu, dropped %llu, evicted %llu\n",
           (unsigned long long)c.hits, (unsigned long long)c.renders, (unsigned long long)c.joined,
           (unsigned long long)c.refused, (unsigned long long)c.dropped,
           (unsigned long long)c.evicted);
    EXPECT_INT(atomic_load(&stale), 0);
    EXPECT_INT(atomic_load(&answered), atomic_load(&asked));
    EXPECT(c.hits > 0);
    EXPECT(c.bytes <= CACHE_BYTES);
    EXPECT(reads > 0);
    page_cache_free(cache);
    return test_done();
}
