/* SPDX-License-Identifier: MIT
 *
 * A list's bounds are keys: a row value compared with (time, id) is one range of the index, and a
 * bound that is not asked for is the end of all time. So each list has one statement a direction.
 *
 * CROSS JOIN says "in this order" to SQLite's planner: the index of the list first, then each
 * story by its number. PostgreSQL reads it as any join. */
#include "news/list.h"
#include "base/arena.h"
#include "news/story_row.h"
#include "store/store.h"

struct story_key story_key(const struct story *story)
{
    return (struct story_key){.at = story->published_at, .id = story->id.v};
}

#define PUBLISHED_STORY "s.kind = 'story' AND s.state = 'published'"

#define NEWEST_OF_ALL                                                                              \
    "SELECT " STORY_COLUMNS " FROM story s WHERE " PUBLISHED_STORY                                 \
    " AND (s.published_at, s.id) < ($1, $2) AND s.published_at >= $3"                              \
    " ORDER BY s.published_at DESC, s.id DESC LIMIT $4"
#define OLDEST_OF_ALL                                                                              \
    "SELECT " STORY_COLUMNS " FROM story s WHERE " PUBLISHED_STORY                                 \
    " AND (s.published_at, s.id) > ($1, $2) AND s.published_at < $3"                               \
    " ORDER BY s.published_at, s.id LIMIT $4"
#define NEWEST_FEATURED                                                                            \
    "SELECT " STORY_COLUMNS " FROM story s WHERE " PUBLISHED_STORY " AND s.featured = 1"           \
    " AND (s.published_at, s.id) < ($1, $2) AND s.published_at >= $3"                              \
    " ORDER BY s.published_at DESC, s.id DESC LIMIT $4"
#define OLDEST_FEATURED                                                                            \
    "SELECT " STORY_COLUMNS " FROM story s WHERE " PUBLISHED_STORY " AND s.featured = 1"           \
    " AND (s.published_at, s.id) > ($1, $2) AND s.published_at < $3"                               \
    " ORDER BY s.published_at, s.id LIMIT $4"
#define NEWEST_OF_TAG                                                                              \
    "SELECT " STORY_COLUMNS " FROM story_tag l CROSS JOIN story s WHERE l.tag = $5"                \
    " AND (l.listed_at, l.story) < ($1, $2) AND l.listed_at >= $3 AND s.id = l.story"              \
    " ORDER BY l.listed_at DESC, l.story DESC LIMIT $4"
#define OLDEST_OF_TAG                                                                              \
    "SELECT " STORY_COLUMNS " FROM story_tag l CROSS JOIN story s WHERE l.tag = $5"                \
    " AND (l.listed_at, l.story) > ($1, $2) AND l.listed_at < $3 AND s.id = l.story"               \
    " ORDER BY l.listed_at, l.story LIMIT $4"
#define NEWEST_OF_BYLINE                                                                           \
    "SELECT " STORY_COLUMNS " FROM story_byline l CROSS JOIN story s WHERE l.byline = $5"          \
    " AND (l.listed_at, l.story) < ($1, $2) AND l.listed_at >= $3 AND s.id = l.story"              \
    " ORDER BY l.listed_at DESC, l.story DESC LIMIT $4"
#define OLDEST_OF_BYLINE                                                                           \
    "SELECT " STORY_COLUMNS " FROM story_byline l CROSS JOIN story s WHERE l.byline = $5"          \
    " AND (l.listed_at, l.story) > ($1, $2) AND l.listed_at < $3 AND s.id = l.story"               \
    " ORDER BY l.listed_at, l.story LIMIT $4"

static store_sql list_sql(const struct story_query *query)
{
    bool oldest = query->oldest_first;
    switch (query->list) {
    case LIST_TAG:
        return oldest ? SQL(OLDEST_OF_TAG) : SQL(NEWEST_OF_TAG);
    case LIST_BYLINE:
        return oldest ? SQL(OLDEST_OF_BYLINE) : SQL(NEWEST_OF_BYLINE);
    case LIST_ALL:
        break;
    }
    if (query->featured_only)
        return oldest ? SQL(OLDEST_FEATURED) : SQL(NEWEST_FEATURED);
    return oldest ? SQL(OLDEST_OF_ALL) : SQL(NEWEST_OF_ALL);
}

static int key_cmp(struct story_key a, struct story_key b)
{
    if (a.at != b.at)
        return a.at < b.at ? -1 : 1;
    return (a.id > b.id) - (a.id < b.id);
}

/* Ids begin at 1: (t, 0) stands before all stories of that microsecond. */
static void bind_bounds(struct store_stmt *q, const struct story_query *query)
{
    struct story_key first = {query->from != 0 ? query->from : INT64_MIN, 0};
    struct story_key last = {query->until != 0 ? query->until : INT64_MAX, 0};
    bool start = query->before.id == 0 && query->before.at == 0;
    struct story_key key;
    if (query->oldest_first)
        key = start || key_cmp(query->before, first) < 0 ? first : query->before;
    else
        key = start || key_cmp(query->before, last) > 0 ? last : query->before;
    store_bind_int(q, 1, key.at);
    store_bind_int(q, 2, key.id);
    store_bind_int(q, 3, query->oldest_first ? last.at : first.at);
}

