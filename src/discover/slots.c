/* SPDX-License-Identifier: MIT
 *
 * The lists are fetched at their fixed lengths even when only also_like is wanted: what it leaves
 * out must not hang on what else a theme prints. */
#include "discover/slots.h"
#include "base/arena.h"
#include "discover/also_like.h"
#include "discover/popular.h"
#include "discover/related.h"
#include "discover/terms.h"
#include "store/store.h"

static_assert((int)SLOT_RELATED_MAX == (int)RELATED_SHOWN, "the same slot");
static_assert((int)SLOT_POPULAR_MAX == (int)POPULAR_SHOWN, "the same slot");
static_assert((int)LATEST_HELD == (int)SLOT_LATEST_MAX + 1, "one may be the story being read");
static_assert((int)POPULAR_HELD == (int)SLOT_POPULAR_MAX + 1, "one may be the story being read");

struct filling {
    struct store_conn *conn;
    const struct story *story; /* NULL: a page that is no story's */
    struct arena *arena;
    struct story_slots slots;
    struct related_row *likes; /* the whole related list, best first */
    size_t likes_count;
};

static bool is_current(const struct filling *f, const struct story *row)
{
    return f->story != NULL && row->id.v == f->story->id.v;
}

static enum status fill_latest(struct filling *f, struct error *err)
{
    struct story_list list;
    enum status st =
        story_list_get(f->conn, &(struct story_query){.limit = LATEST_HELD}, f->arena, &list, err);
    if (st != ST_OK)
        return st;
    f->slots.latest.rows = arena_new_array(f->arena, struct story *, SLOT_LATEST_MAX);
    for (size_t i = 0; i < list.count && f->slots.latest.count < SLOT_LATEST_MAX; i++) {
        if (!is_current(f, list.rows[i]))
            f->slots.latest.rows[f->slots.latest.count++] = list.rows[i];
    }
    return ST_OK;
}

static enum status fill_popular(struct filling *f, struct error *err)
{
    struct popular_row *rows;
    size_t count = 0;
    enum status st = popular_list(f->conn, f->arena, &rows, &count, err);
    if (st != ST_OK)
        return st;
    f->slots.popular.rows = arena_new_array(f->arena, struct story *, SLOT_POPULAR_MAX);
    if (count < POPULAR_LEAST) /* some were unpublished since the list was made */
        return ST_OK;
    for (size_t i = 0; i < count && f->slots.popular.count < SLOT_POPULAR_MAX; i++) {
        if (!is_current(f, rows[i].story))
            f->slots.popular.rows[f->slots.popular.count++] = rows[i].story;
    }
    return ST_OK;
}

/* Picks are shown whatever they are; of stories with nearly the same text, one. */
static bool is_twin(const struct filling *f, const struct story *row)
{
    if (fingerprint_distance(row->fingerprint, f->story->fingerprint) <= RELATED_TWIN_BITS)
        return true;
    for (size_t i = 0; i < f->slots.related.count; i++) {
        if (fingerprint_distance(row->fingerprint, f->slots.related.rows[i]->fingerprint) <=
            RELATED_TWIN_BITS)
            return true;
    }
    return false;
}

static enum status fill_related(struct filling *f, struct error *err)
{
    enum status st = related_list(f->conn, f->story->id, f->arena, &f->likes, &f->likes_count, err);
    if (st != ST_OK)
        return st;
    struct story_list *related = &f->slots.related;
    related->rows = arena_new_array(f->arena, struct story *, SLOT_RELATED_MAX);
    for (size_t i = 0; i < f->likes_count && related->count < SLOT_RELATED_MAX; i++) {
        struct related_row *row = &f->likes[i];
        if (!is_current(f, row->story) && (row->picked || !is_twin(f, row->story)))
            related->rows[related->count++] = row->story;
    }
    return ST_OK;
}

static size_t take(struct story **taken, size_t count, const struct story_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        taken[count++] = list->rows[i];
    return count;
}

static enum status fill_also_like(struct filling *f, time_us now, struct error *err)
{
    struct story *taken[SLOT_RELATED_MAX + SLOT_LATEST_MAX + SLOT_POPULAR_MAX];
    size_t taken_count = take(taken, 0, &f->slots.related);
    taken_count = take(taken, taken_count, &f->slots.latest);
    taken_count = take(taken, taken_count, &f->slots.popular);
    struct story **likes = arena_new_array(f->arena, struct story *, f->likes_count);
    int64_t *scores = arena_new_array(f->arena, int64_t, f->likes_count);
    for (size_t i = 0; i < f->likes_count; i++) {
        likes[i] = f->likes[i].story;
        scores[i] = f->likes[i].score;
    }
    const struct also_like_query query = {.story = f->story,
                                          .likes = likes,
                                          .likes_score = scores,
                                          .likes_count = f->likes_count,
                                          .taken = taken,
                                          .taken_count = taken_count,
                                          .limit = SLOT_ALSO_LIKE_MAX,
                                          .now = now};
    enum status st = also_like_fill(f->conn, &query, f->arena, &f->slots.also_like, err);
    if (st == ST_OK && f->slots.also_like.count < SLOT_ALSO_LIKE_MIN)
        f->slots.also_like.count = 0;
    return st;
}

/* Tags and bylines of every row, in one statement; a story in two lists is two structs. */
static enum status load_terms(struct filling *f, struct error *err)
{
    struct story *rows[SLOT_RELATED_MAX + SLOT_LATEST_MAX + SLOT_POPULAR_MAX + SLOT_ALSO_LIKE_MAX];
    size_t count = take(rows, 0, &f->slots.related);
    count = take(rows, count, &f->slots.latest);
    count = take(rows, count, &f->slots.popular);
    count = take(rows, count, &f->slots.also_like);
    return story_load_terms(f->conn, rows, count, f->arena, err);
}

enum status slots_fill(struct store_conn *conn, const struct story *story, unsigned wanted,
                       time_us now, struct arena *arena, struct story_slots *ret_slots,
                       struct error *err)
{
    struct filling f = {.conn = conn, .story = story, .arena = arena};
    bool also_like = (wanted & SLOT_ALSO_LIKE) != 0 && story != NULL;
    enum status st = ST_OK;
    if (((wanted & SLOT_RELATED) != 0 && story != NULL) || also_like)
        st = fill_related(&f, err);
    if (st == ST_OK && ((wanted & SLOT_LATEST) != 0 || also_like))
        st = fill_latest(&f, err);
    if (st == ST_OK && ((wanted & SLOT_POPULAR) != 0 || also_like))
        st = fill_popular(&f, err);
    if (st == ST_OK && also_like)
        st = fill_also_like(&f, now, err);
    if ((wanted & SLOT_RELATED) == 0)
        f.slots.related.count = 0;
    if ((wanted & SLOT_LATEST) == 0)
        f.slots.latest.count = 0;
    if ((wanted & SLOT_POPULAR) == 0)
        f.slots.popular.count = 0;
    if (st == ST_OK && (wanted & SLOT_TERMS) != 0)
        st = load_terms(&f, err);
    if (st == ST_OK)
        *ret_slots = f.slots;
    return st;
}
