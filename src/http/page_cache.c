/* SPDX-License-Identifier: MIT
 *
 * One lock over one table, held for a few hundred nanoseconds at a time: never while a page is made,
 * compressed or freed. Loops mostly do not come to it (see `struct reader`).
 *
 * Names are kept as 64-bit keyed hashes. Two that collide (a chance of 1 in 10^12 for a million of them)
 * only drop a page too many.
 *
 * What was tried and dropped: marking, at a drop, which of the renders under way are touched. A render
 * does not know its names before it is done, so any drop must be taken as touching it; then comparing
 * the sequence it noted with the sequence now says the same, and needs no list to walk. */
#include "http/page_cache.h"

#include "base/arena.h"
#include "base/map.h"
#include "http/page.h"
#include "http/reads.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    READER_SLOTS = 2048,  /* pages a loop finds without the lock */
    RENDER_BUCKETS = 256, /* renders under way are few */
    DOOR = 8192,          /* keys seen once while the cache was full */
    BUCKET_PER_BYTES = 4096,
    PAGE_SHARE = 8, /* a page larger than 1/8 of the cache is not kept */
};

/* A loop's own table. A slot is as good as its page's marks: a drop sets them before it returns. */
struct reader {
    struct page *slots[READER_SLOTS]; /* each holds a reference */
    time_us swept;
    uint64_t hits, misses; /* __atomic, relaxed; this loop writes */
};

struct page_render {
    struct page_cache *cache;
    str key;
    uint64_t key_hash;
    bool begun;                     /* guarded by the lock */
    uint64_t noted;                 /* likewise; the sequence when it began */
    struct http_exchange *leader;   /* whoever makes the page */
    struct http_exchange **waiters; /* guarded by the lock until the render ends */
    size_t waiter_count, waiter_cap;
    struct page_render *next;
};

struct page_cache {
    struct page_cache_options options; /* read-only after start */
    size_t bucket_count;               /* read-only; a power of two */
    struct reader *readers;            /* each its loop's */
    struct http_reads *reads;

    pthread_mutex_t lock; /* guards everything below */
    struct page **table;
    struct page_link **names;
    struct page *newest, *oldest; /* order of entry, but for second chances */
    struct page_render *renders[RENDER_BUCKETS];
    uint64_t sequence; /* of drops */
    uint64_t drops[PAGE_DROPS_KEPT];
    uint64_t all_dropped; /* the sequence of the last page_cache_drop_all */
    uint64_t door[DOOR];
    struct page_cache_counters counters;
};

/* ---- start and end ---- */

struct page_cache *page_cache_new(const struct page_cache_options *options)
{
    CHECK(options->loops > 0);
    struct page_cache *cache = calloc(1, sizeof(*cache));
    CHECK(cache != NULL);
    cache->options = *options;
    if (cache->options.bytes_max == 0)
        cache->options.bytes_max = PAGE_CACHE_BYTES_DEFAULT;
    cache->bucket_count = 256;
    while (cache->bucket_count < cache->options.bytes_max / BUCKET_PER_BYTES)
        cache->bucket_count *= 2;
    cache->table = calloc(cache->bucket_count, sizeof(struct page *));
    cache->names = calloc(cache->bucket_count, sizeof(struct page_link *));
    cache->readers = calloc(options->loops, sizeof(*cache->readers));
    CHECK(cache->table != NULL);
    CHECK(cache->names != NULL);
    CHECK(cache->readers != NULL);
    cache->reads = http_reads_new(options->loops + 1); /* the last: of pages just made */
    CHECK(pthread_mutex_init(&cache->lock, NULL) == 0);
    return cache;
}

void page_cache_free(struct page_cache *cache)
{
    if (cache == NULL)
        return;
    page_cache_drop_all(cache);
    for (size_t i = 0; i < RENDER_BUCKETS; i++)
        CHECK(cache->renders[i] == NULL);
    for (size_t i = 0; i < cache->options.loops; i++) {
        for (size_t k = 0; k < READER_SLOTS; k++)
            page_unref(cache->readers[i].slots[k]);
    }
    http_reads_free(cache->reads);
    (void)pthread_mutex_destroy(&cache->lock);
    free(cache->readers);
    free(cache->names);
    free(cache->table);
    free(cache);
}

static time_us cache_now(const struct page_cache *cache)
{
    return clock_now(cache->options.clock != NULL ? cache->options.clock : &clock_system);
}

/* ---- the table ---- */

