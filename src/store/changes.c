/* SPDX-License-Identifier: MIT
 *
 * The table change(seq, origin, name): what every write changed, for other processes.
 *
 * seq grows by one a row in the order of commits, without a gap (one writer holds the lock at a
 * time, and what is rolled back takes its numbers along), so a poller that finds the oldest row
 * kept to be past its place knows that it missed some. origin is drawn at random by each opening
 * of a store: a process leaves out its own rows, as it heard of them when it committed. */
#include "base/arena.h"
#include "base/map.h"
#include "store/inner.h"

/* ---- the writer's side ---- */

enum status changes_insert(struct store_conn *conn, int64_t origin, const str *names, size_t count,
                           struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *add =
        store_query(conn, SQL("INSERT INTO change (origin, name) VALUES ($1, $2)"));
    for (size_t i = 0; i < count; i++) {
        store_stmt_reset(add);
        store_bind_int(add, 1, origin);
        store_bind_text(add, 2, names[i]);
        enum status st = store_run(add, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

enum status changes_prune(struct store_conn *conn, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *prune = store_query(
        conn, SQL("DELETE FROM change WHERE seq <= (SELECT max(seq) FROM change) - $1"));
    store_bind_int(prune, 1, STORE_CHANGES_KEPT);
    return store_run(prune, err);
}

/* ---- the poller's side ---- */

/* 0 for an empty table. */
static enum status seq_at_end(struct store_conn *conn, int64_t *ret_seq, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT max(seq) FROM change"));
    enum status st = store_step(q, err);
    if (st != ST_OK)
        return st;
    *ret_seq = store_column_int(q, 0);
    return ST_OK;
}

enum status store_changes_start(struct store_conn *conn, struct store_changes_pos *ret_pos,
                                struct error *err)
{
    struct store_changes_pos pos = {0};
    struct store *store = conn_store(conn);
    /* The mark first: what is committed between the two is then polled once for nothing, at worst. */
    enum status st = store->driver->conn_data_version(conn_raw(conn), &pos.version, err);
    if (st != ST_OK)
        return st;
    st = seq_at_end(conn, &pos.seq, err);
    if (st != ST_OK)
        return st;
    *ret_pos = pos;
    return ST_OK;
}

struct seen {
    struct arena *arena;
    struct map names;
    int64_t seq;
    bool all;
};

/* Rows past `seen->seq`, each of others' names once; `all` when rows were missed or are too many. */
static enum status rows_read(struct store_conn *conn, struct seen *seen, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT seq, origin, name FROM change WHERE seq > $1 ORDER BY seq LIMIT $2"));
    store_bind_int(q, 1, seen->seq);
    store_bind_int(q, 2, STORE_CHANGES_KEPT + 1);
    const int64_t own = conn_store(conn)->origin;
    int64_t rows = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        int64_t seq = store_column_int(q, 0);
        if (seq != seen->seq + 1 || ++rows > STORE_CHANGES_KEPT) {
            seen->all = true;
            break;
        }
        seen->seq = seq;
        if (store_column_int(q, 1) != own)
            (void)map_set(&seen->names, store_column_text(q, 2), seen);
    }
    if (seen->all)
        return seq_at_end(conn, &seen->seq, err);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status store_changes_poll(struct store_conn *conn, struct store_changes_pos *pos,
                               store_changed_fn *fn, void *ctx, struct error *err)
{
    int64_t version;
    enum status st = conn_store(conn)->driver->conn_data_version(conn_raw(conn), &version, err);
    if (st != ST_OK || version == pos->version)
        return st;

    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct seen seen = {.arena = arena, .seq = pos->seq};
    map_init(&seen.names, arena);
    st = rows_read(conn, &seen, err);
    if (st != ST_OK)
        return st;
    *pos = (struct store_changes_pos){.seq = seen.seq, .version = version};

    struct store_changes changes = {.all = seen.all};
    if (!seen.all) {
        changes.count = map_count(&seen.names);
        str *names = arena_new_array(arena, str, changes.count);
        for (size_t i = 0; i < changes.count; i++)
            names[i] = map_key(&seen.names, i);
        changes.names = names;
    }
    if (changes.all || changes.count > 0)
        fn(ctx, &changes);
    return ST_OK;
}
