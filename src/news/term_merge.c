/* SPDX-License-Identifier: MIT */
#include "news/term_merge.h"

#include "base/arena.h"
#include "news/byline.h"
#include "news/list.h"
#include "news/redirect.h"
#include "news/tag.h"
#include "store/store.h"

/* ---- stories ---- */

static enum status stories_of(struct newsroom *desk, enum list_kind list, int64_t of,
                              int64_t ids[TERM_MOVE_A_STEP], size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        list == LIST_TAG ? SQL("SELECT story FROM story_tag WHERE tag = $1 LIMIT $2")
                         : SQL("SELECT story FROM story_byline WHERE byline = $1 LIMIT $2"));
    enum status st;
    store_bind_int(q, 1, of);
    store_bind_int(q, 2, TERM_MOVE_A_STEP);
    *ret_count = 0;
    while ((st = store_step(q, err)) == ST_OK && *ret_count < TERM_MOVE_A_STEP)
        ids[(*ret_count)++] = store_column_int(q, 0);
    return st == ST_OK || st == ST_NOT_FOUND ? ST_OK : st;
}

/* `ids` with `from` in them as `into`, which stands where the first of the two stood. */
static size_t replaced(int64_t *ids, size_t count, int64_t from, int64_t into)
{
    size_t kept = 0;
    bool there = into == 0;
    for (size_t i = 0; i < count; i++) {
        bool either = ids[i] == from || ids[i] == into;
        if (either && there)
            continue;
        ids[kept++] = either ? into : ids[i];
        there = there || either;
    }
    return kept;
}

struct places {
    int64_t *tags, *bylines;
    size_t tags_count, bylines_count;
};

static struct places places_of(struct arena *arena, const struct story *story)
{
    struct places p = {arena_new_array(arena, int64_t, story->tags_count + 1),
                       arena_new_array(arena, int64_t, story->bylines_count + 1), story->tags_count,
                       story->bylines_count};
    for (size_t i = 0; i < story->tags_count; i++)
        p.tags[i] = story->tags[i]->id.v;
    for (size_t i = 0; i < story->bylines_count; i++)
        p.bylines[i] = story->bylines[i]->id.v;
    return p;
}

static enum status places_set(struct newsroom *desk, story_id id, const struct places *p,
                              bool quiet, struct error *err)
{
    tag_id *tags = arena_new_array(desk->arena, tag_id, p->tags_count);
    byline_id *bylines = arena_new_array(desk->arena, byline_id, p->bylines_count);
    for (size_t i = 0; i < p->tags_count; i++)
        tags[i].v = p->tags[i];
    for (size_t i = 0; i < p->bylines_count; i++)
        bylines[i].v = p->bylines[i];
    return story_set_links(desk, id,
                           &(struct story_links){.tags = tags,
                                                 .tags_count = p->tags_count,
                                                 .bylines = bylines,
                                                 .bylines_count = p->bylines_count,
                                                 .quiet = quiet},
                           err);
}

static enum status story_places(struct newsroom *desk, int64_t id, struct places *ret_places,
                                struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    struct story *story;
    enum status st = story_by_id(conn, (story_id){id}, desk->arena, &story, err);
    if (st == ST_OK)
        st = story_load_terms(conn, &story, 1, desk->arena, err);
    if (st == ST_OK)
        *ret_places = places_of(desk->arena, story);
    return st;
}

enum status term_move_step(struct newsroom *desk, enum list_kind list, int64_t from, int64_t into,
                           bool *ret_more, struct error *err)
{
    int64_t ids[TERM_MOVE_A_STEP];
    size_t count;
    enum status st = stories_of(desk, list, from, ids, &count, err);
    for (size_t i = 0; st == ST_OK && i < count; i++) {
        struct places p;
        st = story_places(desk, ids[i], &p, err);
        if (st == ST_OK && list == LIST_TAG)
            p.tags_count = replaced(p.tags, p.tags_count, from, into);
        else if (st == ST_OK)
            p.bylines_count = replaced(p.bylines, p.bylines_count, from, into);
        if (st == ST_OK)
            st = places_set(desk, (story_id){ids[i]}, &p, true, err);
    }
    *ret_more = count == TERM_MOVE_A_STEP;
    return st;
}

/* ---- the end ---- */

/* Whoever got it since. */
static enum status move_rest(struct newsroom *desk, enum list_kind list, int64_t from, int64_t into,
                             struct error *err)
{
    bool more = true;
    enum status st = ST_OK;
    while (st == ST_OK && more)
        st = term_move_step(desk, list, from, into, &more, err);
    return st;
}

static enum status point(struct newsroom *desk, store_sql sql, int64_t from, int64_t into,
                         struct error *err)
{
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(store_tx_conn(desk->tx), sql);
    store_bind_int(q, 1, from);
    store_bind_int(q, 2, into);
    return store_run(q, err);
}

/* The other may have been under it: then it is where the old one was. */
static enum status move_children(struct newsroom *desk, const struct tag *from, tag_id into,
                                 struct error *err)
{
    struct tag *other;
    enum status st = tag_by_id(store_tx_conn(desk->tx), into, desk->arena, &other, err);
    if (st != ST_OK)
        return st;
    if (other->parent.v == from->id.v) {
        AUTO(store_stmt_donep)
        struct store_stmt *q =
            store_query(store_tx_conn(desk->tx), SQL("UPDATE tag SET parent = $1 WHERE id = $2"));
        store_bind_int_or_null(q, 1, from->parent.v);
        store_bind_int(q, 2, into.v);
        st = store_run(q, err);
    }
    return st == ST_OK ? point(desk, SQL("UPDATE tag SET parent = $2 WHERE parent = $1"),
                               from->id.v, into.v, err)
                       : st;
}

