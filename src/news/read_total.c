/* SPDX-License-Identifier: MIT
 *
 * What is most read over several days: each day's index gives its first hundred; those that can be among the
 * first of all are added up by the primary key, and the best stay. At most 32 walks, however large the archive. */
#include "news/read_total.h"

#include "base/arena.h"
#include "base/map.h"
#include "news/list.h"
#include "store/store.h"

#include <stdlib.h>

int64_t read_day_of(time_us t, int offset_s)
{
    time_us local = t + offset_s * TIME_SECOND;
    int64_t day = local / TIME_DAY;
    return local % TIME_DAY < 0 ? day - 1 : day;
}

/* ---- adding ---- */

enum status read_total_add(struct newsroom *desk, story_id story, time_us hour, int64_t day,
                           int64_t reads, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    AUTO(store_stmt_donep)
    struct store_stmt *site =
        store_query(conn, SQL("INSERT INTO site_read (hour_at, reads) VALUES ($1, $2)"
                              " ON CONFLICT (hour_at) DO UPDATE SET reads = site_read.reads + $2"));
    store_bind_int(site, 1, hour);
    store_bind_int(site, 2, reads);
    enum status st = store_run(site, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *own = store_query(
        conn, SQL("INSERT INTO read_day (story, day, reads) VALUES ($1, $2, $3)"
                  " ON CONFLICT (story, day) DO UPDATE SET reads = read_day.reads + $3"));
    store_bind_int(own, 1, story.v);
    store_bind_int(own, 2, day);
    store_bind_int(own, 3, reads);
    return store_run(own, err);
}

enum status read_total_fold(struct newsroom *desk, int64_t today, size_t max, bool *ret_left,
                            struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("DELETE FROM read_day WHERE (story, day) IN"
            " (SELECT story, day FROM read_day WHERE day < $1 ORDER BY day, reads LIMIT $2)"));
    store_bind_int(q, 1, today - READ_DAYS_KEPT);
    store_bind_int(q, 2, i64_from_size(max));
    enum status st = store_run(q, err);
    if (st == ST_OK)
        *ret_left = max > 0 && store_stmt_changes(q) == i64_from_size(max);
    return st;
}

/* ---- most read ---- */

/* A story that is among the first of some day. What is not known of it lies between nothing and, on each day whose
 * list it is not in, the least read of that list: so most of them are out without being added up. */
struct candidate {
    int64_t story;
    int64_t known;   /* reads on days in whose list it is */
    int64_t covered; /* those lists' least */
};

struct candidates {
    struct arena *arena;
    struct map by_story;
    struct candidate *rows;
    size_t count, cap;
    int64_t least; /* of all lists together: what a story that is in none can have had */
};

static struct candidate *candidate_of(struct candidates *c, int64_t story)
{
    str key = {(const char *)&story, sizeof(story)};
    struct candidate *found = map_get(&c->by_story, key);
    if (found != NULL)
        return found;
    CHECK(c->count < c->cap);
    found = &c->rows[c->count++];
    found->story = story;
    (void)map_set(&c->by_story, key, found);
    return found;
}

static enum status read_one_day(struct store_stmt *q, int64_t day, struct candidates *c,
                                struct error *err)
{
    struct candidate *listed[READ_MOST_OF_A_DAY];
    int64_t least = 0;
    size_t count = 0;
    store_stmt_reset(q);
    store_bind_int(q, 1, day);
    store_bind_int(q, 2, READ_MOST_OF_A_DAY);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < READ_MOST_OF_A_DAY) {
        least = store_column_int(q, 1);
        listed[count] = candidate_of(c, store_column_int(q, 0));
        listed[count++]->known += least;
    }
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    if (count < READ_MOST_OF_A_DAY)
        least = 0; /* the whole day is in it */
    for (size_t i = 0; i < count; i++)
        listed[i]->covered += least;
    c->least += least;
    return ST_OK;
}

static enum status read_days(struct store_conn *conn, int64_t first, int64_t last,
                             struct candidates *c, struct error *err)
{
    enum status st = ST_OK;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT story, reads FROM read_day WHERE day = $1"
                                                 " ORDER BY reads DESC, story DESC LIMIT $2"));
    for (int64_t day = first; st == ST_OK && day <= last; day++)
        st = read_one_day(q, day, c, err);
    return st;
}

static int known_first(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return x->known < y->known ? 1 : x->known > y->known ? -1 : 0;
}

static int story_first(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return x->story < y->story ? -1 : x->story > y->story ? 1 : 0;
}

