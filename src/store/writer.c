/* SPDX-License-Identifier: MIT
 *
 * The writer: one thread, one connection, many writes a commit.
 *
 * SQLite lets one connection write at a time, and a durable commit costs an fsync, so whoever
 * writes alone gets a few hundred commits a second at best. Here a write is a function in a queue.
 * The thread takes the first, opens a transaction, and goes on taking while there are any and the
 * batch is within its bounds; each runs in a savepoint of its own. Then one COMMIT, and then, and
 * only then, everybody's answer. While the disk syncs the next batch gathers by itself: no timer
 * ever delays a lone write.
 *
 *     queue -> BEGIN  [SAVEPOINT fn RELEASE | ROLLBACK TO]...  COMMIT -> on_change -> done...
 *
 * Bulk work waits in a queue of its own. After each batch one chunk of it runs, in a transaction of
 * its own, so neither starves the other. After a while of one transaction upon another there is a
 * short gap: another process that waits for its turn to write polls, and would otherwise never find
 * the lock free.
 *
 * Rules: the lock guards the queues and numbers, and is held across no call into the database nor
 * into any caller's function. Everything else here belongs to the writer's thread. */
#include "base/arena.h"
#include "base/log.h"
#include "base/map.h"
#include "store/inner.h"

#include <pthread.h>
#include <stdlib.h>

enum { PRUNE_EVERY = 1000 }; /* names between two looks at the table `change` */

struct write {
    store_write_fn *fn;
    void *arg;
    store_done_fn *done;
    void *done_arg;
};

/* A ring of fixed size. */
struct queue {
    struct write *ring;
    size_t max;
    size_t head;
    size_t count;
};

struct store_tx {
    struct store_conn *conn;
    struct arena *arena; /* of the batch */
    struct name *names;  /* in the order they were named */
    struct name **names_end;
};

struct name {
    str text;
    struct name *next;
};

struct outcome {
    struct write write;
    enum status st;
    const struct error *err; /* NULL: st is ST_OK */
};

/* What one transaction carries. */
struct batch {
    struct arena *arena;
    struct map names; /* what the writes that went well have changed */
    struct outcome outcomes[STORE_BATCH_WRITES_MAX];
    size_t count;
    time_us began;
    size_t bytes_before;
};

struct writer {
    struct store *store;
    pthread_t thread;

    /* The writer's thread only. */
    struct store_conn *conn;
    struct batch batch;
    size_t names_since_prune;

    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t more;
    struct queue writes;
    struct queue bulk;
    bool stopping;
    store_changed_fn *on_change;
    void *on_change_ctx;
    struct store_stats stats;
};

/* ---- queues ---- */

static void queue_init(struct queue *queue, size_t max)
{
    queue->max = max;
    queue->ring = calloc(max, sizeof(*queue->ring));
    CHECK(queue->ring != NULL);
}

static bool queue_add(struct queue *queue, const struct write *write)
{
    if (queue->count == queue->max)
        return false;
    queue->ring[(queue->head + queue->count) % queue->max] = *write;
    queue->count++;
    return true;
}

static bool queue_take(struct queue *queue, struct write *ret_write)
{
    if (queue->count == 0)
        return false;
    *ret_write = queue->ring[queue->head];
    queue->head = (queue->head + 1) % queue->max;
    queue->count--;
    return true;
}

static bool write_take(struct writer *writer, struct write *ret_write)
{
    pthread_mutex_lock(&writer->lock);
    bool taken = queue_take(&writer->writes, ret_write);
    pthread_mutex_unlock(&writer->lock);
    return taken;
}

static bool writes_wait(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    bool waiting = writer->writes.count > 0;
    pthread_mutex_unlock(&writer->lock);
    return waiting;
}

/* ---- one write inside the batch ---- */

static enum status savepoint(struct store_conn *conn, struct error *err)
{
    return conn_control(conn, SQL("SAVEPOINT w"), "savepoint", err);
}

/* What cannot be undone alone is undone together: the caller sees it by conn_in_transaction. */
static void savepoint_undo(struct store_conn *conn)
{
    if (!conn_in_transaction(conn))
        return; /* the database has undone all of it */
    enum status st = conn_control(conn, SQL("ROLLBACK TO w"), "rollback", NULL);
    if (st == ST_OK)
        st = conn_control(conn, SQL("RELEASE w"), "release", NULL);
    if (st != ST_OK)
        conn_rollback(conn);
}