static struct page **bucket_locked(struct page_cache *cache, uint64_t hash)
{
    return &cache->table[hash & (cache->bucket_count - 1)];
}

static struct page_link **name_bucket_locked(struct page_cache *cache, uint64_t name)
{
    return &cache->names[name & (cache->bucket_count - 1)];
}

static struct page *find_locked(struct page_cache *cache, str key, uint64_t hash)
{
    struct page *page = *bucket_locked(cache, hash);
    while (page != NULL && (page->key_hash != hash || !str_eq(page->key, key)))
        page = page->table_next;
    return page;
}

static void lru_add_locked(struct page_cache *cache, struct page *page)
{
    page->lru_prev = NULL;
    page->lru_next = cache->newest;
    if (cache->newest != NULL)
        cache->newest->lru_prev = page;
    else
        cache->oldest = page;
    cache->newest = page;
}

static void lru_remove_locked(struct page_cache *cache, struct page *page)
{
    if (page->lru_prev != NULL)
        page->lru_prev->lru_next = page->lru_next;
    else
        cache->newest = page->lru_next;
    if (page->lru_next != NULL)
        page->lru_next->lru_prev = page->lru_prev;
    else
        cache->oldest = page->lru_prev;
}

static void insert_locked(struct page_cache *cache, struct page *page)
{
    struct page **bucket = bucket_locked(cache, page->key_hash);
    page->table_next = *bucket;
    *bucket = page;
    lru_add_locked(cache, page);
    for (size_t i = 0; i < page->link_count; i++) {
        struct page_link *link = &page->links[i];
        struct page_link **names = name_bucket_locked(cache, link->name);
        link->prev = NULL;
        link->next = *names;
        if (*names != NULL)
            (*names)->prev = link;
        *names = link;
    }
    cache->counters.bytes += page->bytes;
    cache->counters.pages++;
}

/* Out of the table, marked, and put on `*gone`: the table's reference goes after the lock. */
static void remove_locked(struct page_cache *cache, struct page *page, struct page **gone)
{
    struct page **at = bucket_locked(cache, page->key_hash);
    while (*at != page)
        at = &(*at)->table_next;
    *at = page->table_next;
    lru_remove_locked(cache, page);
    for (size_t i = 0; i < page->link_count; i++) {
        struct page_link *link = &page->links[i];
        if (link->prev != NULL)
            link->prev->next = link->next;
        else
            *name_bucket_locked(cache, link->name) = link->next;
        if (link->next != NULL)
            link->next->prev = link->prev;
    }
    cache->counters.bytes -= page->bytes;
    cache->counters.pages--;
    atomic_store(&page->dead, true);
    page->gone_next = *gone;
    *gone = page;
}

static void gone_unref(struct page *gone)
{
    while (gone != NULL) {
        struct page *next = gone->gone_next;
        page_unref(gone);
        gone = next;
    }
}

/* Makes room: the oldest goes, unless it was used since it was last considered. */
static void evict_locked(struct page_cache *cache, size_t need, struct page **gone)
{
    while (cache->oldest != NULL && cache->counters.bytes + need > cache->options.bytes_max) {
        struct page *page = cache->oldest;
        if (atomic_exchange_explicit(&page->used, false, memory_order_relaxed)) {
            lru_remove_locked(cache, page);
            lru_add_locked(cache, page);
            continue;
        }
        remove_locked(cache, page, gone);
        cache->counters.evicted++;
    }
}

/* Puts `page` where `old` stands, if it still does: a better form of the same page. Takes the new
 * page's reference over. */
static void replace(struct page_cache *cache, struct page *old, struct page *page)
{
    struct page *gone = NULL;
    pthread_mutex_lock(&cache->lock);
    if (atomic_load(&old->dead)) {
        /* Never in the table, and who made it may still hold it: nobody is to replace it in turn. */
        atomic_store(&page->dead, true);
        page->gone_next = NULL;
        gone = page;
    } else {
        atomic_store(&page->stale_until, atomic_load(&old->stale_until));
        atomic_store(&page->remaking, atomic_load(&old->remaking));
        remove_locked(cache, old, &gone);
        evict_locked(cache, page->bytes, &gone);
        insert_locked(cache, page);
    }
    pthread_mutex_unlock(&cache->lock);
    gone_unref(gone);
}

/* ---- on a loop ---- */

static struct reader *reader_of(struct page_cache *cache, const struct http_request *req)
{
    CHECK(req->loop < cache->options.loops);
    return &cache->readers[req->loop];
}

