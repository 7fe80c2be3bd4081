/* SPDX-License-Identifier: MIT
 *
 * A step claims a few jobs, does them and takes them away in one write: there is nothing to be done
 * outside of it, and a process that ends leaves them as they were. */
#include "media/refresh.h"
#include "base/arena.h"
#include "base/parse.h"
#include "media/media_row.h"
#include "news/job.h"
#include "news/setting.h"
#include "store/store.h"

#define KIND S("pictures")
enum { EVERYTHING = 0 /* the subject of the job that looks through all */ };

enum status media_refresh_stories(struct newsroom *desk, str path, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx),
                    SQL("INSERT INTO job (kind, subject, due_at, created_at)"
                        " SELECT 'pictures', p.story, $2, $2 FROM story_picture p WHERE p.path = $1"
                        " ON CONFLICT (kind, subject) DO UPDATE SET claim = NULL"));
    store_bind_text(q, 1, path);
    store_bind_int(q, 2, desk->now);
    return store_run(q, err);
}

enum status refresh_pending(struct store_conn *conn, bool *ret_pending, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT 1 FROM job WHERE kind = 'pictures' AND subject = 0"));
    enum status st = store_step(q, err);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_pending = st == ST_OK;
    return ST_OK;
}

/* ---- one step ---- */

struct run {
    const struct refresh_work *work;
    time_us deadline;
    int64_t done;
};

static enum status refresh_one(struct newsroom *desk, int64_t story,
                               const struct picture_lookup *lookup, struct error *err)
{
    bool changed;
    struct error why = ERROR_INIT;
    enum status st = story_refresh_pictures(desk, (story_id){story}, lookup, &changed, &why);
    if (st == ST_TOO_BIG) /* it stays without sizes: nothing was written yet */
        return ST_OK;
    if (st != ST_OK)
        *err = why;
    return st;
}

/* The next few of a table after `after`. */
static enum status ids_after(struct newsroom *desk, store_sql sql, int64_t after,
                             int64_t ids[REFRESH_BATCH], size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(store_tx_conn(desk->tx), sql);
    store_bind_int(q, 1, after);
    store_bind_int(q, 2, REFRESH_BATCH);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < REFRESH_BATCH)
        ids[count++] = store_column_int(q, 0);
    *ret_count = count;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status words_again(struct newsroom *desk, int64_t id, struct error *err)
{
    struct media *m;
    enum status st = media_by_id(store_tx_conn(desk->tx), (media_id){id}, desk->arena, &m, err);
    return st == ST_OK ? media_words_write(desk, m, err) : st;
}

/* Stories first, then the words of records. *after goes on; *ret_ended: there is nothing left. */
static enum status everything_step(struct newsroom *desk, const struct job *job,
                                   const struct picture_lookup *lookup, str *ret_next,
                                   struct error *err)
{
    bool records = str_starts(job->payload, S("media "));
    int64_t after = 0;
    str number = records ? str_from(job->payload, S("media ").len) : job->payload;
    if (number.len > 0 && !str_to_i64(number, &after))
        return error_set(err, ST_INVALID, "job %lld says \"%.*s\"", (long long)job->id,
                         STR_ARG(job->payload));
    int64_t ids[REFRESH_BATCH];
    size_t count = 0;
    enum status st =
        ids_after(desk,
                  records ? SQL("SELECT m.id FROM media m WHERE m.id > $1 ORDER BY m.id LIMIT $2")
                          : SQL("SELECT s.id FROM story s WHERE s.id > $1 ORDER BY s.id LIMIT $2"),
                  after, ids, &count, err);
    for (size_t i = 0; st == ST_OK && i < count; i++)
        st = records ? words_again(desk, ids[i], err) : refresh_one(desk, ids[i], lookup, err);
    if (st != ST_OK)
        return st;
    if (count > 0)
        *ret_next =
            str_format(desk->arena, records ? "media %lld" : "%lld", (long long)ids[count - 1]);
    else
        *ret_next = records ? STR_NONE : S("media 0");
    return ST_OK;
}

static enum status job_work(struct newsroom *desk, const struct job *job,
                            const struct picture_lookup *lookup, struct error *err)
{
    if (job->subject != EVERYTHING) {
        enum status st = refresh_one(desk, job->subject, lookup, err);
        return st == ST_OK ? job_done(desk, job, err) : st;
    }
    str next = STR_NONE;
    enum status st = everything_step(desk, job, lookup, &next, err);
    if (st == ST_OK)
        st = job_done(desk, job, err);
    return st == ST_OK && next.len > 0 ? job_add(desk, KIND, EVERYTHING, next, desk->now, err) : st;
}

static enum status step(struct store_tx *tx, void *arg, struct error *err)
{
    struct run *run = arg;
    if (clock_monotonic() >= run->deadline)
        return ST_NOT_FOUND;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct newsroom desk = {.tx = tx,
                            .arena = arena,
                            .rng = run->work->rng,
                            .now = clock_now(run->work->clock),
                            .site = run->work->site};
    struct job *jobs;
    size_t count = 0;
    enum status st = job_claim_many(&desk, KIND, JOB_LEASE, REFRESH_BATCH, &jobs, &count, err);
    const struct picture_lookup *lookup = media_lookup(arena, store_tx_conn(tx));
    for (size_t i = 0; st == ST_OK && i < count; i++)
        st = job_work(&desk, &jobs[i], lookup, err);
    if (st == ST_OK)
        run->done += i64_from_size(count);
    return st == ST_OK && count == 0 ? ST_NOT_FOUND : st;
}

enum status refresh_run(const struct refresh_work *work, time_us deadline, int64_t *ret_done,
                        struct error *err)
{
    time_us due = 0;
    struct run run = {.work = work, .deadline = deadline};
    *ret_done = 0;
    /* Asked by reading: a claim of nothing would still be a write every second. */
    enum status st = job_next_due(work->conn, KIND, &due, err);
    if (st == ST_NOT_FOUND || (st == ST_OK && due > clock_now(work->clock)))
        return ST_OK;
    if (st == ST_OK)
        st = store_write_bulk_wait(work->store, step, &run, err);
    *ret_done = run.done;
    return st;
}
