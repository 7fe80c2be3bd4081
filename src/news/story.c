/* SPDX-License-Identifier: MIT
 *
 * Reading one story. Each way in has a statement of its own, by a unique index. */
#include "news/story.h"
#include "base/arena.h"
#include "base/random.h"
#include "news/story_row.h"
#include "store/store.h"

static enum status read_one(struct store_stmt *stmt, struct arena *arena, struct story **ret_story,
                            const char *by, str what, struct error *err)
{
    enum status st = store_step(stmt, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "no story has the %s \"%.*s\"", by, STR_ARG(what));
    if (st != ST_OK)
        return st;
    *ret_story = story_from_row(stmt, 0, arena);
    return ST_OK;
}

enum status story_by_id(struct store_conn *conn, story_id id, struct arena *arena,
                        struct story **ret_story, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " STORY_COLUMNS " FROM story s WHERE s.id = $1"));
    store_bind_int(q, 1, id.v);
    str number = str_format(arena, "%lld", (long long)id.v);
    return read_one(q, arena, ret_story, "number", number, err);
}

enum status story_by_slug(struct store_conn *conn, str slug, struct arena *arena,
                          struct story **ret_story, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " STORY_COLUMNS " FROM story s WHERE s.slug = $1"));
    store_bind_text(q, 1, slug);
    return read_one(q, arena, ret_story, "slug", slug, err);
}

enum status story_by_ghost_id(struct store_conn *conn, str ghost_id, struct arena *arena,
                              struct story **ret_story, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " STORY_COLUMNS " FROM story s WHERE s.ghost_id = $1"));
    store_bind_text(q, 1, ghost_id);
    return read_one(q, arena, ret_story, "id", ghost_id, err);
}

enum status story_by_uuid(struct store_conn *conn, str uuid, struct arena *arena,
                          struct story **ret_story, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " STORY_COLUMNS " FROM story s WHERE s.uuid = $1"));
    store_bind_text(q, 1, uuid);
    return read_one(q, arena, ret_story, "uuid", uuid, err);
}

/* ---- before and after ---- */

/* Two walks of one step each over the list of published stories, in one statement. */
#define NEIGHBOURS                                                                                 \
    "SELECT * FROM (SELECT 0 AS side, " STORY_COLUMNS " FROM story s"                              \
    " WHERE s.kind = 'story' AND s.state = 'published' AND (s.published_at, s.id) < ($1, $2)"      \
    " ORDER BY s.published_at DESC, s.id DESC LIMIT 1) AS older"                                   \
    " UNION ALL "                                                                                  \
    "SELECT * FROM (SELECT 1 AS side, " STORY_COLUMNS " FROM story s"                              \
    " WHERE s.kind = 'story' AND s.state = 'published' AND (s.published_at, s.id) > ($1, $2)"      \
    " ORDER BY s.published_at, s.id LIMIT 1) AS newer"

enum status story_neighbours(struct store_conn *conn, const struct story *story,
                             struct arena *arena, struct story **ret_previous,
                             struct story **ret_next, struct error *err)
{
    struct story *sides[2] = {NULL, NULL};
    if (story->kind == STORY_STORY && story->published_at != 0) {
        AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, SQL(NEIGHBOURS));
        store_bind_int(q, 1, story->published_at);
        store_bind_int(q, 2, story->id.v);
        enum status st;
        while ((st = store_step(q, err)) == ST_OK) {
            int64_t side = store_column_int(q, 0);
            CHECK(side == 0 || side == 1);
            sides[side] = story_from_row(q, 1, arena);
        }
        if (st != ST_NOT_FOUND)
            return st;
    }
    *ret_previous = sides[0];
    *ret_next = sides[1];
    return ST_OK;
}

enum status story_first_published(struct store_conn *conn, time_us *ret_at, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT s.published_at FROM story s"
                                                 " WHERE s.kind = 'story' AND s.state = 'published'"
                                                 " ORDER BY s.published_at, s.id LIMIT 1"));
    enum status st = store_step(q, err);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_at = st == ST_OK ? store_column_int(q, 0) : 0;
    return ST_OK;
}

/* ---- versions ---- */

static struct story_version version_from_row(const struct store_stmt *q, struct arena *arena)
{
    return (struct story_version){.version = store_column_int(q, 0),
                                  .saved_at = store_column_int(q, 1),
                                  .person.v = store_column_int(q, 2),
                                  .saved_by.v = store_column_int(q, 3),
                                  .saved_by_name = str_copy(arena, store_column_text(q, 4)),
                                  .title = str_copy(arena, store_column_text(q, 5))};
}