/* What was dropped while nobody asked for it again is let go within a second of traffic. */
static void reader_sweep(struct reader *reader, time_us now)
{
    if (now - reader->swept < TIME_SECOND && now >= reader->swept)
        return;
    reader->swept = now;
    for (size_t i = 0; i < READER_SLOTS; i++) {
        struct page *page = reader->slots[i];
        if (page != NULL && atomic_load_explicit(&page->dead, memory_order_relaxed)) {
            page_unref(page);
            reader->slots[i] = NULL;
        }
    }
}

static bool page_is_current(const struct page *page, time_us now)
{
    time_us stale_until = atomic_load(&page->stale_until);
    return !atomic_load(&page->dead) && now < page->expires_at &&
           (stale_until == 0 || now < stale_until);
}

/* A page past its time is removed by whoever finds it so. */
static struct page *table_get(struct page_cache *cache, str key, uint64_t hash, time_us now)
{
    struct page *gone = NULL;
    pthread_mutex_lock(&cache->lock);
    struct page *page = find_locked(cache, key, hash);
    if (page != NULL && !page_is_current(page, now)) {
        remove_locked(cache, page, &gone);
        page = NULL;
    }
    if (page != NULL)
        (void)http_shared_ref(&page->shared);
    pthread_mutex_unlock(&cache->lock);
    gone_unref(gone);
    return page;
}

/* Lends the page: the loop's slot holds it. */
static struct page *reader_get(struct page_cache *cache, struct reader *reader, str key,
                               time_us now)
{
    uint64_t hash = map_hash(key);
    struct page **slot = &reader->slots[hash % READER_SLOTS];
    struct page *page = *slot;
    if (page != NULL && page->key_hash == hash && str_eq(page->key, key) &&
        page_is_current(page, now))
        return page;
    page = table_get(cache, key, hash, now);
    page_unref(*slot);
    *slot = page;
    return page;
}

/* A form that was not asked for before: only plain text from gzip comes here. */
static struct page *add_identity(struct page_cache *cache, struct page *page)
{
    struct page *with = page_with_body(page, HTTP_IDENTITY, page_text(page));
    /* An improvement under way is of the old page and comes to nothing: ask again. */
    if (atomic_load(&with->hits) >= 2 && with->forms[HTTP_BROTLI].body.ptr == NULL)
        atomic_store(&with->hits, 0);
    (void)http_shared_ref(&with->shared); /* one for the table, one for the caller */
    replace(cache, page, with);
    return with;
}

static void count_read(struct page_cache *cache, size_t place, const struct page *page,
                       const struct http_request *req, int status)
{
    if (page->read_id == 0 || status != 200 || req->method != HTTP_GET ||
        http_agent_is_robot(req->known[HTTP_USER_AGENT]))
        return;
    http_reads_add(cache->reads, place, page->read_id);
    if (http_request_has(req, HTTP_REFERER) && cache->options.on_read != NULL)
        cache->options.on_read(cache->options.ctx, place, page->read_id, req);
}

static void count_hit(struct page_cache *cache, struct page *page)
{
    if (!atomic_load_explicit(&page->used, memory_order_relaxed))
        atomic_store_explicit(&page->used, true, memory_order_relaxed);
    if (atomic_load_explicit(&page->hits, memory_order_relaxed) >= 2)
        return;
    if (atomic_fetch_add_explicit(&page->hits, 1, memory_order_relaxed) == 1 &&
        cache->options.improve != NULL) {
        (void)http_shared_ref(&page->shared);
        cache->options.improve(cache->options.ctx, page);
    }
}

static void count_one(uint64_t *counter)
{
    __atomic_store_n(counter, *counter + 1, __ATOMIC_RELAXED);
}

bool page_cache_get(struct page_cache *cache, str key, const struct http_request *req,
                    struct page_got *ret)
{
    struct reader *reader = reader_of(cache, req);
    time_us now = cache_now(cache);
    reader_sweep(reader, now);
    struct page *page = reader_get(cache, reader, key, now);
    if (page == NULL) {
        count_one(&reader->misses);
        return false;
    }
    count_one(&reader->hits);
    enum http_encoding encoding;
    struct page *own = NULL;
    if (!page_pick(page, req, &encoding))
        page = own = add_identity(cache, page);
    ret->ready = page_ready(page, req, encoding);
    ret->remake = atomic_load_explicit(&page->stale_until, memory_order_relaxed) != 0 &&
                  !atomic_exchange(&page->remaking, true);
    count_read(cache, req->loop, page, req, ret->ready.status);
    count_hit(cache, page);
    page_unref(own);
    return true;
}