static void names_keep(struct batch *batch, const struct name *names)
{
    for (const struct name *name = names; name != NULL; name = name->next)
        (void)map_set(&batch->names, name->text, batch);
}

/* Runs `fn`. What it did is kept when it returns ST_OK, or `end`: how a bulk step says that there is
 * nothing more to do. Else it is undone: by a savepoint of its own, or with its transaction, when it is
 * the `whole` of it so far. */
static enum status write_run(struct writer *writer, const struct write *write, enum status end,
                             bool whole, struct error *err)
{
    struct store_conn *conn = writer->conn;
    struct store_tx tx = {.conn = conn, .arena = writer->batch.arena};
    tx.names_end = &tx.names;
    enum status st = whole ? ST_OK : savepoint(conn, err);
    if (st != ST_OK)
        return st;
    (void)conn_failure_take(conn, NULL);
    st = write->fn(&tx, write->arg, err);
    enum status kept = st == end ? ST_OK : st;
    if (kept == ST_OK)
        kept = conn_failure_take(conn, err);
    if (kept == ST_OK && !whole)
        kept = conn_control(conn, SQL("RELEASE w"), "release", err);
    if (kept != ST_OK) {
        if (whole)
            conn_rollback(conn);
        else
            savepoint_undo(conn);
        return kept;
    }
    names_keep(&writer->batch, tx.names);
    return st;
}

struct store_conn *store_tx_conn(struct store_tx *tx)
{
    return tx->conn;
}

void store_tx_changed(struct store_tx *tx, str name)
{
    CHECK(name.len > 0);
    CHECK(name.len <= STORE_CHANGE_NAME_MAX);
    struct name *entry = arena_new_one(tx->arena, struct name);
    entry->text = str_copy(tx->arena, name);
    *tx->names_end = entry;
    tx->names_end = &entry->next;
}

/* ---- a batch ---- */

static enum status batch_begin(struct writer *writer, struct error *err)
{
    struct batch *batch = &writer->batch;
    enum status st = conn_control(writer->conn, writer->store->driver->begin_write, "begin", err);
    batch->count = 0;
    batch->began = clock_monotonic(); /* after any wait for the lock */
    batch->bytes_before = conn_bytes_bound(writer->conn);
    map_init(&batch->names, batch->arena);
    return st;
}

static bool batch_open(const struct writer *writer, size_t bytes_max, time_us work_max)
{
    return conn_bytes_bound(writer->conn) - writer->batch.bytes_before < bytes_max &&
           clock_monotonic() - writer->batch.began < work_max;
}

static void batch_add(struct batch *batch, const struct write *write, enum status st,
                      const struct error *err)
{
    struct outcome *outcome = &batch->outcomes[batch->count++];
    *outcome = (struct outcome){.write = *write, .st = st};
    if (st != ST_OK) {
        struct error *copy = arena_new_one(batch->arena, struct error);
        *copy = *err;
        copy->status = st;
        outcome->err = copy;
    }
}

static str *names_list(const struct batch *batch)
{
    size_t count = map_count(&batch->names);
    str *names = arena_new_array(batch->arena, str, count);
    for (size_t i = 0; i < count; i++)
        names[i] = map_key(&batch->names, i);
    return names;
}

static void names_tell(struct writer *writer, const str *names, size_t count)
{
    pthread_mutex_lock(&writer->lock);
    store_changed_fn *fn = writer->on_change;
    void *ctx = writer->on_change_ctx;
    pthread_mutex_unlock(&writer->lock);
    if (fn != NULL && count > 0)
        fn(ctx, &(struct store_changes){.names = names, .count = count});
}

static enum status commit(struct writer *writer, const str *names, size_t count, struct error *err)
{
    struct store_conn *conn = writer->conn;
    enum status st = changes_insert(conn, writer->store->origin, names, count, err);
    if (st == ST_OK && writer->names_since_prune + count >= PRUNE_EVERY)
        st = changes_prune(conn, err);
    if (st == ST_OK)
        st = conn_control(conn, SQL("COMMIT"), "commit", err);
    if (st != ST_OK)
        return st;
    writer->names_since_prune =
        writer->names_since_prune + count >= PRUNE_EVERY ? 0 : writer->names_since_prune + count;
    return ST_OK;
}