/* Leaves those that can be among the first `limit`, READ_MOST_ADDED_UP at most, in the order in which the table
 * has them. */
static void leave_out(struct candidates *c, size_t limit)
{
    size_t kept = 0;
    if (c->count <= limit)
        return;
    qsort(c->rows, c->count, sizeof(*c->rows), known_first);
    int64_t bar = c->rows[limit - 1].known;
    for (size_t i = 0; i < c->count && kept < READ_MOST_ADDED_UP; i++) {
        if (c->rows[i].known + c->least - c->rows[i].covered >= bar)
            c->rows[kept++] = c->rows[i];
    }
    c->count = kept;
    qsort(c->rows, c->count, sizeof(*c->rows), story_first);
}

static enum status add_up(struct store_conn *conn, int64_t first, int64_t last,
                          const struct candidates *c, struct read_most *rows, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT CAST(COALESCE(SUM(reads), 0) AS BIGINT) FROM read_day"
                              " WHERE story = $1 AND day >= $2 AND day <= $3"));
    for (size_t i = 0; i < c->count; i++) {
        store_stmt_reset(q);
        store_bind_int(q, 1, c->rows[i].story);
        store_bind_int(q, 2, first);
        store_bind_int(q, 3, last);
        enum status st = store_step(q, err);
        if (st != ST_OK)
            return st;
        rows[i] = (struct read_most){.story = {c->rows[i].story}, .reads = store_column_int(q, 0)};
    }
    return ST_OK;
}

static int more_first(const void *a, const void *b)
{
    const struct read_most *x = a, *y = b;
    if (x->reads != y->reads)
        return x->reads < y->reads ? 1 : -1;
    return x->story.v < y->story.v ? 1 : x->story.v > y->story.v ? -1 : 0;
}

/* Their headlines; a story that is no longer published keeps its place. */
static enum status put_titles(struct store_conn *conn, struct read_most *rows, size_t count,
                              struct arena *arena, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT title, slug FROM story WHERE id = $1"));
    for (size_t i = 0; i < count; i++) {
        store_stmt_reset(q);
        store_bind_int(q, 1, rows[i].story.v);
        enum status st = store_step(q, err);
        if (st != ST_OK && st != ST_NOT_FOUND)
            return st;
        if (st == ST_NOT_FOUND)
            continue;
        rows[i].title = str_copy(arena, store_column_text(q, 0));
        rows[i].slug = str_copy(arena, store_column_text(q, 1));
    }
    return ST_OK;
}

enum status read_most(struct store_conn *conn, int64_t first, int64_t last, size_t limit,
                      struct arena *arena, struct read_most **ret_rows, size_t *ret_count,
                      struct error *err)
{
    CHECK(limit <= READ_MOST_MAX);
    if (last - first >= READ_DAYS_KEPT)
        first = last - READ_DAYS_KEPT + 1;
    struct candidates c = {.arena = arena, .cap = READ_DAYS_KEPT * READ_MOST_OF_A_DAY};
    map_init(&c.by_story, arena);
    c.rows = arena_new_array(arena, struct candidate, c.cap);
    enum status st = read_days(conn, first, last, &c, err);
    if (st != ST_OK)
        return st;
    leave_out(&c, limit);
    struct read_most *rows = arena_new_array(arena, struct read_most, c.count);
    st = add_up(conn, first, last, &c, rows, err);
    if (st != ST_OK)
        return st;
    if (c.count > 1)
        qsort(rows, c.count, sizeof(*rows), more_first);
    size_t count = c.count < limit ? c.count : limit;
    st = put_titles(conn, rows, count, arena, err);
    if (st != ST_OK)
        return st;
    *ret_rows = rows;
    *ret_count = count;
    return ST_OK;
}

/* ---- lists of one statement ---- */

static enum status read_rows(struct store_stmt *q, size_t limit, struct arena *arena,
                             struct read_most **ret_rows, size_t *ret_count, struct error *err)
{
    struct read_most *rows = arena_new_array(arena, struct read_most, limit);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < limit) {
        rows[count++] = (struct read_most){.story = {store_column_int(q, 0)},
                                           .reads = store_column_int(q, 1),
                                           .title = str_copy(arena, store_column_text(q, 2)),
                                           .slug = str_copy(arena, store_column_text(q, 3))};
    }
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_rows = rows;
    *ret_count = count;
    return ST_OK;
}

