/* SPDX-License-Identifier: MIT */
#include "site/making.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/log.h"
#include "base/map.h"
#include "base/pool.h"
#include "http/exchange.h"
#include "media/made.h"
#include "media/storage.h"

#include <pthread.h>
#include <stdlib.h>

/* ---- who makes ---- */

static enum status worker_make(void *ctx, int in_fd, const struct media_make *make, int out_fd,
                               enum media_kind *ret_kind, struct error *err)
{
    return media_worker_make(ctx, in_fd, make, out_fd, ret_kind, err);
}

static enum status worker_card(void *ctx, const struct media_card *card, int out_fd,
                               struct error *err)
{
    return media_worker_card(ctx, card, out_fd, err);
}

struct picture_maker picture_maker_of(struct media_worker *worker)
{
    return (struct picture_maker){worker, worker_make, worker_card};
}

/* ---- who waits ---- */

struct asked {
    struct making *making; /* read-only, as job and arena */
    struct arena *arena;
    struct making_job job;
    struct http_exchange **readers; /* guarded by the lock, as the rest */
    size_t count, cap;
    time_us since;  /* read-only; monotonic */
    bool begun;     /* it is being made */
    bool forgotten; /* what it is made from has changed since it was asked for */
    struct asked *next;
};

struct tried {
    uint64_t hash, original; /* of the path, and of the picture's */
    time_us until;           /* monotonic */
};

struct making {
    const struct http_app *app; /* read-only, to pool */
    struct made *made;          /* the pool's one thread's */
    int media_fd;
    struct storage *storage;
    const struct picture_maker *maker;
    const struct log *log;
    struct pool *pool;

    pthread_mutex_t lock; /* guards everything below */
    bool closing;
    struct asked *asked; /* at most MAKING_QUEUE_MAX and the one under way: a list will do */
    size_t waiting;
    struct tried tried[MAKING_TRIED_KEPT];
};

struct making *making_new(const struct http_app *app, struct made *made, int media_fd,
                          struct storage *storage, const struct picture_maker *maker,
                          const struct log *log)
{
    struct making *making = calloc(1, sizeof(*making));
    CHECK(making != NULL);
    making->app = app;
    making->made = made;
    making->media_fd = media_fd;
    making->storage = storage;
    making->maker = maker;
    making->log = log;
    CHECK(pthread_mutex_init(&making->lock, NULL) == 0);
    making->pool = pool_new("pictures", 1, MAKING_QUEUE_MAX);
    return making;
}

void making_close_begin(struct making *making)
{
    if (making == NULL)
        return;
    pthread_mutex_lock(&making->lock);
    making->closing = true;
    pthread_mutex_unlock(&making->lock);
}

void making_free(struct making *making)
{
    if (making == NULL)
        return;
    pool_stop(making->pool);
    CHECK(making->asked == NULL);
    (void)pthread_mutex_destroy(&making->lock);
    free(making);
}

/* ---- making one ---- */

static enum status make_file(struct making *making, const struct making_job *job,
                             struct made_piece *piece, struct error *err)
{
    enum media_kind kind;
    AUTO(fd_closep) int in = -1;
    enum status st = made_begin(making->made, piece, err);
    if (st != ST_OK)
        return st;
    if (job->original.len == 0)
        st = making->maker->card(making->maker->ctx, &job->card, piece->fd, err);
    else
        st = file_open_beneath(making->media_fd, job->original, &in, err);
    if (st == ST_OK && in >= 0)
        st = making->maker->make(making->maker->ctx, in, &job->make, piece->fd, &kind, err);
    return st == ST_OK ? made_keep(making->made, piece, job->path, err) : st;
}

static enum status fetch_file(struct making *making, const struct making_job *job,
                              struct error *err)
{
    AUTO(fd_closep) int fd = -1;
    return storage_open(making->storage, job->original, &fd, err);
}

static void tried_note_locked(struct making *making, const struct making_job *job, time_us until)
{
    uint64_t hash = map_hash(job->path);
    making->tried[hash % MAKING_TRIED_KEPT] = (struct tried){hash, map_hash(job->original), until};
}

static void asked_free(struct asked *asked)
{
    free(asked->readers);
    arena_free(asked->arena);
}

static void reader_turn_away(struct http_exchange *x)
{
    http_exchange_busy(x);
    http_exchange_finish(x);
}

/* Dispatching with the lock held is what lets making_close_begin promise that nobody is afterwards; it is a
 * queue's turn each. */
static void readers_go_locked(struct making *making, struct asked *asked)
{
    for (size_t i = 0; i < asked->count; i++) {
        if (making->closing)
            reader_turn_away(asked->readers[i]);
        else
            making->app->dispatch(making->app->ctx, asked->readers[i]);
    }
    making->waiting -= asked->count;
    asked->count = 0;
}

/* Only a rendition has something to be answered with meanwhile. */
static bool is_late_locked(const struct asked *asked)
{
    return !asked->begun && asked->job.original.len > 0 && !asked->job.fetch &&
           clock_monotonic() - asked->since > MAKING_PATIENCE;
}

