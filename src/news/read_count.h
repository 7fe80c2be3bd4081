/* news/read_count.h -- how often stories are read, hour by hour, and how hot that makes them.
 *
 *     // each loop counts in a table of its own; every 10 s they are handed over together:
 *     st = read_count_add(desk, reads, count, err);
 *     st = read_on_add(desk, pairs, count, err);       // who went on from one story to another
 *     // once an hour:
 *     st = read_count_fold(desk, 1000, &left, err);    // hours over 30 days old become days
 *
 * Heat orders stories by reads that fade: a read counts half after READ_HALF_LIFE. Instead of
 * letting all scores fade, a new read counts more: 2^((now - READ_EPOCH) / READ_HALF_LIFE). The
 * logarithm of that sum, in millionths, is kept: it only grows, needs no touching as time passes,
 * and one index has the hottest first. heat_now turns it back into faded reads.
 *
 * A story that is not there (deleted meanwhile) is passed over. What the desk's numbers are read from is filled by
 * the same write: news/read_total.h.
 *
 * Threads: as the newsroom. */
#pragma once
#include "news/news.h"

struct store_conn;

#define READ_HALF_LIFE  (7 * TIME_DAY)
#define READ_EPOCH      ((time_us)1577836800 * TIME_SECOND) /* 2020-01-01 */
#define READ_FOLD_AFTER (30 * TIME_DAY)

struct read_count {
    story_id story;
    int64_t reads;
    time_us at;   /* 0: now */
    int offset_s; /* of the site's zone east of UTC: which day it is a read of */
};
struct read_on {
    story_id story, next;
    int64_t reads;
};

MUST_USE enum status read_count_add(struct newsroom *desk, const struct read_count *reads,
                                    size_t count, struct error *err);
MUST_USE enum status read_on_add(struct newsroom *desk, const struct read_on *pairs, size_t count,
                                 struct error *err);
/* At most `max` rows at a time; *ret_left says whether there is more. */
MUST_USE enum status read_count_fold(struct newsroom *desk, size_t max, bool *ret_left,
                                     struct error *err);

/* Reads of a story since `since`, exactly to the hour. */
MUST_USE enum status read_count_since(struct store_conn *conn, story_id story, time_us since,
                                      int64_t *ret_reads, struct error *err);

int64_t heat_add(int64_t heat, bool has_heat, int64_t reads, time_us at);
double heat_now(int64_t heat, time_us now);
