/* SPDX-License-Identifier: MIT */
#include "news/import_map.h"
#include "store/store.h"

enum status import_map_find(struct store_conn *conn, str source, str kind, str foreign_id,
                            int64_t *ret_ours, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT ours FROM import_map"
                              " WHERE source = $1 AND kind = $2 AND foreign_id = $3"));
    store_bind_text(q, 1, source);
    store_bind_text(q, 2, kind);
    store_bind_text(q, 3, foreign_id);
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "%.*s \"%.*s\" was not imported before", STR_ARG(kind),
                         STR_ARG(foreign_id));
    if (st == ST_OK)
        *ret_ours = store_column_int(q, 0);
    return st;
}

enum status import_map_put(struct newsroom *desk, str source, str kind, str foreign_id,
                           int64_t ours, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("INSERT INTO import_map (source, kind, foreign_id, ours) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (source, kind, foreign_id) DO UPDATE SET ours = excluded.ours"));
    store_bind_text(q, 1, source);
    store_bind_text(q, 2, kind);
    store_bind_text(q, 3, foreign_id);
    store_bind_int(q, 4, ours);
    return store_run(q, err);
}

enum status import_map_forget(struct newsroom *desk, str source, str kind, str foreign_id,
                              struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx), SQL("DELETE FROM import_map WHERE source = $1"
                                                 " AND kind = $2 AND foreign_id = $3"));
    store_bind_text(q, 1, source);
    store_bind_text(q, 2, kind);
    store_bind_text(q, 3, foreign_id);
    return store_run(q, err);
}
