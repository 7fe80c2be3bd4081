/* SPDX-License-Identifier: MIT */
#include "news/schedule.h"
#include "base/arena.h"
#include "news/story.h"
#include "store/store.h"

enum { SCHEDULE_MAX = 1000 };

struct due {
    story_id id;
    time_us at;
};

static enum status read_due(struct newsroom *desk, size_t max, struct due *due, size_t *ret_count,
                            struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx), SQL("SELECT id, published_at FROM story WHERE state = 'scheduled'"
                                     " AND published_at <= $1 ORDER BY published_at, id LIMIT $2"));
    store_bind_int(q, 1, desk->now);
    store_bind_int(q, 2, i64_from_size(max));
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < max)
        due[count++] = (struct due){{store_column_int(q, 0)}, store_column_int(q, 1)};
    *ret_count = count;
    return st == ST_OK || st == ST_NOT_FOUND ? ST_OK : st;
}

enum status schedule_run(struct newsroom *desk, size_t max, size_t *ret_published,
                         struct error *err)
{
    max = max < SCHEDULE_MAX ? max : SCHEDULE_MAX;
    /* Read to the end first: publishing takes stories out of the index that is walked. */
    struct due *due = arena_new_array(desk->arena, struct due, max);
    size_t count = 0;
    enum status st = read_due(desk, max, due, &count, err);
    for (size_t i = 0; st == ST_OK && i < count; i++)
        st = story_publish(desk, due[i].id, due[i].at, err);
    if (st == ST_OK)
        *ret_published = count;
    return st;
}

enum status schedule_next(struct store_conn *conn, time_us *ret_at, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT published_at FROM story WHERE state = 'scheduled'"
                              " ORDER BY published_at, id LIMIT 1"));
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "nothing is scheduled");
    if (st == ST_OK)
        *ret_at = store_column_int(q, 0);
    return st;
}
