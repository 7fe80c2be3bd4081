/* SPDX-License-Identifier: MIT
 *
 * Walks are statements without a limit, stepped as far as they are needed. Each row says its place and
 * whether it is wanted; rows that are not come too, so that they can be counted.
 *
 * A '+' before a column keeps SQLite from the index of a tag's or byline's stories, which it would go through for
 * every row, where the row's own few tags and bylines are meant.
 *
 * $1 $2: below this place; $3: not before; $4 tag, $5 byline, $6 person: what the story is to have besides, 0
 * nothing; $7 its kind, '' any; $8 the tag or byline that is walked, or the state; $9 the state of those. */
#include "news/desk_list.h"

#include "base/arena.h"
#include "news/story_lock.h"
#include "news/story_row.h"
#include "store/store.h"

/* ---- walks ---- */

#define WANTED                                                                                     \
    "CASE WHEN (CAST($4 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM story_tag x"                       \
    " WHERE x.story = s.id AND +x.tag = $4))"                                                      \
    " AND (CAST($5 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM story_byline x"                         \
    " WHERE x.story = s.id AND +x.byline = $5))"                                                   \
    " AND (CAST($6 AS BIGINT) = 0 OR EXISTS (SELECT 1 FROM story_byline x CROSS JOIN byline b"     \
    " WHERE x.story = s.id AND b.id = x.byline AND b.person = $6))"                                \
    " AND (CAST($7 AS TEXT) = '' OR s.kind = $7) THEN 1 ELSE 0 END"

#define BY_SAVED                                                                                   \
    " AND (s.updated_at, s.id) < ($1, $2) AND s.updated_at >= $3"                                  \
    " ORDER BY s.updated_at DESC, s.id DESC"
#define BY_PUBLISHED                                                                               \
    " AND (s.published_at, s.id) < ($1, $2) AND s.published_at >= $3"                              \
    " ORDER BY s.published_at DESC, s.id DESC"
#define SAVED_OF     "SELECT s.updated_at, s.id, " WANTED " FROM story s WHERE "
#define PUBLISHED_OF "SELECT s.published_at, s.id, " WANTED " FROM story s WHERE "

#define LISTED_OF(table, column)                                                                   \
    "SELECT l.listed_at, l.story, " WANTED " FROM " table " l CROSS JOIN story s"                  \
    " WHERE l." column " = $8 AND (l.listed_at, l.story) < ($1, $2) AND l.listed_at >= $3"         \
    " AND s.id = l.story ORDER BY l.listed_at DESC, l.story DESC"
#define UNLISTED_OF(table, column)                                                                 \
    "SELECT l.desk_at, l.story, " WANTED " FROM " table " l CROSS JOIN story s"                    \
    " WHERE l.listed_at IS NULL AND l." column " = $8 AND l.desk_state = $9"                       \
    " AND (l.desk_at, l.story) < ($1, $2) AND l.desk_at >= $3"                                     \
    " AND s.id = l.story ORDER BY l.desk_at DESC, l.story DESC"

/* What one walk is of; of the published ones stories and pages apart, of the others together. */
struct stretch {
    enum story_state state;
    bool pages; /* only pages */
};

static store_sql all_sql(struct stretch s)
{
    switch (s.state) {
    case STORY_PUBLISHED:
        return s.pages
                   ? SQL(PUBLISHED_OF "s.kind = 'page' AND s.state = 'published'" BY_PUBLISHED)
                   : SQL(PUBLISHED_OF "s.kind = 'story' AND s.state = 'published'" BY_PUBLISHED);
    case STORY_SCHEDULED:
        return s.pages ? SQL(PUBLISHED_OF "s.kind = 'page' AND s.state = 'scheduled'" BY_PUBLISHED)
                       : SQL(PUBLISHED_OF "s.state = 'scheduled'" BY_PUBLISHED);
    case STORY_DRAFT:
    case STORY_TRASHED:
        break;
    }
    return s.pages ? SQL(SAVED_OF
                         "s.kind = 'page' AND s.state <> 'published' AND s.state = $8" BY_SAVED)
                   : SQL(SAVED_OF "s.state <> 'published' AND s.state = $8" BY_SAVED);
}

static bool is_listed(struct stretch s)
{
    return s.state == STORY_PUBLISHED && !s.pages;
}