enum status story_versions(struct store_conn *conn, story_id id, int64_t before_version,
                           size_t limit, struct arena *arena, struct story_version **ret_versions,
                           size_t *ret_count, struct error *err)
{
    limit = limit == 0 || limit > LIST_LIMIT_MAX ? LIST_LIMIT_MAX : limit;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT v.version, v.saved_at, v.person, v.saved_by, p.name, v.title"
                              " FROM story_version v LEFT JOIN person p ON p.id = v.saved_by"
                              " WHERE v.story = $1 AND v.version < $2"
                              " ORDER BY v.version DESC LIMIT $3"));
    store_bind_int(q, 1, id.v);
    store_bind_int(q, 2, before_version > 0 ? before_version : INT64_MAX);
    store_bind_int(q, 3, i64_from_size(limit));
    struct story_version *versions = arena_new_array(arena, struct story_version, limit);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < limit)
        versions[count++] = version_from_row(q, arena);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_versions = versions;
    *ret_count = count;
    return ST_OK;
}

enum status story_version_get(struct store_conn *conn, story_id id, int64_t version,
                              struct arena *arena, struct story_version *ret_version,
                              str *ret_standfirst, html *ret_body, str *ret_source_text,
                              enum story_format *ret_format, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT v.version, v.saved_at, v.person, v.saved_by, p.name, v.title,"
                              " v.standfirst, v.html, v.source_format, v.source_text"
                              " FROM story_version v LEFT JOIN person p ON p.id = v.saved_by"
                              " WHERE v.story = $1 AND v.version = $2"));
    store_bind_int(q, 1, id.v);
    store_bind_int(q, 2, version);
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "story %lld has no version %lld", (long long)id.v,
                         (long long)version);
    if (st != ST_OK)
        return st;
    *ret_version = version_from_row(q, arena);
    *ret_standfirst = str_copy(arena, store_column_text(q, 6));
    *ret_body = (html){str_copy(arena, store_column_text(q, 7))};
    *ret_format = story_format_from_name(store_column_text(q, 8));
    *ret_source_text = str_copy(arena, store_column_text(q, 9));
    return ST_OK;
}

enum status story_version_now(struct store_conn *conn, story_id id, struct arena *arena,
                              struct story_version *ret_version, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT s.version, COALESCE(s.saved_at, s.updated_at), NULL, s.saved_by, p.name,"
                  " s.title FROM story s LEFT JOIN person p ON p.id = s.saved_by"
                  " WHERE s.id = $1"));
    store_bind_int(q, 1, id.v);
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "there is no story %lld", (long long)id.v);
    if (st == ST_OK)
        *ret_version = version_from_row(q, arena);
    return st;
}

enum status story_version_kept(struct store_conn *conn, story_id id, int64_t version,
                               int64_t *ret_kept, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT version FROM story_version"
                              " WHERE story = $1 AND version >= $2 ORDER BY version LIMIT 1"));
    store_bind_int(q, 1, id.v);
    store_bind_int(q, 2, version);
    enum status st = store_step(q, err);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_kept = st == ST_OK ? store_column_int(q, 0) : 0;
    return ST_OK;
}

/* ---- whose it is ---- */

enum status story_is_by(struct store_conn *conn, story_id id, person_id person, bool *ret_is,
                        struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT 1 FROM story_byline l CROSS JOIN byline b"
                              " WHERE l.story = $1 AND b.id = l.byline AND b.person = $2"
                              " LIMIT 1"));
    store_bind_int(q, 1, id.v);
    store_bind_int(q, 2, person.v);
    enum status st = store_step(q, err);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_is = st == ST_OK;
    return ST_OK;
}

/* ---- the secret link ---- */

enum { PREVIEW_KEY_BYTES = 16 };

enum status story_preview_key(struct store_conn *conn, story_id id, struct arena *arena,
                              str *ret_key, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT preview_key FROM story WHERE id = $1"));
    store_bind_int(q, 1, id.v);
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "there is no story %lld", (long long)id.v);
    if (st == ST_OK)
        *ret_key = str_copy(arena, store_column_text(q, 0));
    return st;
}

enum status story_preview_key_new(struct newsroom *desk, story_id id, str *ret_key,
                                  struct error *err)
{
    str key = random_token(desk->rng, desk->arena, PREVIEW_KEY_BYTES);
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(store_tx_conn(desk->tx),
                                       SQL("UPDATE story SET preview_key = $1 WHERE id = $2"));
    store_bind_text(q, 1, key);
    store_bind_int(q, 2, id.v);
    enum status st = store_run(q, err);
    if (st == ST_OK && store_stmt_changes(q) == 0)
        return error_set(err, ST_NOT_FOUND, "there is no story %lld", (long long)id.v);
    if (st == ST_OK)
        *ret_key = key;
    return st;
}
