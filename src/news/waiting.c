/* SPDX-License-Identifier: MIT */
#include "news/waiting.h"
#include "base/arena.h"
#include "store/store.h"

/* Columns: story, title, time, name. */
static enum status read_rows(struct store_stmt *q, size_t limit, struct arena *arena,
                             struct waiting **ret_list, size_t *ret_count, struct error *err)
{
    struct waiting *list = arena_new_array(arena, struct waiting, limit);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < limit) {
        list[count++] = (struct waiting){.story.v = store_column_int(q, 0),
                                         .title = str_copy(arena, store_column_text(q, 1)),
                                         .at = store_column_int(q, 2),
                                         .name = str_copy(arena, store_column_text(q, 3))};
    }
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_list = list;
    *ret_count = count;
    return ST_OK;
}

static size_t bounded(size_t limit)
{
    return limit < WAITING_MAX ? limit : WAITING_MAX;
}

enum status waiting_scheduled(struct store_conn *conn, size_t limit, struct arena *arena,
                              struct waiting **ret_list, size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT id, title, published_at, '' FROM story"
                              " WHERE state = 'scheduled' ORDER BY published_at, id LIMIT $1"));
    store_bind_int(q, 1, i64_from_size(bounded(limit)));
    return read_rows(q, bounded(limit), arena, ret_list, ret_count, err);
}

enum status waiting_late(struct store_conn *conn, time_us since, size_t limit, struct arena *arena,
                         struct waiting **ret_list, size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT s.id, s.title, a.at, '' FROM audit a"
                  " JOIN story s ON s.id = CAST(SUBSTR(a.subject, 7) AS BIGINT)" /* "story:12" */
                  " WHERE a.what = 'story.appeared-late' AND a.at > $1"
                  " ORDER BY a.at DESC LIMIT $2"));
    store_bind_int(q, 1, since);
    store_bind_int(q, 2, i64_from_size(bounded(limit)));
    return read_rows(q, bounded(limit), arena, ret_list, ret_count, err);
}

enum status waiting_unsaved(struct store_conn *conn, person_id person, enum waiting_whose whose,
                            size_t limit, struct arena *arena, struct waiting **ret_list,
                            size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, whose == WAITING_OWN
                  ? SQL("SELECT story, title, kept_at, name FROM working_copy WHERE person = $1"
                        " ORDER BY kept_at DESC, story DESC LIMIT $2")
                  : SQL("SELECT story, title, kept_at, name FROM working_copy WHERE kept_at > 0"
                        " AND person <> $1 ORDER BY kept_at DESC, story DESC LIMIT $2"));
    store_bind_int(q, 1, person.v);
    store_bind_int(q, 2, i64_from_size(bounded(limit)));
    return read_rows(q, bounded(limit), arena, ret_list, ret_count, err);
}
