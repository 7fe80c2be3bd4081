/* SPDX-License-Identifier: MIT
 *
 * A batch goes through five steps:
 *
 *     claim     (write)  the jobs that are due
 *     count     (read)   the stories' texts; words, names and tags of each
 *     weigh     (write)  words into the table of terms, which answers how many stories have them;
 *                        once all of the batch are counted, each story's telling terms
 *     liken     (read)   for each story the newest that share a term, and how alike they are
 *     keep      (write)  its list, its place in its neighbours' lists, the job done
 *
 * Both writes go behind all others, a few milliseconds at a time. A batch that is cut short is
 * claimed again when its lease is over, and does the same once more.
 *
 * Tried and dropped: asking the full-text index for candidates. It knows where a word stands,
 * not whether it tells; the commonest words of a story brought thousands of unlike ones. */
#include "discover/related.h"
#include "base/arena.h"
#include "base/map.h"
#include "discover/terms.h"
#include "news/job.h"
#include "news/story_row.h"
#include "store/store.h"
#include "text/token.h"
#include <math.h>

enum {
    LIKE_SLOTS = 32768, /* a power of two, over twice RELATED_TERMS * RELATED_CANDIDATES */
    SHARED_LEAST = 2,   /* terms: a section alone makes no two stories alike */
    RAISED_WITHIN = 8,  /* places of a list that a page may print */
};
static_assert(LIKE_SLOTS > 2 * RELATED_TERMS * RELATED_CANDIDATES,
              "the table must stay half empty");

#define PULL_HALF_LIFE ((double)(180 * TIME_DAY))
static const double pull_share = 0.2; /* of a score is for being about as old */

struct like {
    int64_t story;
    time_us at;
    double score;
    int terms; /* shared ones */
};

struct weighed {
    struct job job;
    struct story *story; /* NULL: not published any more */
    struct story_terms terms;
    bool first_time; /* its words are not counted yet */
    struct like likes[RELATED_NEIGHBOURS];
    size_t likes_count;
};

struct batch {
    const struct related_work *work;
    struct arena *arena;
    struct weighed *list;
    size_t count;
    struct map words;              /* to struct word */
    size_t counted, weighed, kept; /* stories done in each step of the writes */
    int64_t stories_in_all;
};

struct word {
    int64_t id, stories; /* as last told, so after all stories of the batch were counted */
};

static struct newsroom newsroom_for(const struct batch *b, struct store_tx *tx, struct arena *arena)
{
    return (struct newsroom){
        .tx = tx, .arena = arena, .rng = b->work->rng, .now = clock_now(b->work->clock)};
}

/* ---- claim ---- */

static enum status claim(struct store_tx *tx, void *arg, struct error *err)
{
    struct batch *b = arg;
    struct newsroom desk = newsroom_for(b, tx, b->arena);
    struct job *jobs;
    enum status st =
        job_claim_many(&desk, S("related"), JOB_LEASE, RELATED_BATCH, &jobs, &b->count, err);
    for (size_t i = 0; st == ST_OK && i < b->count; i++)
        b->list[i].job = jobs[i];
    return st;
}

/* ---- count ---- */

