/* SPDX-License-Identifier: MIT */
#include "store/store.h"

#include "base/arena.h"
#include "base/random.h"
#include "store/inner.h"

#include <stdlib.h>

enum status store_fault(const struct store *store, const char *call, struct error *err)
{
    if (store->options.fault == NULL || !store->options.fault(store->options.fault_ctx, call))
        return ST_OK;
    return error_set(err, ST_IO, "the test made \"%s\" fail", call);
}

/* ---- opening ---- */

static void options_fill(struct store_options *options, struct arena *arena)
{
    options->path = str_copy(arena, options->path);
    if (options->cache_bytes == 0)
        options->cache_bytes = options->alone ? STORE_ALONE_CACHE_BYTES : STORE_CACHE_BYTES;
    if (options->statements_max == 0)
        options->statements_max = STORE_STATEMENTS_MAX;
    if (options->queue_max == 0)
        options->queue_max = STORE_QUEUE_MAX;
    if (options->busy_timeout_ms == 0)
        options->busy_timeout_ms = STORE_BUSY_TIMEOUT_MS;
    if (options->clock == NULL)
        options->clock = &clock_system;
}

/* A store that has its database but neither a schema nor a writer yet. */
static enum status store_new(const struct store_options *options, struct store **ret_store,
                             struct error *err)
{
    struct arena *arena = arena_new(ARENA_SMALL);
    struct store *store = arena_new_one(arena, struct store);
    store->arena = arena;
    store->driver = &store_driver_sqlite;
    store->options = *options;
    options_fill(&store->options, arena);
    store->origin = (int64_t)(random_u64(&rng_system) >> 1);
    enum status st = store->driver->db_open(&store->options, &store->db, err);
    if (st != ST_OK) {
        arena_free(arena);
        return st;
    }
    *ret_store = store;
    return ST_OK;
}

enum status store_open(const struct store_options *options, struct store **ret_store,
                       struct error *err)
{
    CHECK(!(options->create && options->read_only));
    AUTO(store_closep) struct store *store = NULL;
    enum status st = store_new(options, &store, err);
    if (st != ST_OK)
        return st;

    AUTO(conn_freep) struct store_conn *conn = NULL;
    st = conn_new(store, options->read_only ? DRIVER_READS : DRIVER_WRITES, &conn, err);
    if (st != ST_OK)
        return st;
    if (options->read_only)
        st = migrate_require_current(store, conn, err);
    else
        st = migrate(store, conn, err);
    if (st != ST_OK)
        return st;
    if (!options->read_only)
        store->writer = writer_new(store, TAKE(conn));
    *ret_store = TAKE(store);
    return ST_OK;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    writer_free(store->writer);
    store->driver->db_close(store->db);
    arena_free(store->arena);
}

enum status store_versions(const struct store_options *options, int *ret_database, int *ret_program,
                           struct error *err)
{
    struct store_options looking = *options;
    looking.create = false;
    looking.read_only = true;
    AUTO(store_closep) struct store *store = NULL;
    enum status st = store_new(&looking, &store, err);
    if (st != ST_OK)
        return st;
    AUTO(conn_freep) struct store_conn *conn = NULL;
    st = conn_new(store, DRIVER_READS, &conn, err);
    if (st != ST_OK)
        return st;
    return migrate_versions(store, conn, ret_database, ret_program, err);
}

/* ---- upkeep ---- */

enum status store_checkpoint(struct store *store, struct error *err)
{
    enum status st = store_fault(store, "checkpoint", err);
    if (st != ST_OK)
        return st;
    return store->driver->checkpoint(store->db, err);
}

enum status store_backup(struct store *store, str path, struct error *err)
{
    enum status st = store_fault(store, "backup", err);
    if (st != ST_OK)
        return st;
    return store->driver->backup(store->db, &(struct driver_copy){.path = path}, err);
}

enum status store_check(struct store *store, struct arena *arena, str **ret_problems,
                        size_t *ret_count, struct error *err)
{
    enum status st = store_fault(store, "check", err);
    if (st != ST_OK)
        return st;
    return store->driver->check(store->db, arena, ret_problems, ret_count, err);
}

void store_stats(struct store *store, struct store_stats *ret_stats)
{
    struct store_stats stats = {0};
    if (store->writer != NULL)
        writer_stats(store->writer, &stats);
    store->driver->stats(store->db, &stats);
    *ret_stats = stats;
}