/* Commits, and tells who keeps pages made from it. Whatever the failure, nothing of the batch is
 * there, and trying again may help: ST_IO. `err` may say already why the database undid it. */
static enum status batch_commit(struct writer *writer, struct error *err)
{
    str *names = names_list(&writer->batch);
    size_t count = map_count(&writer->batch.names);
    enum status st = ST_IO;
    if (conn_in_transaction(writer->conn))
        st = commit(writer, names, count, err);
    else if (err->status == ST_OK)
        (void)error_set(err, ST_IO, "the database has undone all of the writes of a moment");
    if (st != ST_OK) {
        conn_rollback(writer->conn);
        err->status = ST_IO;
        return ST_IO;
    }
    names_tell(writer, names, count);
    return ST_OK;
}

static void numbers_add(struct writer *writer, int64_t writes, int64_t failures, int64_t commits)
{
    pthread_mutex_lock(&writer->lock);
    writer->stats.writes += writes;
    writer->stats.failures += failures;
    writer->stats.commits += commits;
    pthread_mutex_unlock(&writer->lock);
}

static void answer(const struct write *write, enum status st, const struct error *err)
{
    if (write->done != NULL)
        write->done(write->done_arg, st, err);
}

static void batch_answer(struct writer *writer, enum status committed, const struct error *why)
{
    static const struct error none = {.status = ST_OK};
    struct batch *batch = &writer->batch;
    int64_t good = 0;
    for (size_t i = 0; i < batch->count; i++)
        good += committed == ST_OK && batch->outcomes[i].st == ST_OK;
    numbers_add(writer, good, i64_from_size(batch->count) - good, committed == ST_OK);
    for (size_t i = 0; i < batch->count; i++) {
        const struct outcome *outcome = &batch->outcomes[i];
        if (outcome->st != ST_OK)
            answer(&outcome->write, outcome->st, outcome->err);
        else
            answer(&outcome->write, committed, committed == ST_OK ? &none : why);
    }
    arena_reset(batch->arena);
}

/* ---- the two kinds of work ---- */

static void batch_run(struct writer *writer)
{
    struct error why = ERROR_INIT;
    struct write write;
    enum status begun = batch_begin(writer, &why);
    while (writer->batch.count < STORE_BATCH_WRITES_MAX &&
           batch_open(writer, STORE_BATCH_BYTES_MAX, STORE_BATCH_WORK_MS * TIME_MS) &&
           write_take(writer, &write)) {
        struct error err = why;
        enum status st = begun == ST_OK ? write_run(writer, &write, ST_OK, false, &err) : begun;
        batch_add(&writer->batch, &write, st, &err);
        if (begun == ST_OK && !conn_in_transaction(writer->conn)) {
            why = err; /* undone by the database: this is why for all */
            break;
        }
    }
    enum status st = begun;
    if (begun == ST_OK)
        st = batch_commit(writer, &why);
    batch_answer(writer, st, &why);
    if (st == ST_OK)
        writer->store->driver->after_commit(writer->store->db, conn_raw(writer->conn));
}

/* Steps until the time is up, and a little sooner when somebody waits. ST_OK: there is more. */
static enum status chunk_steps(struct writer *writer, const struct write *bulk, struct error *err)
{
    const bool alone = writer->store->options.alone;
    const time_us bulk_max = alone ? STORE_ALONE_WORK_MS : STORE_BULK_WORK_MS;
    const size_t bytes_max = alone ? STORE_ALONE_BATCH_BYTES_MAX : STORE_BATCH_BYTES_MAX;
    enum status st = ST_OK;
    for (size_t steps = 0; st == ST_OK; steps++) {
        time_us max = writes_wait(writer) ? STORE_BATCH_WORK_MS : bulk_max;
        if (steps > 0 && !batch_open(writer, bytes_max, max * TIME_MS))
            break;
        /* The first has done all there is to undo. A savepoint would cost it: SQLite walks what that
         * has kept at the end of each statement. */
        st = write_run(writer, bulk, ST_NOT_FOUND, steps == 0, err);
    }
    return st;
}