static enum status was_counted(struct store_conn *conn, story_id story, bool *ret_was,
                               struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT term FROM story_term WHERE story = $1 LIMIT 1"));
    store_bind_int(q, 1, story.v);
    enum status st = store_step(q, err);
    *ret_was = st == ST_OK;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status load_stories(struct batch *b, struct story_list *list, struct error *err)
{
    struct store_conn *conn = b->work->conn;
    int64_t *ids = arena_new_array(b->arena, int64_t, b->count);
    for (size_t i = 0; i < b->count; i++)
        ids[i] = b->list[i].job.subject;
    enum status st = story_list_by_ids(conn, ids, b->count, b->arena, list, err);
    if (st == ST_OK)
        st = story_load_terms(conn, list->rows, list->count, b->arena, err);
    if (st == ST_OK)
        st = story_load_plain(conn, list->rows, list->count, b->arena, err);
    if (st == ST_OK)
        st = story_list_total(conn, LIST_ALL, 0, 0, 0, &b->stories_in_all, err);
    for (size_t i = 0, k = 0; st == ST_OK && i < b->count && k < list->count; i++) {
        if (list->rows[k]->id.v != b->list[i].job.subject)
            continue;
        struct story *s = list->rows[k++];
        if (s->kind == STORY_STORY)
            b->list[i].story = s;
    }
    return st;
}

static enum status count(struct batch *b, struct tokenizer *tokenizer, struct error *err)
{
    struct story_list list;
    enum status st = load_stories(b, &list, err);
    for (size_t i = 0; st == ST_OK && i < b->count; i++) {
        struct weighed *w = &b->list[i];
        if (w->story == NULL)
            continue;
        bool counted = false;
        st = was_counted(b->work->conn, w->story->id, &counted, err);
        w->first_time = !counted;
        str language = w->story->language.len > 0 ? w->story->language : b->work->language;
        terms_count(b->arena, tokenizer, w->story, language, &w->terms);
    }
    return st;
}

/* ---- weigh ---- */

static enum status word_count(struct batch *b, struct store_conn *conn, str text, bool first_time,
                              struct error *err)
{
    struct word *word = map_get(&b->words, text);
    if (word == NULL) {
        word = arena_new_one(b->arena, struct word);
        (void)map_set(&b->words, text, word);
    }
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("INSERT INTO term (word, stories) VALUES ($1, $2)"
                              " ON CONFLICT (word) DO UPDATE SET"
                              " stories = term.stories + excluded.stories RETURNING id, stories"));
    store_bind_text(q, 1, text);
    store_bind_int(q, 2, first_time);
    enum status st = store_step(q, err);
    if (st != ST_OK)
        return st;
    word->id = store_column_int(q, 0);
    word->stories = store_column_int(q, 1);
    return store_run(q, err);
}

/* One story's words, and the mark that they are counted: a row of no term. Both or neither, or
 * a batch that is done again would count them again. */
static enum status count_step(struct batch *b, struct store_conn *conn, const struct weighed *w,
                              struct error *err)
{
    enum status st = ST_OK;
    if (w->story == NULL)
        return ST_OK;
    for (size_t i = 0; st == ST_OK && i < w->terms.count; i++)
        st = word_count(b, conn, w->terms.list[i].word, w->first_time, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *mark = store_query(
        conn, SQL("INSERT INTO story_term (story, term, weight, listed_at) VALUES ($1, 0, 0, 0)"
                  " ON CONFLICT (story, term) DO NOTHING"));
    store_bind_int(mark, 1, w->job.subject);
    return store_run(mark, err);
}

static enum status terms_write(struct store_conn *conn, const struct weighed *w, int64_t story,
                               struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *old =
        store_query(conn, SQL("DELETE FROM story_term WHERE story = $1 AND term <> 0"));
    store_bind_int(old, 1, story);
    enum status st = store_run(old, err);
    if (st != ST_OK || w->story == NULL)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("INSERT INTO story_term (story, term, weight, listed_at)"
                              " VALUES ($1, $2, $3, $4)"));
    for (size_t i = 0; st == ST_OK && i < w->terms.telling; i++) {
        store_stmt_reset(q);
        store_bind_int(q, 1, story);
        store_bind_int(q, 2, w->terms.list[i].id);
        store_bind_int(q, 3, llround(w->terms.list[i].weight * (double)RELATED_ONE));
        store_bind_int(q, 4, w->story->published_at);
        st = store_run(q, err);
    }
    if (st != ST_OK || w->terms.fingerprint == w->story->fingerprint)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *print =
        store_query(conn, SQL("UPDATE story SET fingerprint = $2 WHERE id = $1"));
    store_bind_int(print, 1, story);
    store_bind_int(print, 2, w->terms.fingerprint);
    return store_run(print, err);
}

