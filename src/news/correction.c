/* SPDX-License-Identifier: MIT */
#include "news/correction.h"

#include "base/arena.h"
#include "news/change.h"
#include "store/store.h"
#include "text/plain.h"
#include "text/utf8.h"

enum status correction_prepare(struct arena *arena, str text, html *ret_text, struct error *err)
{
    html clean;
    if (text.len > CORRECTION_TEXT_MAX)
        return error_set(err, ST_TOO_BIG, "a correction has at most %d bytes", CORRECTION_TEXT_MAX);
    if (!utf8_valid(text))
        return error_set(err, ST_INVALID, "the correction is not UTF-8 text");
    enum status st = html_clean(arena, str_trim(text),
                                &(struct clean_profile){.kind = CLEAN_INLINE}, &clean, NULL, err);
    if (st != ST_OK)
        return st;
    if (str_trim(plain_from_clean(arena, clean)).len == 0)
        return error_set(err, ST_INVALID, "a correction says something");
    *ret_text = clean;
    return ST_OK;
}

enum status correction_list(struct store_conn *conn, story_id story, struct arena *arena,
                            struct correction **ret_corrections, size_t *ret_count,
                            struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT id, corrected_at, html FROM correction WHERE story = $1"
                              " ORDER BY corrected_at, id LIMIT $2"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, CORRECTIONS_MAX);
    struct correction *list = arena_new_array(arena, struct correction, CORRECTIONS_MAX);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < CORRECTIONS_MAX)
        list[count++] = (struct correction){store_column_int(q, 0),
                                            store_column_int(q, 1),
                                            {str_copy(arena, store_column_text(q, 2))}};
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_corrections = list;
    *ret_count = count;
    return ST_OK;
}

/* `count_by` more than before; readers see the page anew. */
static enum status story_counts(struct newsroom *desk, story_id story, int64_t count_by,
                                struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx),
                    SQL("UPDATE story SET correction_count = correction_count + $1, updated_at = $2"
                        " WHERE id = $3 AND ($1 <= 0 OR correction_count < $4)"));
    store_bind_int(q, 1, count_by);
    store_bind_int(q, 2, desk->now);
    store_bind_int(q, 3, story.v);
    store_bind_int(q, 4, CORRECTIONS_MAX);
    enum status st = store_run(q, err);
    if (st == ST_OK && store_stmt_changes(q) == 0)
        return error_set(err, ST_TOO_BIG, "a story has at most %d corrections", CORRECTIONS_MAX);
    if (st == ST_OK)
        change_story(desk, story);
    return st;
}

enum status correction_add(struct newsroom *desk, story_id story, html text, int64_t *ret_id,
                           struct error *err)
{
    struct story *found;
    enum status st = story_by_id(store_tx_conn(desk->tx), story, desk->arena, &found, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(store_tx_conn(desk->tx),
                                       SQL("INSERT INTO correction (story, corrected_at, html)"
                                           " VALUES ($1, $2, $3) RETURNING id"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, desk->now);
    store_bind_text(q, 3, text.raw);
    st = store_step(q, err);
    if (st != ST_OK)
        return st;
    int64_t id = store_column_int(q, 0);
    st = store_run(q, err);
    if (st == ST_OK)
        st = story_counts(desk, story, 1, err);
    if (st == ST_OK)
        *ret_id = id;
    return st;
}

static enum status one_changed(struct store_stmt *q, story_id story, int64_t id, struct error *err)
{
    enum status st = store_run(q, err);
    if (st == ST_OK && store_stmt_changes(q) == 0)
        return error_set(err, ST_NOT_FOUND, "story %lld has no correction %lld", (long long)story.v,
                         (long long)id);
    return st;
}

enum status correction_edit(struct newsroom *desk, story_id story, int64_t id, html text,
                            struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx),
                    SQL("UPDATE correction SET html = $1 WHERE id = $2 AND story = $3"));
    store_bind_text(q, 1, text.raw);
    store_bind_int(q, 2, id);
    store_bind_int(q, 3, story.v);
    enum status st = one_changed(q, story, id, err);
    return st == ST_OK ? story_counts(desk, story, 0, err) : st;
}

enum status correction_remove(struct newsroom *desk, story_id story, int64_t id, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(store_tx_conn(desk->tx),
                                       SQL("DELETE FROM correction WHERE id = $1 AND story = $2"));
    store_bind_int(q, 1, id);
    store_bind_int(q, 2, story.v);
    enum status st = one_changed(q, story, id, err);
    return st == ST_OK ? story_counts(desk, story, -1, err) : st;
}