static store_sql term_sql(enum list_kind of, struct stretch s)
{
    if (of == LIST_TAG)
        return is_listed(s) ? SQL(LISTED_OF("story_tag", "tag"))
                            : SQL(UNLISTED_OF("story_tag", "tag"));
    return is_listed(s) ? SQL(LISTED_OF("story_byline", "byline"))
                        : SQL(UNLISTED_OF("story_byline", "byline"));
}

struct walk {
    struct store_stmt *stmt;
    struct story_key head;
    bool wanted, ended;
};

struct walking {
    struct store_conn *conn;
    struct arena *arena;
    const struct desk_query *query;
    /* Whose walks: all, a tag's, or those of each of `ofs`. */
    enum list_kind list;
    int64_t ofs[DESK_OWN_MAX];
    size_t ofs_count;
    struct walk *walks;
    size_t count;
};

static void walking_end(struct walking *w)
{
    for (size_t i = 0; i < w->count; i++)
        store_stmt_done(w->walks[i].stmt);
    w->count = 0;
}

static enum status walk_step(struct walk *walk, struct error *err)
{
    enum status st = store_step(walk->stmt, err);
    walk->ended = st != ST_OK;
    if (st != ST_OK)
        return st == ST_NOT_FOUND ? ST_OK : st;
    walk->head =
        (struct story_key){store_column_int(walk->stmt, 0), store_column_int(walk->stmt, 1)};
    walk->wanted = store_column_int(walk->stmt, 2) != 0;
    return ST_OK;
}

/* Only pages, or only stories, are asked for. */
static str kind_wanted(const struct desk_query *query)
{
    if (query->kinds == DESK_KIND(STORY_PAGE))
        return S("page");
    return query->kinds == DESK_KIND(STORY_STORY) ? S("story") : STR_NONE;
}

static bool key_newer(struct story_key a, struct story_key b)
{
    return a.at > b.at || (a.at == b.at && a.id > b.id);
}

static void bind_common(struct store_stmt *q, const struct walking *w)
{
    const struct desk_query *query = w->query;
    /* Ids begin at 1: (t, 0) stands before all stories of that microsecond. */
    struct story_key below = {query->until != 0 ? query->until : INT64_MAX, 0};
    if (query->before.id != 0 && key_newer(below, query->before))
        below = query->before;
    store_bind_int(q, 1, below.at);
    store_bind_int(q, 2, below.id);
    store_bind_int(q, 3, query->from != 0 ? query->from : INT64_MIN);
    store_bind_int(q, 4, w->list == LIST_TAG ? 0 : query->tag.v);
    store_bind_int(q, 5, query->byline.v);
    store_bind_int(q, 6, query->own.v);
    store_bind_text(q, 7, kind_wanted(query));
}

static enum status walk_begin(struct walking *w, struct stretch s, int64_t of, struct error *err)
{
    struct walk *walk = &w->walks[w->count++];
    bool all = w->list == LIST_ALL;
    walk->stmt = store_query(w->conn, all ? all_sql(s) : term_sql(w->list, s));
    bind_common(walk->stmt, w);
    if (!all)
        store_bind_int(walk->stmt, 8, of);
    if (all && (s.state == STORY_DRAFT || s.state == STORY_TRASHED))
        store_bind_text(walk->stmt, 8, story_state_text(s.state));
    if (!all && !is_listed(s))
        store_bind_text(walk->stmt, 9, story_state_text(s.state));
    return walk_step(walk, err);
}

static size_t stretches_of(const struct desk_query *query, struct stretch stretches[5])
{
    unsigned states = query->states != 0 ? query->states : ~0u;
    unsigned kinds = query->kinds != 0 ? query->kinds : ~0u;
    bool stories = (kinds & DESK_KIND(STORY_STORY)) != 0,
         pages = (kinds & DESK_KIND(STORY_PAGE)) != 0;
    size_t count = 0;
    for (int state = STORY_DRAFT; state <= STORY_TRASHED; state++) {
        if ((states & DESK_STATE(state)) == 0)
            continue;
        if (stories)
            stretches[count++] = (struct stretch){(enum story_state)state, false};
        /* Beside stories only the published ones are in an index of their own. */
        if (pages && (!stories || state == STORY_PUBLISHED))
            stretches[count++] = (struct stretch){(enum story_state)state, true};
    }
    return count;
}