/* One step of a bulk write: a story's words; once all are counted, a story's telling terms. */
static enum status weigh_step(struct store_tx *tx, void *arg, struct error *err)
{
    struct batch *b = arg;
    struct store_conn *conn = store_tx_conn(tx);
    if (b->counted < b->count)
        return count_step(b, conn, &b->list[b->counted++], err);
    if (b->weighed == b->count)
        return ST_NOT_FOUND;
    struct weighed *w = &b->list[b->weighed++];
    for (size_t i = 0; i < w->terms.count; i++) {
        const struct word *word = map_get(&b->words, w->terms.list[i].word);
        w->terms.list[i].id = word->id;
        w->terms.list[i].stories = word->stories;
    }
    terms_weigh(&w->terms, b->stories_in_all);
    return terms_write(conn, w, w->job.subject, err);
}

/* ---- liken ---- */

/* Scores by story, in a table that is wiped for each. */
struct likes {
    struct like *slots; /* story 0: free */
};

static void likes_add(struct likes *likes, int64_t story, time_us at, double score)
{
    size_t i = ((uint64_t)story * UINT64_C(0x9E3779B97F4A7C15) >> 40) & (LIKE_SLOTS - 1);
    while (likes->slots[i].story != 0 && likes->slots[i].story != story)
        i = (i + 1) & (LIKE_SLOTS - 1);
    likes->slots[i].story = story;
    likes->slots[i].at = at;
    likes->slots[i].score += score;
    likes->slots[i].terms++;
}

static enum status likes_of_term(struct store_conn *conn, const struct weighed *w,
                                 const struct term_use *term, struct likes *likes,
                                 struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT story, listed_at, weight FROM story_term WHERE term = $1"
                              " ORDER BY listed_at DESC, story DESC LIMIT $2"));
    store_bind_int(q, 1, term->id);
    store_bind_int(q, 2, RELATED_CANDIDATES);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        int64_t story = store_column_int(q, 0);
        double weight = (double)store_column_int(q, 2) / (double)RELATED_ONE;
        if (story != w->story->id.v)
            likes_add(likes, story, store_column_int(q, 1), weight * term->weight);
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* Keeps the best, best first; of equals the newer. */
static void keep_best(struct weighed *w, struct like like)
{
    size_t at = w->likes_count;
    while (at > 0 && (w->likes[at - 1].score < like.score ||
                      (w->likes[at - 1].score == like.score && w->likes[at - 1].at < like.at)))
        at--;
    if (at == RELATED_NEIGHBOURS)
        return;
    if (w->likes_count < RELATED_NEIGHBOURS)
        w->likes_count++;
    for (size_t i = w->likes_count - 1; i > at; i--)
        w->likes[i] = w->likes[i - 1];
    w->likes[at] = like;
}

static double pull(time_us a, time_us b)
{
    double apart = fabs((double)(a - b));
    return 1.0 - pull_share + pull_share * exp2(-apart / PULL_HALF_LIFE);
}

static enum status liken(struct batch *b, struct likes *likes, struct error *err)
{
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < b->count; i++) {
        struct weighed *w = &b->list[i];
        if (w->story == NULL)
            continue;
        memset(likes->slots, 0, LIKE_SLOTS * sizeof(*likes->slots));
        for (size_t k = 0; st == ST_OK && k < w->terms.telling; k++) {
            if (w->terms.list[k].stories > 1)
                st = likes_of_term(b->work->conn, w, &w->terms.list[k], likes, err);
        }
        for (size_t k = 0; k < LIKE_SLOTS; k++) {
            struct like like = likes->slots[k];
            if (like.story == 0 || like.terms < SHARED_LEAST)
                continue;
            like.score *= pull(like.at, w->story->published_at);
            if (like.score * (double)RELATED_ONE >= (double)RELATED_FLOOR)
                keep_best(w, like);
        }
    }
    return st;
}

