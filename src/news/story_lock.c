/* SPDX-License-Identifier: MIT */
#include "news/story_lock.h"

#include "base/arena.h"
#include "store/store.h"

enum status story_lock_find(struct store_conn *conn, story_id story, time_us now,
                            struct arena *arena, struct story_lock *ret_lock, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT l.person, p.name, l.since, l.seen_at FROM story_lock l"
                              " JOIN person p ON p.id = l.person WHERE l.story = $1"));
    store_bind_int(q, 1, story.v);
    enum status st = store_step(q, err);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    if (st == ST_NOT_FOUND || store_column_int(q, 3) <= now - STORY_LOCK_LIFE)
        return error_set(err, ST_NOT_FOUND, "nobody is writing at story %lld", (long long)story.v);
    *ret_lock = (struct story_lock){.person.v = store_column_int(q, 0),
                                    .name = str_copy(arena, store_column_text(q, 1)),
                                    .since = store_column_int(q, 2),
                                    .seen_at = store_column_int(q, 3)};
    return ST_OK;
}

static enum status hold(struct newsroom *desk, story_id story, time_us since, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx), SQL("INSERT INTO story_lock (story, person, since, seen_at)"
                                     " VALUES ($1, $2, $3, $4) ON CONFLICT (story) DO UPDATE SET"
                                     " person = excluded.person, since = excluded.since,"
                                     " seen_at = excluded.seen_at"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, desk->person.v);
    store_bind_int(q, 3, since);
    store_bind_int(q, 4, desk->now);
    return store_run(q, err);
}

enum status story_lock_beat(struct newsroom *desk, story_id story, bool take,
                            struct story_lock *ret_lock, struct story_lock *ret_from,
                            struct error *err)
{
    struct story_lock lock = {.since = desk->now}, from = {0};
    enum status st =
        story_lock_find(store_tx_conn(desk->tx), story, desk->now, desk->arena, &lock, err);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    bool others = st == ST_OK && lock.person.v != desk->person.v;
    if (others && take)
        from = lock;
    if (others && !take) {
        *ret_lock = lock;
        *ret_from = from;
        return ST_OK;
    }
    lock = (struct story_lock){
        .person = desk->person, .since = others ? desk->now : lock.since, .seen_at = desk->now};
    st = hold(desk, story, lock.since, err);
    if (st != ST_OK)
        return st;
    *ret_lock = lock;
    *ret_from = from;
    return ST_OK;
}

enum status story_lock_leave(struct newsroom *desk, story_id story, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx), SQL("DELETE FROM story_lock WHERE story = $1 AND person = $2"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, desk->person.v);
    return store_run(q, err);
}