static enum status walks_begin(struct walking *w, struct error *err)
{
    struct stretch stretches[5];
    size_t count = stretches_of(w->query, stretches);
    enum status st = ST_OK;
    w->walks = arena_new_array(w->arena, struct walk, count * w->ofs_count);
    for (size_t k = 0; k < w->ofs_count; k++) {
        for (size_t i = 0; st == ST_OK && i < count; i++)
            st = walk_begin(w, stretches[i], w->ofs[k], err);
    }
    return st;
}

/* ---- which to walk ---- */

static enum status own_bylines(struct walking *w, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(w->conn, SQL("SELECT id FROM byline WHERE person = $1 ORDER BY id LIMIT $2"));
    store_bind_int(q, 1, w->query->own.v);
    store_bind_int(q, 2, DESK_OWN_MAX);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && w->ofs_count < DESK_OWN_MAX)
        w->ofs[w->ofs_count++] = store_column_int(q, 0);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* The tag has fewer published stories than the byline, or all of one's own. */
static enum status tag_is_shorter(struct walking *w, bool *ret_shorter, struct error *err)
{
    bool byline = w->query->byline.v != 0;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        w->conn, byline ? SQL("SELECT 1 FROM tag t CROSS JOIN byline b WHERE t.id = $1"
                              " AND b.id = $2 AND t.story_count < b.story_count")
                        : SQL("SELECT 1 FROM tag t WHERE t.id = $1 AND t.story_count <"
                              " (SELECT SUM(b.story_count) FROM byline b WHERE b.person = $2)"));
    store_bind_int(q, 1, w->query->tag.v);
    store_bind_int(q, 2, byline ? w->query->byline.v : w->query->own.v);
    enum status st = store_step(q, err);
    *ret_shorter = st == ST_OK;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status choose(struct walking *w, struct error *err)
{
    const struct desk_query *query = w->query;
    bool tag = query->tag.v != 0;
    enum status st = ST_OK;
    if (tag && (query->byline.v != 0 || query->own.v != 0))
        st = tag_is_shorter(w, &tag, err);
    if (tag || (query->byline.v == 0 && query->own.v == 0)) {
        w->list = tag ? LIST_TAG : LIST_ALL;
        w->ofs[w->ofs_count++] = query->tag.v;
        return st;
    }
    w->list = LIST_BYLINE;
    if (st == ST_OK && query->byline.v == 0)
        return own_bylines(w, err);
    w->ofs[w->ofs_count++] = query->byline.v;
    return st;
}

/* ---- side by side ---- */

static struct walk *newest_head(const struct walking *w)
{
    struct walk *newest = NULL;
    for (size_t i = 0; i < w->count; i++) {
        struct walk *walk = &w->walks[i];
        if (!walk->ended && (newest == NULL || key_newer(walk->head, newest->head)))
            newest = walk;
    }
    return newest;
}

