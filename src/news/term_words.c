/* SPDX-License-Identifier: MIT */
#include "news/term_words.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "news/job.h"
#include "store/fulltext.h"
#include "store/store.h"

enum { NAMES_BYTES_MAX = 64 * 1024 };

/* Those of a term, by its list; and those of one story, for a term that is gone. */
static const str kinds[] = {STR_INIT("story words"), [LIST_TAG] = STR_INIT("tag words"),
                            [LIST_BYLINE] = STR_INIT("byline words")};
static_assert(LIST_ALL == 0, "the first is no list's");

enum status term_words_later(struct newsroom *desk, enum list_kind list, int64_t of,
                             struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(store_tx_conn(desk->tx),
                                       SQL("DELETE FROM job WHERE kind = $1 AND subject = $2"));
    store_bind_text(q, 1, kinds[list]);
    store_bind_int(q, 2, of);
    enum status st = store_run(q, err);
    return st == ST_OK ? job_add(desk, kinds[list], of, STR_NONE, desk->now, err) : st;
}

enum status term_words_forget(struct newsroom *desk, enum list_kind list, int64_t of,
                              struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        list == LIST_TAG
            ? SQL("INSERT INTO job (kind, subject, due_at, created_at)"
                  " SELECT 'story words', story, $2, $2 FROM story_tag WHERE tag = $1"
                  " ON CONFLICT (kind, subject) DO NOTHING")
            : SQL("INSERT INTO job (kind, subject, due_at, created_at)"
                  " SELECT 'story words', story, $2, $2 FROM story_byline WHERE byline = $1"
                  " ON CONFLICT (kind, subject) DO NOTHING"));
    store_bind_int(q, 1, of);
    store_bind_int(q, 2, desk->now);
    return store_run(q, err);
}

enum status term_words_story_later(struct newsroom *desk, story_id id, struct error *err)
{
    return job_add(desk, kinds[0], id.v, STR_NONE, desk->now, err);
}

enum status term_words_due(struct store_conn *conn, time_us now, bool *ret_due, struct error *err)
{
    *ret_due = false;
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        time_us due;
        enum status st = job_next_due(conn, kinds[i], &due, err);
        if (st != ST_OK && st != ST_NOT_FOUND)
            return st;
        *ret_due = *ret_due || (st == ST_OK && due <= now);
    }
    return ST_OK;
}

/* ---- one story ---- */

/* The names a story's terms have now, one a line, as story_save writes them. */
static enum status names_now(struct newsroom *desk, store_sql sql, int64_t story, str *ret_names,
                             struct error *err)
{
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(store_tx_conn(desk->tx), sql);
    struct buf b;
    enum status st;
    buf_init(&b, desk->arena, NAMES_BYTES_MAX);
    store_bind_int(q, 1, story);
    while ((st = store_step(q, err)) == ST_OK) {
        if (b.len > 0)
            buf_add_char(&b, '\n');
        buf_add(&b, store_column_text(q, 0));
    }
    return st == ST_NOT_FOUND ? buf_finish(&b, ret_names, err) : st;
}

static enum status story_refresh(struct newsroom *desk, int64_t story, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    str tags, bylines;
    enum status st = names_now(desk,
                               SQL("SELECT t.name FROM story_tag l CROSS JOIN tag t"
                                   " WHERE l.story = $1 AND t.id = l.tag ORDER BY l.position"),
                               story, &tags, err);
    if (st == ST_OK)
        st = names_now(desk,
                       SQL("SELECT b.name FROM story_byline l CROSS JOIN byline b"
                           " WHERE l.story = $1 AND b.id = l.byline ORDER BY l.position"),
                       story, &bylines, err);
    if (st == ST_OK) /* the index is told what it had while the row still says it */
        st = fulltext_drop(conn, story, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("UPDATE story_text SET tags = $2, bylines = $3 WHERE story = $1"));
    store_bind_int(q, 1, story);
    store_bind_text(q, 2, tags);
    store_bind_text(q, 3, bylines);
    st = store_run(q, err);
    return st == ST_OK ? fulltext_put(conn, story, err) : st;
}

/* ---- a step ---- */

/* How far a job has come, in the order of the lists' index: first the stories that are in no list, by
 * id; then those that are, by time and id. */
struct place {
    bool listed;
    time_us at;
    int64_t story;
};