/* ---- keep ---- */

static enum status forget(struct store_conn *conn, store_sql sql, int64_t story, struct error *err)
{
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, sql);
    store_bind_int(q, 1, story);
    store_bind_int(q, 2, RELATED_PICKED);
    return store_run(q, err);
}

/* What an editor picked keeps its score. */
static enum status row_add(struct store_conn *conn, int64_t story, int64_t other, int64_t score,
                           struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("INSERT INTO related (story, other, score) SELECT a.id, b.id, $3"
                  " FROM story a CROSS JOIN story b WHERE a.id = $1 AND b.id = $2"
                  " ON CONFLICT (story, other) DO UPDATE SET score = CASE"
                  " WHEN related.score > $4 THEN related.score ELSE excluded.score END"));
    store_bind_int(q, 1, story);
    store_bind_int(q, 2, other);
    store_bind_int(q, 3, score);
    store_bind_int(q, 4, RELATED_PICKED);
    return store_run(q, err);
}

/* Cuts a list to RELATED_KEPT; at which place `other` stands in it, RELATED_KEPT if in none. */
static enum status list_cut(struct store_conn *conn, int64_t story, int64_t other,
                            size_t *ret_place, struct error *err)
{
    int64_t score = 0, last = 0;
    size_t place = 0;
    *ret_place = RELATED_KEPT;
    {
        AUTO(store_stmt_donep)
        struct store_stmt *q =
            store_query(conn, SQL("SELECT other, score FROM related WHERE story = $1"
                                  " ORDER BY score DESC, other DESC LIMIT $2"));
        store_bind_int(q, 1, story);
        store_bind_int(q, 2, RELATED_KEPT + 1);
        enum status st;
        for (; (st = store_step(q, err)) == ST_OK; place++) {
            last = store_column_int(q, 0);
            score = store_column_int(q, 1);
            if (last == other && place < RELATED_KEPT)
                *ret_place = place;
        }
        if (st != ST_NOT_FOUND)
            return st;
    }
    if (place <= RELATED_KEPT || score > RELATED_PICKED)
        return ST_OK;
    AUTO(store_stmt_donep)
    struct store_stmt *cut = store_query(
        conn, SQL("DELETE FROM related WHERE story = $1 AND (score, other) <= ($2, $3)"));
    store_bind_int(cut, 1, story);
    store_bind_int(cut, 2, score);
    store_bind_int(cut, 3, last);
    return store_run(cut, err);
}

static enum status keep_one(struct newsroom *desk, const struct weighed *w, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    int64_t story = w->job.subject;
    enum status st =
        forget(conn, SQL("DELETE FROM related WHERE story = $1 AND score <= $2"), story, err);
    if (st == ST_OK)
        st = forget(conn, SQL("DELETE FROM related WHERE other = $1 AND score <= $2"), story, err);
    for (size_t i = 0; st == ST_OK && i < w->likes_count; i++) {
        int64_t other = w->likes[i].story, score = llround(w->likes[i].score * (double)RELATED_ONE);
        size_t place = RELATED_KEPT;
        if (i < RELATED_KEPT)
            st = row_add(conn, story, other, score, err);
        if (st == ST_OK)
            st = row_add(conn, other, story, score, err);
        if (st == ST_OK)
            st = list_cut(conn, other, story, &place, err);
        if (st == ST_OK && place < RAISED_WITHIN)
            change_story(desk, (story_id){other});
    }
    if (st == ST_OK && w->story != NULL)
        change_story(desk, (story_id){story});
    return st == ST_OK ? job_done(desk, &w->job, err) : st;
}

static enum status keep_step(struct store_tx *tx, void *arg, struct error *err)
{
    struct batch *b = arg;
    if (b->kept == b->count)
        return ST_NOT_FOUND;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct newsroom desk = newsroom_for(b, tx, arena);
    return keep_one(&desk, &b->list[b->kept++], err);
}

