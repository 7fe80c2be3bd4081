/* SPDX-License-Identifier: MIT */
#include "news/working_copy.h"

#include "base/arena.h"
#include "store/store.h"

static enum status drop_held(struct newsroom *desk, story_id story,
                             const struct working_copy_held *held, struct error *err)
{
    if (held->kept_at == 0)
        return ST_OK;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx),
                    SQL("DELETE FROM working_copy WHERE story = $1 AND person = $2 AND tab = $3"
                        " AND kept_at = $4"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, desk->person.v);
    store_bind_text(q, 3, held->tab);
    store_bind_int(q, 4, held->kept_at);
    return store_run(q, err);
}

enum status working_copy_keep(struct newsroom *desk, const struct working_copy *copy,
                              const struct working_copy_held *held, struct error *err)
{
    if (copy->fields.len > WORKING_COPY_BYTES_MAX)
        return error_set(err, ST_TOO_BIG, "what was written has %zu bytes; %d is the most",
                         copy->fields.len, WORKING_COPY_BYTES_MAX);
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("INSERT INTO working_copy (story, person, name, tab, version, kept_at, title, fields)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
            " ON CONFLICT (story, person, tab) DO UPDATE SET name = excluded.name,"
            " version = excluded.version, kept_at = excluded.kept_at, title = excluded.title,"
            " fields = excluded.fields"));
    store_bind_int(q, 1, copy->story.v);
    store_bind_int(q, 2, desk->person.v);
    store_bind_text(q, 3, copy->name);
    store_bind_text(q, 4, copy->tab);
    store_bind_int(q, 5, copy->version);
    store_bind_int(q, 6, desk->now);
    store_bind_text(q, 7, copy->title);
    store_bind_text(q, 8, copy->fields);
    enum status st = store_run(q, err);
    if (st != ST_OK || str_eq(held->tab, copy->tab))
        return st;
    return drop_held(desk, copy->story, held, err);
}

static struct working_copy copy_from_row(const struct store_stmt *q, struct arena *arena)
{
    return (struct working_copy){.story.v = store_column_int(q, 0),
                                 .person.v = store_column_int(q, 1),
                                 .name = str_copy(arena, store_column_text(q, 2)),
                                 .tab = str_copy(arena, store_column_text(q, 3)),
                                 .version = store_column_int(q, 4),
                                 .kept_at = store_column_int(q, 5),
                                 .title = str_copy(arena, store_column_text(q, 6))};
}

static enum status read_one(struct store_stmt *q, story_id story, struct arena *arena,
                            struct working_copy **ret_copy, struct error *err)
{
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "nothing unsaved was kept of story %lld", (long long)story.v);
    if (st != ST_OK)
        return st;
    *ret_copy = arena_new_one(arena, struct working_copy);
    **ret_copy = copy_from_row(q, arena);
    (*ret_copy)->fields = str_copy(arena, store_column_text(q, 7));
    return ST_OK;
}

enum status working_copy_get(struct store_conn *conn, story_id story, person_id person,
                             struct arena *arena, struct working_copy **ret_copy, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT story, person, name, tab, version, kept_at, title, fields"
                              " FROM working_copy WHERE story = $1 AND person = $2"
                              " ORDER BY kept_at DESC LIMIT 1"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, person.v);
    return read_one(q, story, arena, ret_copy, err);
}

enum status working_copy_of(struct store_conn *conn, story_id story, person_id person, str tab,
                            struct arena *arena, struct working_copy **ret_copy, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT story, person, name, tab, version, kept_at, title, fields"
                              " FROM working_copy WHERE story = $1 AND person = $2 AND tab = $3"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, person.v);
    store_bind_text(q, 3, tab);
    return read_one(q, story, arena, ret_copy, err);
}

enum status working_copy_list(struct store_conn *conn, story_id story, struct arena *arena,
                              struct working_copy **ret_copies, size_t *ret_count,
                              struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT story, person, name, tab, version, kept_at, title"
                              " FROM working_copy WHERE story = $1 ORDER BY person, tab LIMIT $2"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, WORKING_COPY_LIST_MAX);
    struct working_copy *copies =
        arena_new_array(arena, struct working_copy, WORKING_COPY_LIST_MAX);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < WORKING_COPY_LIST_MAX)
        copies[count++] = copy_from_row(q, arena);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_copies = copies;
    *ret_count = count;
    return ST_OK;
}

enum status working_copy_drop(struct newsroom *desk, story_id story, str tab,
                              const struct working_copy_held *held, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx),
                    SQL("DELETE FROM working_copy WHERE story = $1 AND person = $2 AND tab = $3"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, desk->person.v);
    store_bind_text(q, 3, tab);
    enum status st = store_run(q, err);
    return st == ST_OK ? drop_held(desk, story, held, err) : st;
}