/* ST_OK: there is more to do. ST_NOT_FOUND: it is at its end, and committed. */
static enum status chunk_run(struct writer *writer, const struct write *bulk, struct error *err)
{
    enum status st = batch_begin(writer, err);
    if (st == ST_OK) {
        st = chunk_steps(writer, bulk, err);
        struct error why = ERROR_INIT;
        enum status committed = batch_commit(writer, &why);
        numbers_add(writer, 0, 0, committed == ST_OK);
        if (committed != ST_OK && (st == ST_OK || st == ST_NOT_FOUND)) {
            st = committed;
            *err = why;
        }
    }
    arena_reset(writer->batch.arena);
    if (st == ST_OK || st == ST_NOT_FOUND)
        writer->store->driver->after_commit(writer->store->db, conn_raw(writer->conn));
    return st;
}

static void bulk_end(struct writer *writer, enum status st, const struct error *err)
{
    struct write bulk;
    pthread_mutex_lock(&writer->lock);
    bool taken = queue_take(&writer->bulk, &bulk);
    pthread_mutex_unlock(&writer->lock);
    CHECK(taken);
    numbers_add(writer, st == ST_OK, st != ST_OK, 0);
    answer(&bulk, st, err);
}

static void bulk_run(struct writer *writer, const struct write *bulk)
{
    struct error err = ERROR_INIT;
    enum status st = chunk_run(writer, bulk, &err);
    if (st == ST_NOT_FOUND) {
        err = ERROR_INIT;
        bulk_end(writer, ST_OK, &err);
    } else if (st != ST_OK) {
        err.status = st;
        bulk_end(writer, st, &err);
    }
}

static void bulk_stop(struct writer *writer)
{
    struct error err;
    enum status st = error_set(&err, ST_IO, "stopped before its end, as the program is leaving");
    bulk_end(writer, st, &err);
}

/* ---- the thread ---- */

/* Returns since when there has been no gap, having made one when that is too long ago. */
static time_us turn_for_others(time_us busy_since)
{
    if (clock_monotonic() - busy_since < STORE_TURN_MS * TIME_MS)
        return busy_since;
    struct timespec gap = {.tv_nsec = STORE_GAP_MS * 1000000L};
    (void)nanosleep(&gap, NULL);
    return clock_monotonic();
}

static void *writer_main(void *arg)
{
    struct writer *writer = arg;
    time_us busy_since = clock_monotonic();
    pthread_mutex_lock(&writer->lock);
    for (;;) {
        while (writer->writes.count == 0 && writer->bulk.count == 0 && !writer->stopping) {
            pthread_cond_wait(&writer->more, &writer->lock);
            busy_since = clock_monotonic();
        }
        bool stopping = writer->stopping;
        bool writes = writer->writes.count > 0;
        bool bulk_waits = writer->bulk.count > 0;
        struct write bulk = writer->bulk.ring[writer->bulk.head]; /* stays queued until its end */
        if (stopping && !writes && !bulk_waits)
            break;
        pthread_mutex_unlock(&writer->lock);
        if (writes)
            batch_run(writer);
        if (bulk_waits && stopping)
            bulk_stop(writer);
        else if (bulk_waits)
            bulk_run(writer, &bulk);
        busy_since = turn_for_others(busy_since);
        pthread_mutex_lock(&writer->lock);
    }
    pthread_mutex_unlock(&writer->lock);
    return NULL;
}

struct writer *writer_new(struct store *store, struct store_conn *conn_taken)
{
    struct writer *writer = calloc(1, sizeof(*writer));
    CHECK(writer != NULL);
    writer->store = store;
    writer->conn = conn_taken;
    writer->batch.arena = arena_new(ARENA_REQUEST);
    writer->names_since_prune = PRUNE_EVERY; /* another process may have left many */
    queue_init(&writer->writes, store->options.queue_max);
    queue_init(&writer->bulk, store->options.queue_max);
    CHECK(pthread_mutex_init(&writer->lock, NULL) == 0);
    CHECK(pthread_cond_init(&writer->more, NULL) == 0);
    CHECK(pthread_create(&writer->thread, NULL, writer_main, writer) == 0);
    (void)pthread_setname_np(writer->thread, "writer");
    return writer;
}

