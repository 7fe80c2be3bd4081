/* news/schedule.h -- scheduled stories appear when their time has come.
 *
 *     st = schedule_run(desk, 100, &published, err);        // in a write; every second or so
 *     st = schedule_next(conn, &at, err);                   // ST_NOT_FOUND: nothing is scheduled
 *
 * A story is due while it is scheduled and its time is past: publishing it is the claim, in one
 * transaction, so two processes never publish it twice, and one that was down publishes at start what
 * it missed, with the time it was to have.
 *
 * Threads: as the newsroom. */
#pragma once
#include "news/news.h"

struct store_conn;

MUST_USE enum status schedule_run(struct newsroom *desk, size_t max, size_t *ret_published,
                                  struct error *err);
MUST_USE enum status schedule_next(struct store_conn *conn, time_us *ret_at, struct error *err);