/* ---- a batch, and all of them ---- */

static enum status run_batch(const struct related_work *work, struct tokenizer *tokenizer,
                             struct likes *likes, int64_t *ret_done, struct error *err)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct batch b = {.work = work,
                      .arena = arena,
                      .list = arena_new_array(arena, struct weighed, RELATED_BATCH)};
    map_init(&b.words, arena);
    enum status st = store_write_wait(work->store, claim, &b, err);
    *ret_done = i64_from_size(b.count);
    if (st != ST_OK || b.count == 0)
        return st;
    st = count(&b, tokenizer, err);
    if (st == ST_OK)
        st = store_write_bulk_wait(work->store, weigh_step, &b, err);
    if (st == ST_OK)
        st = liken(&b, likes, err);
    if (st == ST_OK)
        st = store_write_bulk_wait(work->store, keep_step, &b, err);
    return st;
}

enum status related_run(const struct related_work *work, time_us deadline, int64_t *ret_done,
                        struct error *err)
{
    time_us due = 0;
    *ret_done = 0;
    /* Asked by reading: a claim of nothing would still be a write every few seconds. */
    enum status st = job_next_due(work->conn, S("related"), &due, err);
    if (st == ST_NOT_FOUND || (st == ST_OK && due > clock_now(work->clock)))
        return ST_OK;
    if (st != ST_OK)
        return st;
    AUTO(tokenizer_freep) struct tokenizer *tokenizer = tokenizer_new();
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct likes likes = {arena_new_array(arena, struct like, LIKE_SLOTS)};
    int64_t done = 1;
    while (st == ST_OK && done > 0 && clock_monotonic() < deadline) {
        st = run_batch(work, tokenizer, &likes, &done, err);
        if (st == ST_OK)
            *ret_done += done;
    }
    return st;
}

/* ---- picks and reading ---- */

enum status related_pick(struct newsroom *desk, story_id story, const story_id *picks, size_t count,
                         struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    if (count > RELATED_SHOWN)
        return error_set(err, ST_INVALID, "an editor can pick %d related stories", RELATED_SHOWN);
    AUTO(store_stmt_donep)
    struct store_stmt *old =
        store_query(conn, SQL("DELETE FROM related WHERE story = $1 AND score > $2"));
    store_bind_int(old, 1, story.v);
    store_bind_int(old, 2, RELATED_PICKED);
    enum status st = store_run(old, err);
    for (size_t i = 0; st == ST_OK && i < count; i++) {
        if (picks[i].v == story.v)
            return error_set(err, ST_INVALID, "a story is not related to itself");
        st = row_add(conn, story.v, picks[i].v, RELATED_PICKED + i64_from_size(count - i), err);
    }
    if (st != ST_OK)
        return st;
    change_story(desk, story);
    /* What likeness gave a place to a pick comes back with the next weighing. */
    return job_add(desk, S("related"), story.v, STR_NONE, desk->now, err);
}

enum status related_list(struct store_conn *conn, story_id story, struct arena *arena,
                         struct related_row **ret_rows, size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " STORY_COLUMNS ", r.score FROM related r CROSS JOIN story s"
                              " WHERE r.story = $1 AND s.id = r.other AND s.state = 'published'"
                              " ORDER BY r.score DESC, r.other DESC LIMIT $2"));
    store_bind_int(q, 1, story.v);
    store_bind_int(q, 2, RELATED_KEPT);
    struct related_row *rows = arena_new_array(arena, struct related_row, RELATED_KEPT);
    size_t found = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && found < RELATED_KEPT) {
        struct related_row *row = &rows[found++];
        row->story = story_from_row(q, 0, arena);
        row->score = store_column_int(q, STORY_COLUMNS_COUNT);
        row->picked = row->score > RELATED_PICKED;
    }
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_rows = rows;
    *ret_count = found;
    return ST_OK;
}