void writer_free(struct writer *writer)
{
    if (writer == NULL)
        return;
    pthread_mutex_lock(&writer->lock);
    writer->stopping = true;
    pthread_cond_signal(&writer->more);
    pthread_mutex_unlock(&writer->lock);
    (void)pthread_join(writer->thread, NULL);
    conn_free(writer->conn);
    arena_free(writer->batch.arena);
    (void)pthread_cond_destroy(&writer->more);
    (void)pthread_mutex_destroy(&writer->lock);
    free(writer->writes.ring);
    free(writer->bulk.ring);
    free(writer);
}

void writer_stats(struct writer *writer, struct store_stats *stats)
{
    pthread_mutex_lock(&writer->lock);
    *stats = writer->stats;
    stats->queued = i64_from_size(writer->writes.count + writer->bulk.count);
    pthread_mutex_unlock(&writer->lock);
}

/* ---- what others call ---- */

static enum status submit(struct store *store, struct queue *queue, const struct write *write,
                          struct error *err)
{
    struct writer *writer = store->writer;
    pthread_mutex_lock(&writer->lock);
    bool stopping = writer->stopping;
    bool taken = !stopping && queue_add(queue, write);
    if (taken)
        pthread_cond_signal(&writer->more);
    pthread_mutex_unlock(&writer->lock);
    if (taken)
        return ST_OK;
    if (stopping)
        return error_set(err, ST_IO, "the program is leaving, and writes no more");
    return error_set(err, ST_TOO_BIG, "the database has %zu writes waiting: try again in a moment",
                     queue->max);
}

enum status store_write(struct store *store, store_write_fn *fn, void *arg, store_done_fn *done,
                        void *done_arg, struct error *err)
{
    CHECK(store->writer != NULL);
    return submit(store, &store->writer->writes,
                  &(struct write){.fn = fn, .arg = arg, .done = done, .done_arg = done_arg}, err);
}

enum status store_write_bulk(struct store *store, store_write_fn *fn, void *arg,
                             store_done_fn *done, void *done_arg, struct error *err)
{
    CHECK(store->writer != NULL);
    return submit(store, &store->writer->bulk,
                  &(struct write){.fn = fn, .arg = arg, .done = done, .done_arg = done_arg}, err);
}

struct waiter {
    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t ended;
    bool done;
    enum status st;
    struct error err;
};

static void waiter_done(void *arg, enum status st, const struct error *err)
{
    struct waiter *waiter = arg;
    pthread_mutex_lock(&waiter->lock);
    waiter->done = true;
    waiter->st = st;
    waiter->err = *err;
    pthread_cond_signal(&waiter->ended);
    pthread_mutex_unlock(&waiter->lock);
}

typedef enum status submit_fn(struct store *store, store_write_fn *fn, void *arg,
                              store_done_fn *done, void *done_arg, struct error *err);

static enum status submit_wait(submit_fn *how, struct store *store, store_write_fn *fn, void *arg,
                               struct error *err)
{
    CHECK(!pthread_equal(pthread_self(), store->writer->thread));
    struct waiter waiter = {.lock = PTHREAD_MUTEX_INITIALIZER, .ended = PTHREAD_COND_INITIALIZER};
    enum status st = how(store, fn, arg, waiter_done, &waiter, err);
    if (st != ST_OK)
        return st;
    pthread_mutex_lock(&waiter.lock);
    while (!waiter.done)
        pthread_cond_wait(&waiter.ended, &waiter.lock);
    pthread_mutex_unlock(&waiter.lock);
    if (waiter.st != ST_OK && err != NULL)
        *err = waiter.err;
    return waiter.st;
}

enum status store_write_wait(struct store *store, store_write_fn *fn, void *arg, struct error *err)
{
    CHECK(store->writer != NULL);
    return submit_wait(store_write, store, fn, arg, err);
}

enum status store_write_bulk_wait(struct store *store, store_write_fn *fn, void *arg,
                                  struct error *err)
{
    CHECK(store->writer != NULL);
    return submit_wait(store_write_bulk, store, fn, arg, err);
}

void store_on_change(struct store *store, store_changed_fn *fn, void *ctx)
{
    struct writer *writer = store->writer;
    CHECK(writer != NULL);
    pthread_mutex_lock(&writer->lock);
    writer->on_change = fn;
    writer->on_change_ctx = ctx;
    pthread_mutex_unlock(&writer->lock);
}
