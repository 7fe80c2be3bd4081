/* SPDX-License-Identifier: MIT */
#include "base/pool.h"

#include "base/check.h"

#include <pthread.h>
#include <stdlib.h>

struct work {
    pool_fn *fn;
    void *arg;
};

struct worker {
    struct pool *pool;
    size_t index;
    pthread_t thread;
};

struct pool {
    size_t threads;         /* read-only after start */
    size_t queue_max;       /* read-only after start */
    struct worker *workers; /* owner only */

    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t more;
    struct work *ring;
    size_t head;
    size_t count;
    bool stopping;
};

static void *worker_main(void *arg)
{
    struct worker *worker = arg;
    struct pool *pool = worker->pool;

    pthread_mutex_lock(&pool->lock);
    for (;;) {
        while (pool->count == 0 && !pool->stopping)
            pthread_cond_wait(&pool->more, &pool->lock);
        if (pool->count == 0)
            break;
        struct work work = pool->ring[pool->head];
        pool->head = (pool->head + 1) % pool->queue_max;
        pool->count--;
        pthread_mutex_unlock(&pool->lock);
        work.fn(work.arg, worker->index);
        pthread_mutex_lock(&pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

struct pool *pool_new(const char *name, size_t threads, size_t queue_max)
{
    CHECK(threads > 0);
    CHECK(queue_max > 0);
    struct pool *pool = calloc(1, sizeof(*pool));
    CHECK(pool != NULL);
    pool->threads = threads;
    pool->queue_max = queue_max;
    pool->ring = calloc(queue_max, sizeof(*pool->ring));
    pool->workers = calloc(threads, sizeof(*pool->workers));
    CHECK(pool->ring != NULL);
    CHECK(pool->workers != NULL);
    CHECK(pthread_mutex_init(&pool->lock, NULL) == 0);
    CHECK(pthread_cond_init(&pool->more, NULL) == 0);
    for (size_t i = 0; i < threads; i++) {
        struct worker *worker = &pool->workers[i];
        worker->pool = pool;
        worker->index = i;
        CHECK(pthread_create(&worker->thread, NULL, worker_main, worker) == 0);
        (void)pthread_setname_np(worker->thread, name);
    }
    return pool;
}

bool pool_add(struct pool *pool, pool_fn *fn, void *arg)
{
    pthread_mutex_lock(&pool->lock);
    bool taken = pool->count < pool->queue_max && !pool->stopping;
    if (taken) {
        pool->ring[(pool->head + pool->count) % pool->queue_max] = (struct work){fn, arg};
        pool->count++;
        pthread_cond_signal(&pool->more);
    }
    pthread_mutex_unlock(&pool->lock);
    return taken;
}

size_t pool_queued(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    size_t count = pool->count;
    pthread_mutex_unlock(&pool->lock);
    return count;
}

void pool_stop(struct pool *pool)
{
    if (pool == NULL)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    pthread_cond_broadcast(&pool->more);
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i < pool->threads; i++)
        (void)pthread_join(pool->workers[i].thread, NULL);
    (void)pthread_cond_destroy(&pool->more);
    (void)pthread_mutex_destroy(&pool->lock);
    free(pool->workers);
    free(pool->ring);
    free(pool);
}
