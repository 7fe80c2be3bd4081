/* SPDX-License-Identifier: MIT */
#include "news/listing.h"
#include "base/arena.h"
#include "news/list_count.h"
#include "news/story_row.h"
#include "store/store.h"

/* Stories whose page may print this one; a story in more lists than these has its pages told
 * nothing, and they age out like any soft name's. */
enum { LISTING_NEIGHBOURS_MAX = 200 };

static enum status read_ids(struct store_stmt *q, size_t max, struct arena *arena,
                            int64_t **ret_ids, size_t *ret_count, struct error *err)
{
    int64_t *ids = arena_new_array(arena, int64_t, max);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < max)
        ids[count++] = store_column_int(q, 0);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_ids = ids;
    *ret_count = count;
    return ST_OK;
}

enum status listing_read(struct store_conn *conn, story_id id, struct arena *arena,
                         struct listing *ret_listing, struct error *err)
{
    struct listing l = {.id = id};
    AUTO(store_stmt_donep)
    struct store_stmt *tags =
        store_query(conn, SQL("SELECT tag FROM story_tag WHERE story = $1 ORDER BY position"));
    store_bind_int(tags, 1, id.v);
    enum status st = read_ids(tags, STORY_TAGS_MAX, arena, &l.tags, &l.tags_count, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *bylines = store_query(
        conn, SQL("SELECT byline FROM story_byline WHERE story = $1 ORDER BY position"));
    store_bind_int(bylines, 1, id.v);
    st = read_ids(bylines, STORY_BYLINES_MAX, arena, &l.bylines, &l.bylines_count, err);
    if (st == ST_OK)
        *ret_listing = l;
    return st;
}

/* ---- counts ---- */

static enum status add_counts(struct newsroom *desk, store_sql sql, const int64_t *ids,
                              size_t count, int64_t stories, struct error *err)
{
    if (count == 0)
        return ST_OK;
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(store_tx_conn(desk->tx), sql);
    for (size_t i = 0; i < count; i++) { /* a list of ids costs SQLite a table of its own */
        store_stmt_reset(q);
        store_bind_int(q, 1, stories);
        store_bind_int(q, 2, ids[i]);
        enum status st = store_run(q, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static enum status add_all(struct newsroom *desk, const struct listing *l, int64_t stories,
                           struct error *err)
{
    enum status st = list_count_add(desk, LIST_ALL, 0, l->at, stories, err);
    for (size_t i = 0; st == ST_OK && i < l->tags_count; i++)
        st = list_count_add(desk, LIST_TAG, l->tags[i], l->at, stories, err);
    for (size_t i = 0; st == ST_OK && i < l->bylines_count; i++)
        st = list_count_add(desk, LIST_BYLINE, l->bylines[i], l->at, stories, err);
    if (st == ST_OK)
        st = add_counts(desk, SQL("UPDATE tag SET story_count = story_count + $1 WHERE id = $2"),
                        l->tags, l->tags_count, stories, err);
    if (st == ST_OK)
        st = add_counts(desk, SQL("UPDATE byline SET story_count = story_count + $1 WHERE id = $2"),
                        l->bylines, l->bylines_count, stories, err);
    return st;
}

/* After a story came (stories 1) or went (0): a section that has so many is new, or is no more. */
static enum status raise_sections(struct newsroom *desk, const struct listing *l, int64_t stories,
                                  struct error *err)
{
    if (l->tags_count == 0)
        return ST_OK;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx),
                    SQL("SELECT t.id FROM id_list($1) i CROSS JOIN tag t WHERE t.id = i.id"
                        " AND t.section = 1 AND t.story_count = $2"));
    store_bind_ids(q, 1, l->tags, l->tags_count);
    store_bind_int(q, 2, stories);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK)
        change_sections(desk);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status listing_enter(struct newsroom *desk, const struct listing *listing, struct error *err)
{
    enum status st = add_all(desk, listing, 1, err);
    return st == ST_OK ? raise_sections(desk, listing, 1, err) : st;
}

enum status listing_leave(struct newsroom *desk, const struct listing *listing, struct error *err)
{
    enum status st = add_all(desk, listing, -1, err);
    return st == ST_OK ? raise_sections(desk, listing, 0, err) : st;
}

enum status listing_mark(struct newsroom *desk, story_id id, time_us at, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    AUTO(store_stmt_donep)
    struct store_stmt *tags =
        store_query(conn, SQL("UPDATE story_tag SET listed_at = $1, desk_state = NULL,"
                              " desk_at = NULL WHERE story = $2"));
    store_bind_int_or_null(tags, 1, at);
    store_bind_int(tags, 2, id.v);
    enum status st = store_run(tags, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *bylines =
        store_query(conn, SQL("UPDATE story_byline SET listed_at = $1, desk_state = NULL,"
                              " desk_at = NULL WHERE story = $2"));
    store_bind_int_or_null(bylines, 1, at);
    store_bind_int(bylines, 2, id.v);
    return store_run(bylines, err);
}

enum status listing_desk(struct newsroom *desk, story_id id, enum story_state state, time_us at,
                         struct error *err)
{
    const store_sql sqls[] = {
        SQL("UPDATE story_tag SET desk_state = $1, desk_at = $2 WHERE story = $3"),
        SQL("UPDATE story_byline SET desk_state = $1, desk_at = $2 WHERE story = $3")};
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < ARRAY_LEN(sqls); i++) {
        AUTO(store_stmt_donep) struct store_stmt *q = store_query(store_tx_conn(desk->tx), sqls[i]);
        store_bind_text(q, 1, story_state_text(state));
        store_bind_int(q, 2, at);
        store_bind_int(q, 3, id.v);
        st = store_run(q, err);
    }
    return st;
}

/* ---- names ---- */

static enum status is_latest(struct store_conn *conn, const struct listing *l, bool *ret_is,
                             struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT s.id FROM story s"
                              " WHERE s.kind = 'story' AND s.state = 'published'"
                              " ORDER BY s.published_at DESC, s.id DESC LIMIT $1"));
    store_bind_int(q, 1, LATEST_HELD);
    *ret_is = false;
    enum status st;
    while (!*ret_is && (st = store_step(q, err)) == ST_OK)
        *ret_is = store_column_int(q, 0) == l->id.v;
    return *ret_is || st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status is_popular(struct store_conn *conn, story_id id, bool *ret_is, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT place FROM popular WHERE story = $1"));
    store_bind_int(q, 1, id.v);
    enum status st = store_step(q, err);
    *ret_is = st == ST_OK;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status raise_neighbours(struct newsroom *desk, store_sql sql, story_id id,
                                    struct error *err)
{
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(store_tx_conn(desk->tx), sql);
    store_bind_int(q, 1, id.v);
    store_bind_int(q, 2, LISTING_NEIGHBOURS_MAX);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK)
        change_story(desk, (story_id){store_column_int(q, 0)});
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* A story's page prints the headlines before and after it in time. */
#define BESIDE                                                                                     \
    "SELECT id FROM (SELECT s.id FROM story s WHERE s.kind = 'story' AND s.state = 'published'"    \
    " AND (s.published_at, s.id) < ($2, $1)"                                                       \
    " ORDER BY s.published_at DESC, s.id DESC LIMIT 1) AS older"                                   \
    " UNION ALL "                                                                                  \
    "SELECT id FROM (SELECT s.id FROM story s WHERE s.kind = 'story' AND s.state = 'published'"    \
    " AND (s.published_at, s.id) > ($2, $1) ORDER BY s.published_at, s.id LIMIT 1) AS newer"

static enum status raise_beside(struct newsroom *desk, const struct listing *l, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(store_tx_conn(desk->tx), SQL(BESIDE));
    store_bind_int(q, 1, l->id.v);
    store_bind_int(q, 2, l->at);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK)
        change_story(desk, (story_id){store_column_int(q, 0)});
    return st == ST_NOT_FOUND ? ST_OK : st;
}

void listing_raise_counts(struct newsroom *desk, const struct listing *l)
{
    change_list(desk, LIST_ALL, 0);
    for (size_t i = 0; i < l->tags_count; i++)
        change_list(desk, LIST_TAG, l->tags[i]);
    for (size_t i = 0; i < l->bylines_count; i++)
        change_list(desk, LIST_BYLINE, l->bylines[i]);
}

enum status listing_raise(struct newsroom *desk, const struct listing *l, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    bool latest = false, popular = false;
    listing_raise_counts(desk, l);
    enum status st = is_latest(conn, l, &latest, err);
    if (st == ST_OK)
        st = is_popular(conn, l->id, &popular, err);
    if (latest)
        change_latest(desk);
    if (popular)
        change_popular(desk);
    if (st == ST_OK)
        st = raise_neighbours(desk, SQL("SELECT story FROM related WHERE other = $1 LIMIT $2"),
                              l->id, err);
    if (st == ST_OK)
        st = raise_neighbours(desk, SQL("SELECT story FROM read_on WHERE next = $1 LIMIT $2"),
                              l->id, err);
    return st == ST_OK ? raise_beside(desk, l, err) : st;
}
