/* SPDX-License-Identifier: MIT */
#include "news/read_count.h"
#include "base/arena.h"
#include "news/read_total.h"
#include "store/store.h"
#include <math.h>

#define MILLION 1e6

/* ---- heat ---- */

static double weight_log2(time_us at)
{
    return (double)(at - READ_EPOCH) / (double)READ_HALF_LIFE;
}

int64_t heat_add(int64_t heat, bool has_heat, int64_t reads, time_us at)
{
    double added = log2((double)(reads > 0 ? reads : 1)) + weight_log2(at);
    if (!has_heat)
        return (int64_t)llround(added * MILLION);
    double old = (double)heat / MILLION;
    double more = old > added ? old : added, less = old > added ? added : old;
    /* log2(2^a + 2^b) without ever making 2^a, which soon has no room in a double. */
    return (int64_t)llround((more + log2(1.0 + exp2(less - more))) * MILLION);
}

double heat_now(int64_t heat, time_us now)
{
    return exp2((double)heat / MILLION - weight_log2(now));
}

/* ---- adding ---- */

static time_us floor_to(time_us t, time_us unit)
{
    time_us rest = t % unit;
    return rest < 0 ? t - rest - unit : t - rest;
}

/* ST_NOT_FOUND when the story is gone. */
static enum status add_hour(struct newsroom *desk, story_id story, time_us hour, int64_t reads,
                            struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("INSERT INTO read_count (story, hour_at, reads)"
            " SELECT id, $2, $3 FROM story WHERE id = $1"
            " ON CONFLICT (story, hour_at) DO UPDATE SET reads = read_count.reads + $3"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, hour);
    store_bind_int(q, 3, reads);
    enum status st = store_run(q, err);
    if (st == ST_OK && store_stmt_changes(q) == 0)
        return ST_NOT_FOUND;
    return st;
}

static enum status add_heat(struct newsroom *desk, story_id story, time_us at, int64_t reads,
                            struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    AUTO(store_stmt_donep)
    struct store_stmt *old = store_query(conn, SQL("SELECT heat FROM story_heat WHERE story = $1"));
    store_bind_int(old, 1, story.v);
    enum status st = store_step(old, err);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    bool has_heat = st == ST_OK;
    int64_t heat = heat_add(has_heat ? store_column_int(old, 0) : 0, has_heat, reads, at);
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("INSERT INTO story_heat (story, heat, reads) VALUES ($1, $2, $3)"
                  " ON CONFLICT (story) DO UPDATE SET heat = $2, reads = story_heat.reads + $3"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, heat);
    store_bind_int(q, 3, reads);
    return store_run(q, err);
}

enum status read_count_add(struct newsroom *desk, const struct read_count *reads, size_t count,
                           struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        time_us at = reads[i].at != 0 ? reads[i].at : desk->now;
        if (reads[i].reads <= 0)
            continue;
        time_us hour = floor_to(at, TIME_HOUR);
        enum status st = add_hour(desk, reads[i].story, hour, reads[i].reads, err);
        if (st == ST_NOT_FOUND)
            continue;
        if (st == ST_OK)
            st = read_total_add(desk, reads[i].story, hour, read_day_of(at, reads[i].offset_s),
                                reads[i].reads, err);
        if (st == ST_OK)
            st = add_heat(desk, reads[i].story, at, reads[i].reads, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

enum status read_on_add(struct newsroom *desk, const struct read_on *pairs, size_t count,
                        struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (pairs[i].reads <= 0 || pairs[i].story.v == pairs[i].next.v)
            continue;
        AUTO(store_stmt_donep)
        struct store_stmt *q =
            store_query(store_tx_conn(desk->tx),
                        SQL("INSERT INTO read_on (story, next, reads)"
                            " SELECT a.id, b.id, $3 FROM story a CROSS JOIN story b"
                            " WHERE a.id = $1 AND b.id = $2"
                            " ON CONFLICT (story, next) DO UPDATE SET reads = read_on.reads + $3"));
        store_bind_int(q, 1, pairs[i].story.v);
        store_bind_int(q, 2, pairs[i].next.v);
        store_bind_int(q, 3, pairs[i].reads);
        enum status st = store_run(q, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

/* ---- folding ---- */

/* How far folding has come is kept as a setting, so that it never walks what is folded. */
#define FOLDED_UNTIL "internal.reads_folded_until"

static enum status folded_until(struct newsroom *desk, time_us *ret_at, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx), SQL("SELECT CAST(value AS BIGINT) FROM setting"
                                                 " WHERE name = '" FOLDED_UNTIL "'"));
    enum status st = store_step(q, err);
    if (st == ST_OK)
        *ret_at = store_column_int(q, 0);
    else if (st == ST_NOT_FOUND)
        *ret_at = INT64_MIN;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status set_folded_until(struct newsroom *desk, time_us at, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx),
                    SQL("INSERT INTO setting (name, value) VALUES ('" FOLDED_UNTIL "', $1)"
                        " ON CONFLICT (name) DO UPDATE SET value = excluded.value"));
    store_bind_text(q, 1, str_format(desk->arena, "%lld", (long long)at));
    return store_run(q, err);
}

struct hour_row {
    story_id story;
    time_us hour;
    int64_t reads;
};

static enum status read_hours(struct newsroom *desk, time_us from, time_us until, size_t max,
                              struct hour_row *rows, size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("SELECT story, hour_at, reads FROM read_count WHERE hour_at >= $1 AND hour_at < $2"
            " AND hour_at % $3 <> 0 ORDER BY hour_at, story LIMIT $4"));
    store_bind_int(q, 1, from);
    store_bind_int(q, 2, until);
    store_bind_int(q, 3, TIME_DAY);
    store_bind_int(q, 4, i64_from_size(max));
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < max)
        rows[count++] = (struct hour_row){
            {store_column_int(q, 0)}, store_column_int(q, 1), store_column_int(q, 2)};
    *ret_count = count;
    return st == ST_OK || st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status fold_one(struct newsroom *desk, const struct hour_row *row, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx), SQL("DELETE FROM read_count WHERE story = $1 AND hour_at = $2"));
    store_bind_int(q, 1, row->story.v);
    store_bind_int(q, 2, row->hour);
    enum status st = store_run(q, err);
    if (st != ST_OK)
        return st;
    return add_hour(desk, row->story, floor_to(row->hour, TIME_DAY), row->reads, err);
}

enum status read_count_fold(struct newsroom *desk, size_t max, bool *ret_left, struct error *err)
{
    time_us until = floor_to(desk->now - READ_FOLD_AFTER, TIME_DAY), from = 0;
    enum status st = folded_until(desk, &from, err);
    if (st != ST_OK)
        return st;
    struct hour_row *rows = arena_new_array(desk->arena, struct hour_row, max);
    size_t count = 0;
    st = read_hours(desk, from, until, max, rows, &count, err);
    for (size_t i = 0; st == ST_OK && i < count; i++)
        st = fold_one(desk, &rows[i], err);
    bool left = count == max && max > 0;
    if (st == ST_OK)
        st = set_folded_until(desk, left ? rows[count - 1].hour : until, err);
    if (st == ST_OK)
        *ret_left = left;
    return st;
}

enum status read_count_since(struct store_conn *conn, story_id story, time_us since,
                             int64_t *ret_reads, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT CAST(COALESCE(SUM(reads), 0) AS BIGINT) FROM read_count"
                              " WHERE story = $1 AND hour_at >= $2"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, floor_to(since, TIME_HOUR));
    enum status st = store_step(q, err);
    if (st == ST_OK)
        *ret_reads = store_column_int(q, 0);
    return st;
}