/* ---- renders ---- */

static struct page_render **render_bucket_locked(struct page_cache *cache, uint64_t hash)
{
    return &cache->renders[hash % RENDER_BUCKETS];
}

/* Begun before the last drop: what it reads may be from before that, too. */
static bool render_is_fresh_locked(const struct page_cache *cache, const struct page_render *render)
{
    return !render->begun || render->noted == cache->sequence;
}

static bool wait_locked(struct page_cache *cache, str key, uint64_t hash, struct http_exchange *x)
{
    struct page_render *render = *render_bucket_locked(cache, hash);
    while (render != NULL && (render->key_hash != hash || !str_eq(render->key, key) ||
                              !render_is_fresh_locked(cache, render)))
        render = render->next;
    if (render == NULL)
        return false;
    if (render->waiter_count == render->waiter_cap) {
        render->waiter_cap = render->waiter_cap == 0 ? 4 : size_mul(render->waiter_cap, 2);
        render->waiters =
            realloc(render->waiters, size_mul(render->waiter_cap, sizeof(*render->waiters)));
        CHECK(render->waiters != NULL);
    }
    render->waiters[render->waiter_count++] = x;
    cache->counters.joined++;
    return true;
}

enum page_join page_cache_join(struct page_cache *cache, str key, struct http_exchange *x,
                               struct page_render **ret_render)
{
    uint64_t hash = map_hash(key);
    pthread_mutex_lock(&cache->lock);
    if (wait_locked(cache, key, hash, x)) {
        pthread_mutex_unlock(&cache->lock);
        return PAGE_JOIN_WAIT;
    }
    struct page_render *render = calloc(1, sizeof(*render) + key.len);
    CHECK(render != NULL);
    memcpy(render + 1, key.ptr, key.len);
    render->cache = cache;
    render->key = (str){(const char *)(render + 1), key.len};
    render->key_hash = hash;
    render->leader = x;
    struct page_render **bucket = render_bucket_locked(cache, hash);
    render->next = *bucket;
    *bucket = render;
    cache->counters.renders++;
    pthread_mutex_unlock(&cache->lock);
    *ret_render = render;
    return PAGE_JOIN_LEAD;
}

struct http_exchange *page_render_exchange(struct page_render *render)
{
    return render->leader;
}

void page_render_begin(struct page_render *render)
{
    struct page_cache *cache = render->cache;
    pthread_mutex_lock(&cache->lock);
    render->noted = cache->sequence;
    render->begun = true;
    pthread_mutex_unlock(&cache->lock);
}

/* Nobody joins from here on. */
static void render_remove_locked(struct page_cache *cache, struct page_render *render)
{
    struct page_render **at = render_bucket_locked(cache, render->key_hash);
    while (*at != render)
        at = &(*at)->next;
    *at = render->next;
}

static void render_free(struct page_render *render)
{
    free(render->waiters);
    free(render);
}

/* Was anything the page shows dropped since `noted`? */
static bool page_is_true_locked(const struct page_cache *cache, uint64_t noted,
                                const struct page *page)
{
    uint64_t since = cache->sequence - noted;
    if (since > PAGE_DROPS_KEPT || cache->all_dropped > noted)
        return false;
    for (uint64_t s = noted + 1; s <= cache->sequence; s++) {
        uint64_t name = cache->drops[s % PAGE_DROPS_KEPT];
        for (size_t i = 0; i < page->link_count; i++) {
            if (page->links[i].name == name)
                return false;
        }
    }
    return true;
}

/* When there is no room but by pushing others out, one request is not reason enough. */
static bool admit_locked(struct page_cache *cache, const struct page *page, bool wanted)
{
    if (page->bytes > cache->options.bytes_max / PAGE_SHARE)
        return false;
    if (wanted || cache->counters.bytes + page->bytes <= cache->options.bytes_max)
        return true;
    uint64_t *door = &cache->door[page->key_hash % DOOR];
    bool second = *door == page->key_hash;
    *door = page->key_hash;
    return second;
}

