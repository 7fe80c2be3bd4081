/* SPDX-License-Identifier: MIT
 *
 * due_at is both "not before" and "the lease ends": whoever claims moves it ahead, so one index
 * finds what waits and what was dropped by a process that died. */
#include "news/job.h"
#include "base/arena.h"
#include "base/random.h"
#include "store/store.h"

enum { CLAIM_MAX = 1000 };

enum status job_add(struct newsroom *desk, str kind, int64_t subject, str payload, time_us due_at,
                    struct error *err)
{
    /* While it is claimed: the claim is taken off, so that `done` finds it asked for anew, but
     * the lease still keeps others away until then. */
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx),
                    SQL("INSERT INTO job (kind, subject, payload, due_at, created_at)"
                        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (kind, subject) DO UPDATE SET"
                        " payload = excluded.payload, claim = NULL,"
                        " due_at = CASE WHEN job.claim IS NOT NULL OR job.due_at < excluded.due_at"
                        " THEN job.due_at ELSE excluded.due_at END"));
    store_bind_text(q, 1, kind);
    store_bind_int(q, 2, subject);
    store_bind_text(q, 3, payload);
    store_bind_int(q, 4, due_at);
    store_bind_int(q, 5, desk->now);
    return store_run(q, err);
}

enum status job_claim_many(struct newsroom *desk, str kind, time_us lease, size_t max,
                           struct job **ret_jobs, size_t *ret_count, struct error *err)
{
    max = max < CLAIM_MAX ? max : CLAIM_MAX;
    str claim = random_token(desk->rng, desk->arena, 8);
    /* The outer "due_at <= $4" is for two nodes at once: the second sees the first's new due_at. */
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("UPDATE job SET claim = $1, due_at = $2, attempts = attempts + 1"
            " WHERE due_at <= $4 AND id IN (SELECT id FROM job WHERE kind = $3 AND due_at <= $4"
            " ORDER BY due_at, id LIMIT $5) RETURNING id, subject, payload, attempts"));
    store_bind_text(q, 1, claim);
    store_bind_int(q, 2, desk->now + lease);
    store_bind_text(q, 3, kind);
    store_bind_int(q, 4, desk->now);
    store_bind_int(q, 5, i64_from_size(max));
    struct job *jobs = arena_new_array(desk->arena, struct job, max);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        CHECK(count < max);
        jobs[count++] = (struct job){.id = store_column_int(q, 0),
                                     .kind = kind,
                                     .subject = store_column_int(q, 1),
                                     .payload = str_copy(desk->arena, store_column_text(q, 2)),
                                     .claim = claim,
                                     .attempts = store_column_int(q, 3)};
    }
    if (st != ST_NOT_FOUND)
        return st;
    *ret_jobs = jobs;
    *ret_count = count;
    return ST_OK;
}

enum status job_claim(struct newsroom *desk, str kind, time_us lease, struct job *ret_job,
                      struct error *err)
{
    struct job *jobs;
    size_t count = 0;
    enum status st = job_claim_many(desk, kind, lease, 1, &jobs, &count, err);
    if (st != ST_OK)
        return st;
    if (count == 0)
        return error_set(err, ST_NOT_FOUND, "no job of that kind is due");
    *ret_job = jobs[0];
    return ST_OK;
}

enum status job_done(struct newsroom *desk, const struct job *job, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    AUTO(store_stmt_donep)
    struct store_stmt *gone =
        store_query(conn, SQL("DELETE FROM job WHERE id = $1 AND claim = $2"));
    store_bind_int(gone, 1, job->id);
    store_bind_text(gone, 2, job->claim);
    enum status st = store_run(gone, err);
    if (st != ST_OK || store_stmt_changes(gone) > 0)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *anew = store_query(
        conn, SQL("UPDATE job SET due_at = $2, attempts = 0 WHERE id = $1 AND claim IS NULL"));
    store_bind_int(anew, 1, job->id);
    store_bind_int(anew, 2, desk->now);
    return store_run(anew, err);
}

enum status job_failed(struct newsroom *desk, const struct job *job, str why, struct error *err)
{
    int64_t tries = job->attempts > 0 ? job->attempts - 1 : 0;
    time_us wait = tries >= JOB_ATTEMPTS_MAX ? TIME_DAY : TIME_MINUTE << tries;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(store_tx_conn(desk->tx),
                                       SQL("UPDATE job SET claim = NULL, failure = $3, due_at = $4"
                                           " WHERE id = $1 AND (claim = $2 OR claim IS NULL)"));
    store_bind_int(q, 1, job->id);
    store_bind_text(q, 2, job->claim);
    store_bind_text(q, 3, why);
    store_bind_int(q, 4, desk->now + wait);
    return store_run(q, err);
}

enum status job_next_due(struct store_conn *conn, str kind, time_us *ret_due_at, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT due_at FROM job WHERE kind = $1 ORDER BY due_at, id LIMIT 1"));
    store_bind_text(q, 1, kind);
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "no job of that kind waits");
    if (st == ST_OK)
        *ret_due_at = store_column_int(q, 0);
    return st;
}
