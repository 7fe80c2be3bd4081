/* SPDX-License-Identifier: MIT */
#include "desk/audit.h"

#include "base/arena.h"
#include "store/store.h"

#define AUDIT_COLUMNS "id, at, person, name, what, subject, detail, network, batch"

static enum status read_entries(struct store_stmt *q, size_t limit, struct arena *arena,
                                struct audit_entry **ret_entries, size_t *ret_count,
                                struct error *err)
{
    struct audit_entry *rows = arena_new_array(arena, struct audit_entry, limit);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < limit) {
        struct audit_entry *e = &rows[count++];
        e->id = store_column_int(q, 0);
        e->at = store_column_int(q, 1);
        e->person.v = store_column_int(q, 2);
        e->name = str_copy(arena, store_column_text(q, 3));
        e->what = str_copy(arena, store_column_text(q, 4));
        e->subject = str_copy(arena, store_column_text(q, 5));
        e->detail = str_copy(arena, store_column_text(q, 6));
        e->network = str_copy(arena, store_column_text(q, 7));
        e->batch = store_column_int(q, 8);
    }
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_entries = rows;
    *ret_count = count;
    return ST_OK;
}

enum status audit_add(struct newsroom *room, const struct audit_entry *entry, int64_t *ret_id,
                      struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(room->tx),
        SQL("INSERT INTO audit (at, person, name, what, subject, detail, network, batch)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id"));
    store_bind_int(q, 1, room->now);
    store_bind_int_or_null(q, 2, entry->person.v);
    store_bind_text(q, 3, entry->name);
    store_bind_text(q, 4, entry->what);
    store_bind_text_or_null(q, 5, entry->subject);
    store_bind_text_or_null(q, 6, entry->detail);
    store_bind_text_or_null(q, 7, entry->network);
    store_bind_int_or_null(q, 8, entry->batch);
    enum status st = store_step(q, err);
    if (st != ST_OK)
        return st;
    int64_t id = store_column_int(q, 0);
    st = store_run(q, err);
    if (st == ST_OK && ret_id != NULL)
        *ret_id = id;
    return st;
}

enum status audit_list(struct store_conn *conn, int64_t before, size_t limit, struct arena *arena,
                       struct audit_entry **ret_entries, size_t *ret_count, struct error *err)
{
    CHECK(limit <= AUDIT_LIST_MAX);
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT " AUDIT_COLUMNS " FROM audit WHERE id < $1"
                                                 " ORDER BY id DESC LIMIT $2"));
    store_bind_int(q, 1, before == 0 ? INT64_MAX : before);
    store_bind_int(q, 2, i64_from_size(limit));
    return read_entries(q, limit, arena, ret_entries, ret_count, err);
}

enum status audit_batch(struct store_conn *conn, int64_t batch, person_id person,
                        struct arena *arena, struct audit_entry **ret_entries, size_t *ret_count,
                        struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " AUDIT_COLUMNS
                              " FROM audit WHERE (id = $1 OR batch = $1) AND person = $2"
                              " ORDER BY id LIMIT $3"));
    store_bind_int(q, 1, batch);
    store_bind_int(q, 2, person.v);
    store_bind_int(q, 3, AUDIT_BATCH_MAX);
    return read_entries(q, AUDIT_BATCH_MAX, arena, ret_entries, ret_count, err);
}
