/* news/schedule.h -- scheduled stories appear when their time has come.
 *
 *     st = schedule_next(conn, &at, err);                    // ST_NOT_FOUND: nothing is scheduled
 *     ... sleep until `at`, or a little, whichever is less: the clock may be set meanwhile ...
 *     st = schedule_due(conn, now, arena, &due, &count, err);
 *     st = schedule_publish(desk, due, count, &done, err);   // in a write
 *
 * A story is due while it is scheduled and its time is past by the clock on the wall. Its row is the claim:
 * it is published by an update that asks for `scheduled`, in one transaction, so that of several processes which
 * see it due one publishes it and the others find nothing to do. What a process that was down missed is due when
 * it starts, and is published with the time it was to have. Each leaves a row in `audit`: the desk's log says
 * what appeared by itself, and what appeared late.
 *
 * Threads: as the newsroom. */
#pragma once
#include "news/news.h"

struct store_conn;

enum { SCHEDULE_DUE_MAX = 100 };  /* at a time; the rest at the next turn */
#define SCHEDULE_LATE TIME_MINUTE /* from then on it was missed, not merely a moment behind */

struct schedule_due {
    story_id story;
    time_us at;
};

struct schedule_done {
    size_t published; /* by us: what others claimed first is not counted */
    size_t late;
    time_us latest; /* by how much */
};

MUST_USE enum status schedule_next(struct store_conn *conn, time_us *ret_at, struct error *err);
/* The earliest first; at most SCHEDULE_DUE_MAX. */
MUST_USE enum status schedule_due(struct store_conn *conn, time_us now, struct arena *arena,
                                  struct schedule_due **ret_due, size_t *ret_count,
                                  struct error *err);
MUST_USE enum status schedule_publish(struct newsroom *desk, const struct schedule_due *due,
                                      size_t count, struct schedule_done *ret_done,
                                      struct error *err);