/* `wanted`: it enters at once though the cache is full. */
static bool keep_locked(struct page_cache *cache, uint64_t noted, struct page *page, bool wanted,
                        time_us now, struct page **gone)
{
    struct page *old = find_locked(cache, page->key, page->key_hash);
    bool is_true = page_is_true_locked(cache, noted, page);
    if (!is_true)
        cache->counters.refused++;
    if (!is_true || page->link_count > PAGE_NAMES_MAX || now >= page->expires_at ||
        !admit_locked(cache, page, wanted || old != NULL))
        return false;
    if (old != NULL)
        remove_locked(cache, old, gone);
    evict_locked(cache, page->bytes, gone);
    (void)http_shared_ref(&page->shared);
    insert_locked(cache, page);
    return true;
}

/* Ends the render and keeps the page if that is right, in one step: no request falls between. */
static bool keep(struct page_cache *cache, struct page_render *render, struct page *page)
{
    struct page *gone = NULL;
    time_us now = cache_now(cache);
    pthread_mutex_lock(&cache->lock);
    render_remove_locked(cache, render);
    bool kept = keep_locked(cache, render->noted, page, render->waiter_count > 0, now, &gone);
    pthread_mutex_unlock(&cache->lock);
    gone_unref(gone);
    return kept;
}

struct http_ready page_answer(struct page *page, const struct http_request *req)
{
    enum http_encoding encoding;
    struct page *own = NULL;
    if (!page_pick(page, req, &encoding))
        page = own = page_with_body(page, HTTP_IDENTITY, page_text(page));
    struct http_ready ready = page_ready(page, req, encoding);
    page_unref(own); /* which a 412 holds no reference to */
    return ready;
}

static void render_answer(struct page_cache *cache, struct page *page, struct http_exchange *x)
{
    const struct http_request *req = http_exchange_request(x);
    struct http_ready ready = page_answer(page, req);
    count_read(cache, cache->options.loops, page, req, ready.status);
    http_response_ready(http_exchange_response(x), ready);
    http_exchange_finish(x);
}

/* Everybody is answered; the reference to the page and the render go. */
static void render_end(struct page_render *render, struct page *page)
{
    render_answer(render->cache, page, render->leader);
    for (size_t i = 0; i < render->waiter_count; i++)
        render_answer(render->cache, page, render->waiters[i]);
    page_unref(page);
    render_free(render);
}

bool page_render_done(struct page_render *render, const struct page_content *content)
{
    struct page_cache *cache = render->cache;
    CHECK(render->begun);
    const struct http_request *req = http_exchange_request(render->leader);
    bool gzip = (http_accepted_encodings(req->known[HTTP_ACCEPT_ENCODING]) & 1u << HTTP_GZIP) != 0;
    struct page *page = page_from_content(render->key, content, gzip);
    bool kept = keep(cache, render, page);
    render_end(render, page);
    return kept;
}

/* ---- one page for many addresses ---- */

uint64_t page_cache_sequence(struct page_cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    uint64_t sequence = cache->sequence;
    pthread_mutex_unlock(&cache->lock);
    return sequence;
}

struct page *page_cache_find(struct page_cache *cache, str key)
{
    return table_get(cache, key, map_hash(key), cache_now(cache));
}

struct page *page_cache_keep(struct page_cache *cache, str key, uint64_t noted,
                             const struct page_content *content)
{
    struct page *page = page_from_content(key, content, true);
    struct page *gone = NULL;
    time_us now = cache_now(cache);
    pthread_mutex_lock(&cache->lock);
    (void)keep_locked(cache, noted, page, true, now, &gone);
    pthread_mutex_unlock(&cache->lock);
    gone_unref(gone);
    return page;
}

void page_render_share(struct page_render *render, struct page *page)
{
    struct page_cache *cache = render->cache;
    pthread_mutex_lock(&cache->lock);
    render_remove_locked(cache, render);
    pthread_mutex_unlock(&cache->lock);
    render_end(render, page);
}

/* ---- nothing to share ---- */

/* What can be said twice: a status, plain headers, bytes. */
static void response_copy(struct http_response *to, const struct http_response *from)
{
    if (from->kind == HTTP_BODY_BYTES)
        http_response_bytes(to, from->status, S("text/plain"), str_copy(to->arena, from->bytes));
    else
        http_response_empty(to, from->status);
    to->header_count = 0;
    for (size_t i = 0; i < from->header_count; i++)
        http_response_header(to, from->headers[i].name, from->headers[i].value);
}