enum status read_most_ever(struct store_conn *conn, size_t limit, struct arena *arena,
                           struct read_most **ret_rows, size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT h.story, h.reads, s.title, s.slug FROM story_heat h CROSS JOIN story s"
                  " WHERE s.id = h.story ORDER BY h.reads DESC, h.story DESC LIMIT $1"));
    store_bind_int(q, 1, i64_from_size(limit));
    return read_rows(q, limit, arena, ret_rows, ret_count, err);
}

enum status read_went_on(struct store_conn *conn, story_id story, size_t limit, struct arena *arena,
                         struct read_most **ret_rows, size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT r.next, r.reads, s.title, s.slug FROM read_on r CROSS JOIN story s"
                  " WHERE r.story = $1 AND s.id = r.next"
                  " ORDER BY r.reads DESC, r.next DESC LIMIT $2"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, i64_from_size(limit));
    return read_rows(q, limit, arena, ret_rows, ret_count, err);
}

enum status read_of_person(struct store_conn *conn, person_id person, struct story_key before,
                           size_t limit, struct arena *arena, struct read_most **ret_rows,
                           size_t *ret_count, struct story_key *ret_next, struct error *err)
{
    struct read_most *rows = arena_new_array(arena, struct read_most, limit);
    struct story_key next = {0}, last = {0};
    size_t count = 0;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn,
        SQL("SELECT s.id, COALESCE(h.reads, 0), s.title, s.slug, sb.listed_at"
            " FROM story_byline sb CROSS JOIN story s LEFT JOIN story_heat h ON h.story = s.id"
            " WHERE sb.byline = (SELECT MIN(id) FROM byline WHERE person = $1)"
            " AND sb.listed_at IS NOT NULL AND (sb.listed_at, sb.story) < ($2, $3)"
            " AND s.id = sb.story ORDER BY sb.listed_at DESC, sb.story DESC LIMIT $4"));
    store_bind_int(q, 1, person.v);
    store_bind_int(q, 2, before.id == 0 ? INT64_MAX : before.at);
    store_bind_int(q, 3, before.id == 0 ? INT64_MAX : before.id);
    store_bind_int(q, 4, i64_from_size(limit) + 1);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        if (count == limit) {
            next = last;
            break;
        }
        rows[count++] = (struct read_most){.story = {store_column_int(q, 0)},
                                           .reads = store_column_int(q, 1),
                                           .title = str_copy(arena, store_column_text(q, 2)),
                                           .slug = str_copy(arena, store_column_text(q, 3))};
        last = (struct story_key){store_column_int(q, 4), store_column_int(q, 0)};
    }
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_rows = rows;
    *ret_count = count;
    *ret_next = next;
    return ST_OK;
}

/* ---- hours ---- */

static time_us hour_of(time_us t)
{
    time_us rest = t % TIME_HOUR;
    return rest < 0 ? t - rest - TIME_HOUR : t - rest;
}

static enum status read_hours(struct store_stmt *q, time_us from, size_t hours, int64_t *reads,
                              struct error *err)
{
    for (size_t i = 0; i < hours; i++)
        reads[i] = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        int64_t i = (store_column_int(q, 0) - from) / TIME_HOUR;
        if (i >= 0 && i < i64_from_size(hours))
            reads[i] += store_column_int(q, 1);
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status read_site_hours(struct store_conn *conn, time_us from, size_t hours, int64_t *reads,
                            struct error *err)
{
    from = hour_of(from);
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT hour_at, reads FROM site_read"
                                                 " WHERE hour_at >= $1 AND hour_at < $2"));
    store_bind_int(q, 1, from);
    store_bind_int(q, 2, from + i64_from_size(hours) * TIME_HOUR);
    return read_hours(q, from, hours, reads, err);
}

enum status read_story_hours(struct store_conn *conn, story_id story, time_us from, size_t hours,
                             int64_t *reads, struct error *err)
{
    from = hour_of(from);
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT hour_at, reads FROM read_count WHERE story = $3"
                              " AND hour_at >= $1 AND hour_at < $2"));
    store_bind_int(q, 1, from);
    store_bind_int(q, 2, from + i64_from_size(hours) * TIME_HOUR);
    store_bind_int(q, 3, story.v);
    return read_hours(q, from, hours, reads, err);
}

enum status read_story_all(struct store_conn *conn, story_id story, int64_t *ret_reads,
                           struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT reads FROM story_heat WHERE story = $1"));
    store_bind_int(q, 1, story.v);
    enum status st = store_step(q, err);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_reads = st == ST_OK ? store_column_int(q, 0) : 0;
    return ST_OK;
}
