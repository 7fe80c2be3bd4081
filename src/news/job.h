/* news/job.h -- work for later, kept in the database: nothing is lost when the process ends.
 *
 *     st = job_add(desk, S("related"), story.v, STR_NONE, desk->now, err);
 *     ...
 *     st = job_claim(desk, S("related"), JOB_LEASE, &job, err);      // ST_NOT_FOUND: nothing is due
 *     do the work, outside of the write;
 *     st = job_done(desk, &job, err);            or job_failed(desk, &job, why, err)
 *
 *               add                claim                 done
 *     (nothing) ----> waiting(due_at) ----> claimed(until) ----> (gone)
 *                        ^  failed: due later |   |
 *                        +--------------------+   | lease over: anyone may claim
 *                        +------------------------+
 *
 * There is one job for a kind and subject. Adding it again while it waits changes nothing; while it
 * is claimed, done leaves it waiting (somebody saved while the old text was worked on).
 * Several processes and nodes may claim; each claim is a row changed in one transaction.
 *
 * Threads: as the newsroom. */
#pragma once
#include "news/news.h"

struct store_conn;

#define JOB_LEASE (5 * TIME_MINUTE)
enum { JOB_ATTEMPTS_MAX = 8 }; /* then it waits a day between tries */

struct job {
    int64_t id;
    str kind;
    int64_t subject;
    str payload;
    str claim;
    int64_t attempts; /* this one counted */
};

MUST_USE enum status job_add(struct newsroom *desk, str kind, int64_t subject, str payload,
                             time_us due_at, struct error *err);
MUST_USE enum status job_claim(struct newsroom *desk, str kind, time_us lease, struct job *ret_job,
                               struct error *err);
/* As many as are due, at most `max`. ST_OK with none. */
MUST_USE enum status job_claim_many(struct newsroom *desk, str kind, time_us lease, size_t max,
                                    struct job **ret_jobs, size_t *ret_count, struct error *err);
/* Gone, unless asked for anew meanwhile. A claim that has passed to another is left alone. */
MUST_USE enum status job_done(struct newsroom *desk, const struct job *job, struct error *err);
/* Due again after 1, 2, 4, ... minutes. */
MUST_USE enum status job_failed(struct newsroom *desk, const struct job *job, str why,
                                struct error *err);
/* When the next of the kind is due; ST_NOT_FOUND: none waits. */
MUST_USE enum status job_next_due(struct store_conn *conn, str kind, time_us *ret_due_at,
                                  struct error *err);