/* The ids of the rows that are wanted, at most `limit` of them; the rest of *ret_list but its rows. */
static enum status gather(struct walking *w, size_t limit, int64_t *ids, struct desk_list *ret_list,
                          struct error *err)
{
    struct story_key last = {0};
    size_t looked = 0;
    struct walk *walk;
    while ((walk = newest_head(w)) != NULL) {
        /* A story of two bylines of one's own stands in two walks. */
        bool again = walk->head.id == last.id;
        if (!again && walk->wanted && ret_list->count == limit) {
            ret_list->more = true;
            ret_list->next = last;
            return ST_OK;
        }
        if (looked++ == DESK_LOOKED_MAX) {
            ret_list->unfinished = true;
            ret_list->next = last;
            return ST_OK;
        }
        last = walk->head;
        if (!again && walk->wanted)
            ids[ret_list->count++] = last.id;
        enum status st = walk_step(walk, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

enum status desk_list_get(struct store_conn *conn, const struct desk_query *query,
                          struct arena *arena, struct desk_list *ret_list, struct error *err)
{
    struct walking w = {.conn = conn, .arena = arena, .query = query};
    size_t limit = query->limit != 0 && query->limit < DESK_LIST_MAX ? query->limit : DESK_LIST_MAX;
    int64_t *ids = arena_new_array(arena, int64_t, limit);
    struct desk_list list = {0}, rows = {0};
    enum status st = choose(&w, err);
    if (st == ST_OK)
        st = walks_begin(&w, err);
    if (st == ST_OK)
        st = gather(&w, limit, ids, &list, err);
    walking_end(&w);
    if (st == ST_OK)
        st = desk_list_by_ids(conn, ids, list.count, arena, &rows, err);
    if (st != ST_OK)
        return st;
    list.rows = rows.rows;
    list.count = rows.count;
    *ret_list = list;
    return ST_OK;
}

/* ---- rows ---- */

enum status desk_list_by_ids(struct store_conn *conn, const int64_t *ids, size_t count,
                             struct arena *arena, struct desk_list *ret_list, struct error *err)
{
    struct desk_list list = {.rows = arena_new_array(arena, struct desk_row, count)};
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT " STORY_COLUMNS ", i.ord, COALESCE(h.reads, 0) FROM id_list($1) i"
                  " CROSS JOIN story s LEFT JOIN story_heat h ON h.story = s.id"
                  " WHERE s.id = i.id"));
    store_bind_ids(q, 1, ids, count);
    enum status st = ST_NOT_FOUND;
    while (count > 0 && (st = store_step(q, err)) == ST_OK) {
        int64_t place = store_column_int(q, STORY_COLUMNS_COUNT);
        CHECK(place >= 0 && (size_t)place < count);
        list.rows[place].story = story_from_row(q, 0, arena);
        list.rows[place].reads = store_column_int(q, STORY_COLUMNS_COUNT + 1);
    }
    if (st != ST_NOT_FOUND)
        return st;
    for (size_t i = 0; i < count; i++) {
        if (list.rows[i].story != NULL)
            list.rows[list.count++] = list.rows[i];
    }
    *ret_list = list;
    return ST_OK;
}

#define AT_WORK                                                                                    \
    "SELECT i.ord, 0, l.person, p.name FROM id_list($1) i CROSS JOIN story_lock l"                 \
    " CROSS JOIN person p WHERE l.story = i.id AND l.seen_at > $2 AND p.id = l.person"             \
    " UNION ALL SELECT i.ord, 1, c.person, c.name FROM id_list($1) i CROSS JOIN working_copy c"    \
    " WHERE c.story = i.id"

enum status desk_list_writing(struct store_conn *conn, struct desk_list *list, person_id me,
                              time_us now, struct arena *arena, struct error *err)
{
    int64_t *ids = arena_new_array(arena, int64_t, list->count);
    for (size_t i = 0; i < list->count; i++)
        ids[i] = list->rows[i].story->id.v;
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, SQL(AT_WORK));
    store_bind_ids(q, 1, ids, list->count);
    store_bind_int(q, 2, now - STORY_LOCK_LIFE);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        int64_t place = store_column_int(q, 0);
        CHECK(place >= 0 && (size_t)place < list->count);
        struct desk_row *row = &list->rows[place];
        bool copy = store_column_int(q, 1) != 0, own = store_column_int(q, 2) == me.v;
        if (copy && own)
            row->unsaved_own = true;
        else if (!own)
            *(copy ? &row->unsaved_of : &row->writing) = str_copy(arena, store_column_text(q, 3));
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status desk_list_by_slug(struct store_conn *conn, str beginning, unsigned states, size_t limit,
                              struct arena *arena, struct desk_list *ret_list, struct error *err)
{
    int64_t *ids = arena_new_array(arena, int64_t, limit);
    size_t count = 0, looked = 0;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT s.id, s.state FROM story s WHERE s.slug >= $1 AND s.slug < $2"
                              " ORDER BY s.slug LIMIT $3"));
    store_bind_text(q, 1, beginning);
    store_bind_text(q, 2, str_join2(arena, beginning, S("\xf4\x8f\xbf\xbf"))); /* U+10FFFF */
    store_bind_int(q, 3, i64_from_size(limit * 4));
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < limit && looked++ < limit * 4) {
        enum story_state state = story_state_from_name(store_column_text(q, 1));
        if ((states & DESK_STATE(state)) != 0)
            ids[count++] = store_column_int(q, 0);
    }
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    return desk_list_by_ids(conn, ids, count, arena, ret_list, err);
}

time_us desk_time(enum story_state state, time_us updated_at, time_us published_at)
{
    return state == STORY_SCHEDULED || state == STORY_PUBLISHED ? published_at : updated_at;
}

enum status desk_is_own(struct store_conn *conn, story_id story, person_id person, bool *ret_own,
                        struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT 1 FROM story_byline l CROSS JOIN byline b WHERE l.story = $1"
                              " AND b.id = l.byline AND b.person = $2"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, person.v);
    enum status st = store_step(q, err);
    *ret_own = st == ST_OK;
    return st == ST_NOT_FOUND ? ST_OK : st;
}
