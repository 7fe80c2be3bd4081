/* SPDX-License-Identifier: MIT */
#include "news/schedule.h"

#include "base/arena.h"
#include "news/story.h"
#include "store/store.h"

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

enum status schedule_due(struct store_conn *conn, time_us now, struct arena *arena,
                         struct schedule_due **ret_due, size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT id, published_at FROM story WHERE state = 'scheduled'"
                              " AND published_at <= $1 ORDER BY published_at, id LIMIT $2"));
    store_bind_int(q, 1, now);
    store_bind_int(q, 2, SCHEDULE_DUE_MAX);
    struct schedule_due *due = arena_new_array(arena, struct schedule_due, SCHEDULE_DUE_MAX);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < SCHEDULE_DUE_MAX)
        due[count++] = (struct schedule_due){{store_column_int(q, 0)}, store_column_int(q, 1)};
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_due = due;
    *ret_count = count;
    return ST_OK;
}

/* In the desk's log (desk/audit.h): done by nobody, and by how many seconds late. */
static enum status note(struct newsroom *desk, story_id story, time_us late, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(store_tx_conn(desk->tx),
                                       SQL("INSERT INTO audit (at, name, what, subject, detail)"
                                           " VALUES ($1, '-', $2, $3, $4)"));
    store_bind_int(q, 1, desk->now);
    store_bind_text(q, 2, late >= SCHEDULE_LATE ? S("story.appeared-late") : S("story.appeared"));
    store_bind_text(q, 3, str_format(desk->arena, "story:%lld", (long long)story.v));
    store_bind_text(q, 4, str_format(desk->arena, "%lld", (long long)(late / TIME_SECOND)));
    return store_run(q, err);
}

static enum status publish_one(struct newsroom *desk, const struct schedule_due *due,
                               struct schedule_done *done, struct error *err)
{
    struct story *story;
    enum status st = story_by_id(store_tx_conn(desk->tx), due->story, desk->arena, &story, err);
    if (st == ST_NOT_FOUND)
        return ST_OK; /* deleted since it was seen */
    /* Another process was first, or somebody chose another time. */
    if (st != ST_OK || story->state != STORY_SCHEDULED || story->published_at > desk->now)
        return st;
    st = story_publish(desk, story->id, story->published_at, err);
    if (st == ST_CONFLICT)
        return ST_OK; /* another process was first, just now */
    time_us late = desk->now - story->published_at;
    if (st == ST_OK)
        st = note(desk, story->id, late, err);
    if (st != ST_OK)
        return st;
    done->published++;
    done->late += late >= SCHEDULE_LATE;
    if (late > done->latest)
        done->latest = late;
    return ST_OK;
}

enum status schedule_publish(struct newsroom *desk, const struct schedule_due *due, size_t count,
                             struct schedule_done *ret_done, struct error *err)
{
    struct schedule_done done = {0};
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < count; i++)
        st = publish_one(desk, &due[i], &done, err);
    if (st == ST_OK)
        *ret_done = done;
    return st;
}
