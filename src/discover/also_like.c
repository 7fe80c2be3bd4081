/* SPDX-License-Identifier: MIT */
#include "discover/also_like.h"
#include "base/arena.h"
#include "discover/related.h"
#include "discover/terms.h"
#include "news/read_count.h"
#include "news/story_row.h"
#include "store/store.h"

#define STEPS_AND_HEAT                                                                             \
    "SELECT * FROM (SELECT 0 AS sign, r.reads AS n, " STORY_COLUMNS                                \
    " FROM read_on r CROSS JOIN story s WHERE r.story = $1 AND s.id = r.next"                      \
    " AND s.state = 'published' ORDER BY r.reads DESC, r.next DESC LIMIT $2) AS older"             \
    " UNION ALL "                                                                                  \
    "SELECT * FROM (SELECT 1 AS sign, h.heat AS n, " STORY_COLUMNS                                 \
    " FROM story_heat h CROSS JOIN story s WHERE s.id = h.story"                                   \
    " AND s.state = 'published' ORDER BY h.heat DESC, h.story DESC LIMIT $2) AS newer"

/* In shares of one: what the best of likeness and of heat count for where no step is known. */
static const double like_share = 0.7, heat_share = 0.3;

struct candidate {
    struct story *story;
    double steps, like, heat;
    double score;
};

struct candidates {
    struct candidate *list;
    size_t count;
    double steps, most_heat;
};

static struct candidate *candidate_for(struct candidates *c, struct story *story)
{
    for (size_t i = 0; i < c->count; i++) {
        if (c->list[i].story->id.v == story->id.v)
            return &c->list[i];
    }
    c->list[c->count] = (struct candidate){.story = story};
    return &c->list[c->count++];
}

static enum status read_signs(struct store_conn *conn, const struct also_like_query *q,
                              struct arena *arena, struct candidates *c, struct error *err)
{
    AUTO(store_stmt_donep) struct store_stmt *stmt = store_query(conn, SQL(STEPS_AND_HEAT));
    store_bind_int(stmt, 1, q->story->id.v);
    store_bind_int(stmt, 2, ALSO_LIKE_CANDIDATES);
    enum status st;
    while ((st = store_step(stmt, err)) == ST_OK) {
        bool is_step = store_column_int(stmt, 0) == 0;
        int64_t n = store_column_int(stmt, 1);
        double faded = is_step ? 0 : heat_now(n, q->now);
        if (!is_step && faded < ALSO_LIKE_HEAT_MIN)
            continue;
        struct candidate *one = candidate_for(c, story_from_row(stmt, 2, arena));
        if (is_step) {
            one->steps = (double)n;
            c->steps += (double)n;
        } else {
            one->heat = faded;
            c->most_heat = faded > c->most_heat ? faded : c->most_heat;
        }
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static void blend(struct candidates *c)
{
    double known = c->steps / (c->steps + ALSO_LIKE_STEPS_HALF);
    for (size_t i = 0; i < c->count; i++) {
        struct candidate *one = &c->list[i];
        double step = c->steps > 0 ? one->steps / c->steps : 0;
        double heat = c->most_heat > 0 ? one->heat / c->most_heat : 0;
        one->score = known * step + (1 - known) * (like_share * one->like + heat_share * heat);
    }
}

static bool is_taken(const struct also_like_query *q, const struct story *story)
{
    if (story->id.v == q->story->id.v || story->kind != STORY_STORY)
        return true;
    if (fingerprint_distance(story->fingerprint, q->story->fingerprint) <= RELATED_TWIN_BITS)
        return true;
    for (size_t i = 0; i < q->taken_count; i++) {
        if (q->taken[i]->id.v == story->id.v)
            return true;
    }
    return false;
}

/* Best first; of equals the newer. */
static int by_score(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    if (x->score != y->score)
        return x->score < y->score ? 1 : -1;
    if (x->story->published_at != y->story->published_at)
        return x->story->published_at < y->story->published_at ? 1 : -1;
    return x->story->id.v < y->story->id.v ? 1 : -1;
}

static bool twin_of_any(struct story *const *rows, size_t count, const struct story *story)
{
    for (size_t i = 0; i < count; i++) {
        if (fingerprint_distance(rows[i]->fingerprint, story->fingerprint) <= RELATED_TWIN_BITS)
            return true;
    }
    return false;
}

enum status also_like_fill(struct store_conn *conn, const struct also_like_query *q,
                           struct arena *arena, struct story_list *ret_list, struct error *err)
{
    size_t most = 2 * ALSO_LIKE_CANDIDATES + q->likes_count;
    struct candidates c = {.list = arena_new_array(arena, struct candidate, most)};
    for (size_t i = 0; i < q->likes_count; i++) {
        double like = (double)q->likes_score[i] / (double)RELATED_ONE;
        candidate_for(&c, q->likes[i])->like = like < 1 ? like : 1;
    }
    enum status st = read_signs(conn, q, arena, &c, err);
    if (st != ST_OK)
        return st;
    blend(&c);
    qsort(c.list, c.count, sizeof(*c.list), by_score);
    struct story_list list = {.rows = arena_new_array(arena, struct story *, q->limit)};
    for (size_t i = 0; i < c.count && list.count < q->limit; i++) {
        struct story *story = c.list[i].story;
        if (!is_taken(q, story) && !twin_of_any(list.rows, list.count, story))
            list.rows[list.count++] = story;
    }
    *ret_list = list;
    return ST_OK;
}