static void asked_done(struct making *making, struct asked *asked, enum status st)
{
    pthread_mutex_lock(&making->lock);
    struct asked **at = &making->asked;
    while (*at != asked)
        at = &(*at)->next;
    *at = asked->next;
    if (asked->forgotten)
        made_forget(making->made, asked->job.original);
    else if (!making->closing)
        tried_note_locked(making, &asked->job,
                          clock_monotonic() + (st == ST_OK        ? MAKING_AGAIN
                                               : asked->job.fetch ? MAKING_FETCH_RETRY
                                                                  : MAKING_RETRY));
    readers_go_locked(making, asked);
    for (struct asked *other = making->asked; other != NULL; other = other->next) {
        if (is_late_locked(other))
            readers_go_locked(making, other);
    }
    pthread_mutex_unlock(&making->lock);
}

/* False: the site is closing. */
static bool asked_begin(struct making *making, struct asked *asked)
{
    pthread_mutex_lock(&making->lock);
    bool closing = making->closing;
    asked->begun = true;
    pthread_mutex_unlock(&making->lock);
    return !closing;
}

static void asked_run(void *arg, size_t thread)
{
    struct asked *asked = arg;
    struct making *making = asked->making;
    struct error err = ERROR_INIT;
    struct made_piece piece = {.fd = -1};
    enum status st = ST_IO;
    (void)thread;
    if (asked_begin(making, asked)) {
        st = asked->job.fetch ? fetch_file(making, &asked->job, &err)
                              : make_file(making, &asked->job, &piece, &err);
        made_drop(making->made, &piece);
        if (st != ST_OK && asked->job.fetch)
            log_warn(making->log, "file could not be fetched from the bucket",
                     LOG_STR("path", asked->job.path), LOG_ERR(&err));
        else if (st != ST_OK)
            log_warn(making->log, "picture could not be made, sending it as it is",
                     LOG_STR("path", asked->job.path), LOG_ERR(&err));
    }
    asked_done(making, asked, st);
    asked_free(asked);
}

/* ---- asking ---- */

static struct asked *asked_new(struct making *making, const struct making_job *job)
{
    struct arena *arena = arena_new(ARENA_SMALL);
    struct asked *asked = arena_new_one(arena, struct asked);
    asked->making = making;
    asked->since = clock_monotonic();
    asked->arena = arena;
    asked->job = *job;
    asked->job.path = str_copy(arena, job->path);
    asked->job.original = str_copy(arena, job->original);
    asked->job.card.headline = str_copy(arena, job->card.headline);
    asked->job.card.site = str_copy(arena, job->card.site);
    asked->job.card.kicker = str_copy(arena, job->card.kicker);
    return asked;
}

/* The one for `job`, or NULL when there is no room. */
static struct asked *asked_find_locked(struct making *making, const struct making_job *job)
{
    struct asked *asked = making->asked;
    while (asked != NULL && !str_eq(asked->job.path, job->path))
        asked = asked->next;
    if (asked != NULL)
        return asked;
    asked = asked_new(making, job);
    if (!pool_add(making->pool, asked_run, asked)) { /* it waits for the lock, which we hold */
        asked_free(asked);
        return NULL;
    }
    asked->next = making->asked;
    making->asked = asked;
    return asked;
}

static void reader_add(struct asked *asked, struct http_exchange *x)
{
    if (asked->count == asked->cap) {
        asked->cap = asked->cap == 0 ? 4 : size_mul(asked->cap, 2);
        asked->readers =
            realloc(asked->readers, size_mul(asked->cap, sizeof(struct http_exchange *)));
        CHECK(asked->readers != NULL);
    }
    asked->readers[asked->count++] = x;
    asked->making->waiting++;
}

void making_ask(struct making *making, struct http_exchange *x, const struct making_job *job)
{
    pthread_mutex_lock(&making->lock);
    struct asked *asked = NULL;
    if (!making->closing && making->waiting < MAKING_WAITING_MAX)
        asked = asked_find_locked(making, job);
    if (asked != NULL)
        reader_add(asked, x);
    pthread_mutex_unlock(&making->lock);
    if (asked == NULL)
        reader_turn_away(x);
}

bool making_tried(struct making *making, str path)
{
    uint64_t hash = map_hash(path);
    pthread_mutex_lock(&making->lock);
    const struct tried *tried = &making->tried[hash % MAKING_TRIED_KEPT];
    bool lately = tried->hash == hash && clock_monotonic() < tried->until;
    pthread_mutex_unlock(&making->lock);
    return lately;
}

bool making_late(struct making *making, str path)
{
    pthread_mutex_lock(&making->lock);
    const struct asked *asked = making->asked;
    while (asked != NULL && !str_eq(asked->job.path, path))
        asked = asked->next;
    bool late = asked != NULL && is_late_locked(asked);
    pthread_mutex_unlock(&making->lock);
    return late;
}

void making_forget(struct making *making, str original)
{
    pthread_mutex_lock(&making->lock);
    for (struct asked *asked = making->asked; asked != NULL; asked = asked->next)
        asked->forgotten |= str_eq(asked->job.original, original);
    for (size_t i = 0; i < MAKING_TRIED_KEPT; i++) {
        if (making->tried[i].original == map_hash(original))
            making->tried[i].until = 0;
    }
    made_forget(making->made, original);
    pthread_mutex_unlock(&making->lock);
}

size_t making_waiting(struct making *making)
{
    pthread_mutex_lock(&making->lock);
    size_t waiting = making->waiting;
    pthread_mutex_unlock(&making->lock);
    return waiting;
}