static size_t limit_of(size_t limit)
{
    if (limit == 0)
        return LIST_LIMIT_DEFAULT;
    return limit < LIST_LIMIT_MAX ? limit : LIST_LIMIT_MAX;
}

enum status story_list_get(struct store_conn *conn, const struct story_query *query,
                           struct arena *arena, struct story_list *ret_list, struct error *err)
{
    size_t limit = limit_of(query->limit);
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, list_sql(query));
    bind_bounds(q, query);
    store_bind_int(q, 4, i64_from_size(limit + 1));
    if (query->list != LIST_ALL)
        store_bind_int(q, 5, query->of);
    return story_list_read(q, limit, arena, ret_list, err);
}

enum status story_list_by_ids(struct store_conn *conn, const int64_t *ids, size_t count,
                              struct arena *arena, struct story_list *ret_list, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " STORY_COLUMNS ", i.ord FROM id_list($1) i"
                              " CROSS JOIN story s WHERE s.id = i.id"
                              " AND s.state = 'published'"));
    store_bind_ids(q, 1, ids, count);
    /* Put in order here rather than by a sort in the database. */
    struct story **places = arena_new_array(arena, struct story *, count);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        int64_t place = store_column_int(q, STORY_COLUMNS_COUNT);
        CHECK(place >= 0 && (size_t)place < count);
        places[place] = story_from_row(q, 0, arena);
    }
    if (st != ST_NOT_FOUND)
        return st;
    struct story_list list = {.rows = places};
    for (size_t i = 0; i < count; i++) {
        if (places[i] != NULL)
            places[list.count++] = places[i];
    }
    *ret_list = list;
    return ST_OK;
}

enum status story_list_pages(struct store_conn *conn, str after_title, int64_t after_id,
                             size_t limit, struct arena *arena, struct story_list *ret_list,
                             struct error *err)
{
    limit = limit_of(limit);
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " STORY_COLUMNS " FROM story s WHERE s.kind = 'page'"
                              " AND s.state = 'published' AND (s.title, s.id) > ($1, $2)"
                              " ORDER BY s.title, s.id LIMIT $3"));
    store_bind_text(q, 1, after_title);
    store_bind_int(q, 2, after_id);
    store_bind_int(q, 3, i64_from_size(limit + 1));
    return story_list_read(q, limit, arena, ret_list, err);
}

/* Published ones stand in an index of their own, so that the many do not weigh on the few. */
enum status story_list_desk(struct store_conn *conn, enum story_state state,
                            struct story_key before, size_t limit, struct arena *arena,
                            struct story_list *ret_list, struct error *err)
{
    limit = limit_of(limit);
    bool published = state == STORY_PUBLISHED;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, published ? SQL("SELECT " STORY_COLUMNS " FROM story s WHERE s.state = 'published'"
                              " AND (s.updated_at, s.id) < ($1, $2)"
                              " ORDER BY s.updated_at DESC, s.id DESC LIMIT $3")
                        : SQL("SELECT " STORY_COLUMNS " FROM story s WHERE s.state <> 'published'"
                              " AND s.state = $4 AND (s.updated_at, s.id) < ($1, $2)"
                              " ORDER BY s.updated_at DESC, s.id DESC LIMIT $3"));
    bool start = before.id == 0;
    store_bind_int(q, 1, start ? INT64_MAX : before.at);
    store_bind_int(q, 2, start ? INT64_MAX : before.id);
    store_bind_int(q, 3, i64_from_size(limit + 1));
    if (!published)
        store_bind_text(q, 4, story_state_text(state));
    return story_list_read(q, limit, arena, ret_list, err);
}

enum status story_list_changed(struct store_conn *conn, struct story_key after, size_t limit,
                               struct arena *arena, struct story_list *ret_list, struct error *err)
{
    limit = limit_of(limit);
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT " STORY_COLUMNS " FROM story s WHERE s.state = 'published'"
                  " AND (s.updated_at, s.id) > ($1, $2) ORDER BY s.updated_at, s.id LIMIT $3"));
    store_bind_int(q, 1, after.id == 0 ? INT64_MIN : after.at);
    store_bind_int(q, 2, after.id);
    store_bind_int(q, 3, i64_from_size(limit + 1));
    return story_list_read(q, limit, arena, ret_list, err);
}

enum status story_list_all(struct store_conn *conn, int64_t after_id, size_t limit,
                           struct arena *arena, struct story_list *ret_list, struct error *err)
{
    limit = limit_of(limit);
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT " STORY_COLUMNS " FROM story s WHERE s.id > $1 ORDER BY s.id LIMIT $2"));
    store_bind_int(q, 1, after_id);
    store_bind_int(q, 2, i64_from_size(limit + 1));
    return story_list_read(q, limit, arena, ret_list, err);
}