enum status tag_merge_end(struct newsroom *desk, tag_id from, tag_id into, struct error *err)
{
    struct tag *old;
    enum status st = tag_by_id(store_tx_conn(desk->tx), from, desk->arena, &old, err);
    if (st == ST_OK)
        st = move_rest(desk, LIST_TAG, from.v, into.v, err);
    if (st == ST_OK && into.v != 0)
        st = move_children(desk, old, into, err);
    if (st == ST_OK && into.v != 0)
        st = point(desk, SQL("UPDATE redirect SET tag = $2 WHERE tag = $1"), from.v, into.v, err);
    if (st == ST_OK && into.v != 0)
        st = point(desk,
                   SQL("UPDATE import_map SET ours = $2 WHERE kind IN ('tag', 'section')"
                       " AND ours = $1"),
                   from.v, into.v, err);
    if (st == ST_OK && into.v != 0)
        st = redirect_add(
            desk,
            &(struct redirect){.path = str_join3(desk->arena, S("/tag/"), old->slug, S("/")),
                               .tag = into},
            err);
    if (st == ST_OK)
        st = tag_delete(desk, from, err);
    if (st != ST_OK)
        return st;
    if (old->section)
        change_sections(desk);
    if (into.v != 0)
        change_tag(desk, into);
    return ST_OK;
}

static enum status move_login(struct newsroom *desk, byline_id from, byline_id into,
                              struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("UPDATE byline SET"
            " person = COALESCE(person, (SELECT b.person FROM byline b WHERE b.id = $1)),"
            " email = COALESCE(email, (SELECT b.email FROM byline b WHERE b.id = $1))"
            " WHERE id = $2"));
    store_bind_int(q, 1, from.v);
    store_bind_int(q, 2, into.v);
    return store_run(q, err);
}

enum status byline_merge_end(struct newsroom *desk, byline_id from, byline_id into,
                             struct error *err)
{
    struct byline *old, *other;
    struct store_conn *conn = store_tx_conn(desk->tx);
    enum status st = byline_by_id(conn, from, desk->arena, &old, err);
    if (st == ST_OK && into.v != 0)
        st = byline_by_id(conn, into, desk->arena, &other, err);
    if (st == ST_OK)
        st = move_rest(desk, LIST_BYLINE, from.v, into.v, err);
    if (st == ST_OK && into.v != 0)
        st = move_login(desk, from, into, err);
    if (st == ST_OK && into.v != 0)
        st = point(desk, SQL("UPDATE redirect SET byline = $2 WHERE byline = $1"), from.v, into.v,
                   err);
    if (st == ST_OK && into.v != 0)
        st = point(desk, SQL("UPDATE comment SET byline = $2 WHERE byline = $1"), from.v, into.v,
                   err);
    if (st == ST_OK && into.v != 0)
        st = point(desk, SQL("UPDATE import_map SET ours = $2 WHERE kind = 'byline' AND ours = $1"),
                   from.v, into.v, err);
    if (st == ST_OK && into.v != 0)
        st = redirect_add(
            desk,
            &(struct redirect){.path = str_join3(desk->arena, S("/author/"), old->slug, S("/")),
                               .byline = into},
            err);
    if (st == ST_OK)
        st = byline_delete(desk, from, err);
    if (st == ST_OK && into.v != 0)
        change_byline(desk, into);
    return st;
}

/* ---- proposals ---- */

static enum status proposed_for(struct newsroom *desk, str slug, int64_t ids[TERM_MOVE_A_STEP],
                                size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx),
                    SQL("SELECT story FROM tag_proposal WHERE slug = $1 ORDER BY story LIMIT $2"));
    enum status st;
    store_bind_text(q, 1, slug);
    store_bind_int(q, 2, TERM_MOVE_A_STEP);
    *ret_count = 0;
    while ((st = store_step(q, err)) == ST_OK && *ret_count < TERM_MOVE_A_STEP)
        ids[(*ret_count)++] = store_column_int(q, 0);
    return st == ST_OK || st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status forget(struct newsroom *desk, str slug, int64_t story, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx), SQL("DELETE FROM tag_proposal WHERE story = $1 AND slug = $2"));
    store_bind_int(q, 1, story);
    store_bind_text(q, 2, slug);
    return store_run(q, err);
}

/* Behind the tags it has, if it has not got it already. */
static enum status give(struct newsroom *desk, int64_t story, tag_id tag, struct error *err)
{
    struct places p;
    enum status st = story_places(desk, story, &p, err);
    if (st != ST_OK || p.tags_count >= STORY_TAGS_MAX)
        return st;
    for (size_t i = 0; i < p.tags_count; i++) {
        if (p.tags[i] == tag.v)
            return ST_OK;
    }
    p.tags[p.tags_count++] = tag.v;
    return places_set(desk, (story_id){story}, &p, false, err);
}

enum status tag_accept_step(struct newsroom *desk, str slug, tag_id tag, bool *ret_more,
                            struct error *err)
{
    int64_t ids[TERM_MOVE_A_STEP];
    size_t count;
    enum status st = proposed_for(desk, slug, ids, &count, err);
    for (size_t i = 0; st == ST_OK && i < count; i++) {
        if (tag.v != 0)
            st = give(desk, ids[i], tag, err);
        if (st == ST_OK)
            st = forget(desk, slug, ids[i], err);
    }
    *ret_more = count == TERM_MOVE_A_STEP;
    return st;
}