void page_render_abandon(struct page_render *render,
                         void (*dispatch)(void *ctx, struct http_exchange *x), void *ctx)
{
    struct page_cache *cache = render->cache;
    pthread_mutex_lock(&cache->lock);
    render_remove_locked(cache, render);
    /* If this was to make a stale page anew, the next reader of it asks again. */
    struct page *old = find_locked(cache, render->key, render->key_hash);
    if (old != NULL)
        atomic_store(&old->remaking, false);
    pthread_mutex_unlock(&cache->lock);
    const struct http_response *res = http_exchange_response(render->leader);
    bool plain = res->kind == HTTP_BODY_BYTES || res->kind == HTTP_BODY_NONE;
    for (size_t i = 0; i < render->waiter_count; i++) {
        struct http_exchange *x = render->waiters[i];
        if (dispatch != NULL) {
            dispatch(ctx, x);
            continue;
        }
        if (plain)
            response_copy(http_exchange_response(x), res);
        else
            http_exchange_busy(x);
        http_exchange_finish(x);
    }
    http_exchange_finish(render->leader);
    render_free(render);
}

/* ---- changes ---- */

static void drop_name_locked(struct page_cache *cache, uint64_t name, time_us now,
                             struct page **gone)
{
    cache->sequence++;
    cache->drops[cache->sequence % PAGE_DROPS_KEPT] = name;
    struct page *hard = NULL; /* gathered first: removing one changes the list that is walked */
    for (struct page_link *link = *name_bucket_locked(cache, name); link != NULL;
         link = link->next) {
        if (link->name != name)
            continue;
        if (link->soft) {
            time_us never = 0;
            (void)atomic_compare_exchange_strong(&link->page->stale_until, &never,
                                                 now + PAGE_SOFT_STALE_MAX);
            /* A remake that began before this drop will not be kept: ask for another. */
            atomic_store(&link->page->remaking, false);
        } else if (!atomic_exchange(&link->page->dead, true)) {
            link->page->gone_next = hard;
            hard = link->page;
        }
    }
    while (hard != NULL) {
        struct page *page = hard;
        hard = page->gone_next;
        remove_locked(cache, page, gone);
        cache->counters.dropped++;
    }
}

void page_cache_drop(struct page_cache *cache, const str *names, size_t count)
{
    struct page *gone = NULL;
    time_us now = cache_now(cache);
    pthread_mutex_lock(&cache->lock);
    for (size_t i = 0; i < count; i++)
        drop_name_locked(cache, map_hash(names[i]), now, &gone);
    pthread_mutex_unlock(&cache->lock);
    gone_unref(gone);
}

void page_cache_drop_all(struct page_cache *cache)
{
    struct page *gone = NULL;
    pthread_mutex_lock(&cache->lock);
    cache->sequence++;
    cache->drops[cache->sequence % PAGE_DROPS_KEPT] = 0;
    cache->all_dropped = cache->sequence;
    while (cache->oldest != NULL) {
        remove_locked(cache, cache->oldest, &gone);
        cache->counters.dropped++;
    }
    pthread_mutex_unlock(&cache->lock);
    gone_unref(gone);
}

/* ---- behind ---- */

void page_cache_improve(struct page_cache *cache, struct page *page)
{
    struct http_block text = page_text(page), gzip, brotli;
    str bytes = {text.ptr, text.len};
    struct page *better = NULL;
    if (http_gzip(bytes, HTTP_GZIP_SMALL, &gzip))
        better = page_with_body(page, HTTP_GZIP, gzip);
    if (better != NULL && http_brotli(bytes, &brotli)) {
        struct page *both = page_with_body(better, HTTP_BROTLI, brotli);
        page_unref(better);
        better = both;
    }
    free(text.ptr);
    if (better != NULL)
        replace(cache, page, better);
    page_unref(page);
}

void page_cache_reads_drain(struct page_cache *cache,
                            void (*each)(void *ctx, int64_t read_id, uint64_t reads), void *ctx)
{
    http_reads_drain(cache->reads, each, ctx);
}

struct page_cache_counters page_cache_counters(struct page_cache *cache)
{
    pthread_mutex_lock(&cache->lock);
    struct page_cache_counters counters = cache->counters;
    pthread_mutex_unlock(&cache->lock);
    counters.bytes_max = cache->options.bytes_max;
    for (size_t i = 0; i < cache->options.loops; i++) {
        counters.hits += __atomic_load_n(&cache->readers[i].hits, __ATOMIC_RELAXED);
        counters.misses += __atomic_load_n(&cache->readers[i].misses, __ATOMIC_RELAXED);
    }
    return counters;
}
