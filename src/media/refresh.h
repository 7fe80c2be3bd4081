/* media/refresh.h -- stories catch up with the records of the pictures they show, behind.
 *
 *     st = refresh_run(&(struct refresh_work){...}, clock_monotonic() + STRETCH, &done, err);   // the watch thread
 *     st = refresh_run(&work, TIME_NEVER, &done, err);                                           // a command
 *
 * A picture taken in after the stories that name it, a new size, a replacement: the write leaves a job
 * "pictures" for each story that names the path. The job writes the story's attributes anew
 * (text/pictures.h), follows paths that moved, and raises its name if anything changed.
 *
 * Job 0 looks through everything once: migration 0004 leaves it, as story_picture is empty
 * then. Its payload is the last story done, so that it goes on where a process ended.
 *
 * Each step is a write of its own, a few stories at a time, behind interactive ones.
 *
 * Threads: any but the writer's; it waits for the writer. */
#pragma once
#include "base/clock.h"
#include "base/str.h"

struct rng;
struct site_settings;
struct store;
struct store_conn;

enum { REFRESH_BATCH = 16 /* stories a write */ };

struct refresh_work {
    struct store *store;
    struct store_conn *conn; /* a reading connection of the calling thread's own */
    const struct clock *clock;
    const struct rng *rng;
    const struct site_settings *site; /* the address of the site, and the language of its words */
};
/* Until nothing is due or the deadline (clock_monotonic) is past. How many jobs were done. */
MUST_USE enum status refresh_run(const struct refresh_work *work, time_us deadline,
                                 int64_t *ret_done, struct error *err);
/* Whether stories of an older version are still to be looked through. */
MUST_USE enum status refresh_pending(struct store_conn *conn, bool *ret_pending, struct error *err);
