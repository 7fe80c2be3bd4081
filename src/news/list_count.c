/* SPDX-License-Identifier: MIT
 *
 * Places and totals of lists. A stretch is the time shifted right: floor division by a power of
 * two, so that times before 1970 work too. Both levels of a list agree, as a coarse stretch is
 * 2^(LIST_COARSE_BITS - LIST_FINE_BITS) fine ones. */
#include "news/list_count.h"
#include "base/arena.h"
#include "store/store.h"

enum level { LEVEL_COARSE = 0, LEVEL_FINE = 1 };

static int64_t slot_of(time_us at, enum level level)
{
    int bits = level == LEVEL_FINE ? LIST_FINE_BITS : LIST_COARSE_BITS;
    int64_t width = INT64_C(1) << bits;
    return at >= 0 ? at / width : -((-(at + 1)) / width) - 1;
}

static time_us slot_start(int64_t slot, enum level level)
{
    return slot * (INT64_C(1) << (level == LEVEL_FINE ? LIST_FINE_BITS : LIST_COARSE_BITS));
}

/* Only the list of all stories is long enough for the second level to pay. */
static bool has_fine(enum list_kind list)
{
    return list == LIST_ALL;
}

/* ---- keeping ---- */

static enum status add_at(struct newsroom *desk, enum list_kind list, int64_t of, enum level level,
                          time_us at, int64_t stories, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("INSERT INTO list_count (list, of, level, slot, stories) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (list, of, level, slot)"
            " DO UPDATE SET stories = list_count.stories + excluded.stories"));
    store_bind_int(q, 1, list);
    store_bind_int(q, 2, of);
    store_bind_int(q, 3, level);
    store_bind_int(q, 4, slot_of(at, level));
    store_bind_int(q, 5, stories);
    return store_run(q, err);
}

enum status list_count_add(struct newsroom *desk, enum list_kind list, int64_t of, time_us at,
                           int64_t stories, struct error *err)
{
    enum status st = add_at(desk, list, of, LEVEL_COARSE, at, stories, err);
    if (st != ST_OK || !has_fine(list))
        return st;
    return add_at(desk, list, of, LEVEL_FINE, at, stories, err);
}

/* ---- sums ---- */

/* Stories in the slots [first, last] of a level. */
static enum status sum_slots(struct store_conn *conn, enum list_kind list, int64_t of,
                             enum level level, int64_t first, int64_t last, int64_t *ret_sum,
                             struct error *err)
{
    if (first > last) {
        *ret_sum = 0;
        return ST_OK;
    }
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT CAST(COALESCE(SUM(stories), 0) AS BIGINT) FROM list_count"
                  " WHERE list = $1 AND of = $2 AND level = $3 AND slot >= $4 AND slot <= $5"));
    store_bind_int(q, 1, list);
    store_bind_int(q, 2, of);
    store_bind_int(q, 3, level);
    store_bind_int(q, 4, first);
    store_bind_int(q, 5, last);
    enum status st = store_step(q, err);
    if (st == ST_OK)
        *ret_sum = store_column_int(q, 0);
    return st;
}

/* The list's own index, newest first within [from, until): (time, id) of each story. */
static struct store_stmt *walk(struct store_conn *conn, enum list_kind list, int64_t of,
                               time_us from, time_us until)
{
    store_sql sql = SQL("SELECT s.published_at, s.id FROM story s"
                        " WHERE s.kind = 'story' AND s.state = 'published'"
                        " AND s.published_at >= $1 AND s.published_at < $2"
                        " ORDER BY s.published_at DESC, s.id DESC");
    if (list == LIST_TAG)
        sql = SQL("SELECT l.listed_at, l.story FROM story_tag l WHERE l.tag = $3"
                  " AND l.listed_at >= $1 AND l.listed_at < $2"
                  " ORDER BY l.listed_at DESC, l.story DESC");
    if (list == LIST_BYLINE)
        sql = SQL("SELECT l.listed_at, l.story FROM story_byline l WHERE l.byline = $3"
                  " AND l.listed_at >= $1 AND l.listed_at < $2"
                  " ORDER BY l.listed_at DESC, l.story DESC");
    struct store_stmt *q = store_query(conn, sql);
    store_bind_int(q, 1, from);
    store_bind_int(q, 2, until);
    if (list != LIST_ALL)
        store_bind_int(q, 3, of);
    return q;
}

/* How many stories of the list are published at or after `at`. */
static enum status rank_of(struct store_conn *conn, enum list_kind list, int64_t of, time_us at,
                           int64_t *ret_rank, struct error *err)
{
    enum level finest = has_fine(list) ? LEVEL_FINE : LEVEL_COARSE;
    int64_t coarse = slot_of(at, LEVEL_COARSE), newer = 0, within = 0;
    enum status st = sum_slots(conn, list, of, LEVEL_COARSE, coarse + 1, INT64_MAX, &newer, err);
    if (st != ST_OK)
        return st;
    int64_t slot = slot_of(at, finest);
    if (finest == LEVEL_FINE) {
        int64_t last = slot_of(slot_start(coarse + 1, LEVEL_COARSE) - 1, LEVEL_FINE);
        st = sum_slots(conn, list, of, LEVEL_FINE, slot + 1, last, &within, err);
        if (st != ST_OK)
            return st;
    }
    AUTO(store_stmt_donep)
    struct store_stmt *q = walk(conn, list, of, at, slot_start(slot + 1, finest));
    int64_t beside = 0;
    while ((st = store_step(q, err)) == ST_OK)
        beside++;
    if (st != ST_NOT_FOUND)
        return st;
    *ret_rank = newer + within + beside;
    return ST_OK;
}

