/* base/pool.h -- a few threads and a bounded queue of work for them.
 *
 *     struct pool *pool = pool_new("render", threads, 1024);
 *     if (!pool_add(pool, render_page, job))       // the queue is full: answer 503
 *         ...
 *     pool_stop(pool);                             // what is queued is still done, then joined
 *
 * A function runs with the index of its thread (0..threads-1), so that it can use what belongs to
 * that thread (a database connection). Order of start is order of adding.
 *
 * Threads: pool_add from any, also from inside a job; _new and _stop from the owner. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct pool;

typedef void pool_fn(void *arg, size_t thread_index);

struct pool *pool_new(const char *name, size_t threads, size_t queue_max);
/* False when the queue is full or the pool is stopping: the caller still owns `arg`. */
bool pool_add(struct pool *pool, pool_fn *fn, void *arg);
size_t pool_queued(struct pool *pool); /* waiting, not begun */
void pool_stop(struct pool *pool);     /* takes NULL */