/* "ID" or "AT ID"; anything else is the start. */
static struct place place_read(str text)
{
    struct place place = {0};
    str first = str_cut(&text, ' ');
    place.listed = text.len > 0;
    if (place.listed ? !str_to_i64(first, &place.at) || !str_to_i64(text, &place.story)
                     : !str_to_i64(first, &place.story))
        place = (struct place){0};
    return place;
}

static str place_text(struct arena *arena, const struct place *place)
{
    if (!place->listed)
        return str_format(arena, "%lld", (long long)place->story);
    return str_format(arena, "%lld %lld", (long long)place->at, (long long)place->story);
}

static store_sql stories_sql(enum list_kind list, bool listed)
{
    if (list == LIST_TAG)
        return listed ? SQL("SELECT listed_at, story FROM story_tag WHERE tag = $1"
                            " AND (listed_at, story) > ($2, $3) ORDER BY listed_at, story LIMIT $4")
                      : SQL("SELECT 0, story FROM story_tag WHERE tag = $1 AND listed_at IS NULL"
                            " AND $2 = 0 AND story > $3 ORDER BY story LIMIT $4");
    return listed ? SQL("SELECT listed_at, story FROM story_byline WHERE byline = $1"
                        " AND (listed_at, story) > ($2, $3) ORDER BY listed_at, story LIMIT $4")
                  : SQL("SELECT 0, story FROM story_byline WHERE byline = $1 AND listed_at IS NULL"
                        " AND $2 = 0 AND story > $3 ORDER BY story LIMIT $4");
}

/* The next stories; the place moves to the last of them. */
static enum status stories_next(struct newsroom *desk, enum list_kind list, int64_t of,
                                struct place *place, int64_t *ids, size_t *ret_count,
                                struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(store_tx_conn(desk->tx), stories_sql(list, place->listed));
    store_bind_int(q, 1, of);
    store_bind_int(q, 2, place->at);
    store_bind_int(q, 3, place->story);
    store_bind_int(q, 4, TERM_WORDS_A_STEP);
    enum status st;
    *ret_count = 0;
    while ((st = store_step(q, err)) == ST_OK) {
        place->at = store_column_int(q, 0);
        place->story = store_column_int(q, 1);
        ids[(*ret_count)++] = place->story;
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status work(struct newsroom *desk, enum list_kind list, const struct job *job,
                        struct error *err)
{
    int64_t ids[TERM_WORDS_A_STEP];
    size_t count;
    struct place place = place_read(job->payload);
    enum status st = stories_next(desk, list, job->subject, &place, ids, &count, err);
    for (size_t i = 0; st == ST_OK && i < count; i++)
        st = story_refresh(desk, ids[i], err);
    if (st == ST_OK)
        st = job_done(desk, job, err);
    if (st != ST_OK || (count < TERM_WORDS_A_STEP && place.listed))
        return st;
    if (count < TERM_WORDS_A_STEP)
        place = (struct place){.listed = true, .at = -INT64_MAX};
    return job_add(desk, kinds[list], job->subject, place_text(desk->arena, &place), desk->now,
                   err);
}

/* The stories of a term that is gone; *ret_any: there were some. */
static enum status work_stories(struct newsroom *desk, bool *ret_any, struct error *err)
{
    struct job *jobs;
    size_t count = 0;
    enum status st =
        job_claim_many(desk, kinds[0], JOB_LEASE, TERM_WORDS_A_STEP, &jobs, &count, err);
    for (size_t i = 0; st == ST_OK && i < count; i++) {
        st = story_refresh(desk, jobs[i].subject, err);
        if (st == ST_OK)
            st = job_done(desk, &jobs[i], err);
    }
    *ret_any = st == ST_OK && count > 0;
    return st;
}

enum status term_words_step(struct newsroom *desk, bool *ret_more, struct error *err)
{
    struct job job;
    enum status stories = work_stories(desk, ret_more, err);
    if (stories != ST_OK || *ret_more)
        return stories;
    for (size_t i = LIST_TAG; i <= LIST_BYLINE; i++) {
        enum status st = job_claim(desk, kinds[i], JOB_LEASE, &job, err);
        if (st == ST_NOT_FOUND)
            continue;
        if (st == ST_OK)
            st = work(desk, (enum list_kind)i, &job, err);
        *ret_more = st == ST_OK;
        return st;
    }
    return ST_OK;
}