/* A bound that is no real time is the end of the list. */
static bool bounded(time_us at)
{
    return at != 0 && at > INT64_MIN / 2 && at < INT64_MAX / 2;
}

enum status story_list_total(struct store_conn *conn, enum list_kind list, int64_t of, time_us from,
                             time_us until, int64_t *ret_total, struct error *err)
{
    int64_t at_or_after_from = 0, at_or_after_until = 0;
    enum status st = bounded(from) ? rank_of(conn, list, of, from, &at_or_after_from, err)
                                   : sum_slots(conn, list, of, LEVEL_COARSE, INT64_MIN, INT64_MAX,
                                               &at_or_after_from, err);
    if (st != ST_OK)
        return st;
    if (bounded(until)) {
        st = rank_of(conn, list, of, until, &at_or_after_until, err);
        if (st != ST_OK)
            return st;
    }
    *ret_total = at_or_after_from > at_or_after_until ? at_or_after_from - at_or_after_until : 0;
    return ST_OK;
}

/* ---- seeking ---- */

/* Goes down the slots of [first, last] from the newest until `*skip` lie in or before one: *ret_slot
 * is that one, and *skip what is left to pass over within it. */
static enum status seek_slot(struct store_conn *conn, enum list_kind list, int64_t of,
                             enum level level, int64_t first, int64_t last, int64_t *skip,
                             int64_t *ret_slot, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT slot, stories FROM list_count WHERE list = $1 AND of = $2 AND level = $3"
                  " AND slot >= $4 AND slot <= $5 ORDER BY slot DESC"));
    store_bind_int(q, 1, list);
    store_bind_int(q, 2, of);
    store_bind_int(q, 3, level);
    store_bind_int(q, 4, first);
    store_bind_int(q, 5, last);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        int64_t stories = store_column_int(q, 1);
        if (*skip <= stories) {
            *ret_slot = store_column_int(q, 0);
            return ST_OK;
        }
        *skip -= stories;
    }
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "the list is not that long");
    return st;
}

enum status story_list_seek(struct store_conn *conn, enum list_kind list, int64_t of, time_us until,
                            int64_t skip, struct story_key *ret_before, struct error *err)
{
    if (skip <= 0) {
        *ret_before = (struct story_key){0, 0};
        return ST_OK;
    }
    enum status st;
    if (bounded(until)) {
        int64_t newer = 0;
        st = rank_of(conn, list, of, until, &newer, err);
        if (st != ST_OK)
            return st;
        skip += newer;
    }
    int64_t slot = 0;
    enum level level = LEVEL_COARSE;
    st = seek_slot(conn, list, of, level, INT64_MIN, INT64_MAX, &skip, &slot, err);
    if (st == ST_OK && has_fine(list)) {
        int64_t first = slot_of(slot_start(slot, LEVEL_COARSE), LEVEL_FINE);
        int64_t last = slot_of(slot_start(slot + 1, LEVEL_COARSE) - 1, LEVEL_FINE);
        level = LEVEL_FINE;
        st = seek_slot(conn, list, of, level, first, last, &skip, &slot, err);
    }
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        walk(conn, list, of, slot_start(slot, level), slot_start(slot + 1, level));
    while (skip > 0 && (st = store_step(q, err)) == ST_OK)
        skip--;
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "the list is not that long");
    if (st != ST_OK)
        return st;
    *ret_before = (struct story_key){store_column_int(q, 0), store_column_int(q, 1)};
    return ST_OK;
}

enum status story_list_page(struct store_conn *conn, const struct story_query *query, int64_t page,
                            struct story_page *ret_page, struct error *err)
{
    int64_t limit = query->limit == 0 ? LIST_LIMIT_DEFAULT : i64_from_size(query->limit);
    struct story_page p = {0};
    enum status st =
        story_list_total(conn, query->list, query->of, query->from, query->until, &p.total, err);
    if (st != ST_OK)
        return st;
    p.pages = p.total == 0 ? 1 : (p.total - 1) / limit + 1;
    if (page < 1 || page > p.pages)
        return error_set(err, ST_NOT_FOUND, "there is no page %lld of %lld", (long long)page,
                         (long long)p.pages);
    st = story_list_seek(conn, query->list, query->of, query->until, (page - 1) * limit, &p.before,
                         err);
    if (st == ST_OK)
        *ret_page = p;
    return st;
}

enum status story_list_newest_before(struct store_conn *conn, enum list_kind list, int64_t of,
                                     time_us before, time_us *ret_at, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = walk(conn, list, of, INT64_MIN, before != 0 ? before : INT64_MAX);
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "nothing older is listed");
    if (st == ST_OK)
        *ret_at = store_column_int(q, 0);
    return st;
}
