/* SPDX-License-Identifier: MIT
 *
 * The states of story.h, and the table of ways between them. */
#include "base/arena.h"
#include "news/desk_list.h"
#include "news/job.h"
#include "news/listing.h"
#include "news/story_row.h"
#include "store/fulltext.h"
#include "store/store.h"

/* allowed[from][to] */
static const bool allowed[4][4] = {
    [STORY_DRAFT] = {[STORY_SCHEDULED] = true, [STORY_PUBLISHED] = true, [STORY_TRASHED] = true},
    [STORY_SCHEDULED] = {[STORY_DRAFT] = true,
                         [STORY_SCHEDULED] = true,
                         [STORY_PUBLISHED] = true,
                         [STORY_TRASHED] = true},
    [STORY_PUBLISHED] = {[STORY_DRAFT] = true, [STORY_TRASHED] = true},
    [STORY_TRASHED] = {[STORY_DRAFT] = true},
};

/* Of two who change it at once, in whatever process, one has it: the row is asked for by the state it was in. */
static enum status row_set_state(struct newsroom *desk, const struct story *s,
                                 enum story_state state, time_us published_at, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx),
                    SQL("UPDATE story SET state = $1, published_at = $2, was_published = $3,"
                        " updated_at = $4, version = version + 1 WHERE id = $5 AND state = $6"));
    store_bind_text(q, 1, story_state_text(state));
    store_bind_int_or_null(q, 2, published_at);
    store_bind_int(q, 3, s->was_published || state == STORY_PUBLISHED);
    store_bind_int(q, 4, desk->now);
    store_bind_int(q, 5, s->id.v);
    store_bind_text(q, 6, story_state_text(s->state));
    enum status st = store_run(q, err);
    if (st == ST_OK && store_stmt_changes(q) == 0)
        return error_set(err, ST_CONFLICT, "the story is no longer %s", story_state_name(s->state));
    return st;
}

/* Out of the lists, while they still hold it; published ones only. */
static enum status leave_lists(struct newsroom *desk, const struct story *s, struct error *err)
{
    change_list(desk, LIST_ALL, 0);
    if (s->kind != STORY_STORY)
        return ST_OK;
    struct listing l;
    enum status st = listing_read(store_tx_conn(desk->tx), s->id, desk->arena, &l, err);
    if (st != ST_OK)
        return st;
    l.at = s->published_at;
    st = listing_raise(desk, &l, err);
    if (st == ST_OK)
        st = listing_leave(desk, &l, err);
    return st == ST_OK ? listing_mark(desk, s->id, 0, err) : st;
}

/* Into them, once its row says published. */
static enum status enter_lists(struct newsroom *desk, const struct story *s, time_us at,
                               struct error *err)
{
    change_list(desk, LIST_ALL, 0);
    change_absent(desk, s->slug);
    if (s->kind != STORY_STORY)
        return ST_OK;
    struct listing l;
    enum status st = listing_read(store_tx_conn(desk->tx), s->id, desk->arena, &l, err);
    if (st != ST_OK)
        return st;
    l.at = at;
    st = listing_mark(desk, s->id, at, err);
    if (st == ST_OK)
        st = listing_enter(desk, &l, err);
    if (st == ST_OK)
        st = listing_raise(desk, &l, err);
    if (st == ST_OK)
        st = job_add(desk, S("related"), s->id.v, STR_NONE, desk->now, err);
    return st;
}

static enum status set_state(struct newsroom *desk, const struct story *s, enum story_state to,
                             time_us published_at, struct error *err)
{
    if (!allowed[s->state][to])
        return error_set(err, ST_CONFLICT, "the story is %s and cannot become %s",
                         story_state_name(s->state), story_state_name(to));
    enum status st = ST_OK;
    if (s->state == STORY_PUBLISHED)
        st = leave_lists(desk, s, err);
    if (st == ST_OK)
        st = row_set_state(desk, s, to, published_at, err);
    if (st == ST_OK && to == STORY_PUBLISHED)
        st = enter_lists(desk, s, published_at, err);
    if (st == ST_OK && (to != STORY_PUBLISHED || s->kind != STORY_STORY))
        st = listing_desk(desk, s->id, to, desk_time(to, desk->now, published_at), err);
    if (st == ST_OK)
        change_story(desk, s->id);
    return st;
}

static enum status read_story(struct newsroom *desk, story_id id, struct story **ret_story,
                              struct error *err)
{
    return story_by_id(store_tx_conn(desk->tx), id, desk->arena, ret_story, err);
}

enum status story_publish(struct newsroom *desk, story_id id, time_us at, struct error *err)
{
    struct story *s;
    enum status st = read_story(desk, id, &s, err);
    if (st != ST_OK || s->state == STORY_PUBLISHED)
        return st;
    bool has_time = s->state == STORY_DRAFT && s->published_at != 0 && s->published_at <= desk->now;
    return set_state(desk, s, STORY_PUBLISHED, has_time ? s->published_at : at, err);
}

enum status story_schedule(struct newsroom *desk, story_id id, time_us at, struct error *err)
{
    if (at <= desk->now)
        return error_set(err, ST_INVALID, "that time is past: publish it, or name a later one");
    struct story *s;
    enum status st = read_story(desk, id, &s, err);
    return st == ST_OK ? set_state(desk, s, STORY_SCHEDULED, at, err) : st;
}

enum status story_unpublish(struct newsroom *desk, story_id id, struct error *err)
{
    struct story *s;
    enum status st = read_story(desk, id, &s, err);
    if (st != ST_OK)
        return st;
    if (s->state == STORY_TRASHED)
        return error_set(err, ST_CONFLICT, "the story is in the trash: restore it");
    return set_state(desk, s, STORY_DRAFT, s->published_at, err);
}

enum status story_trash(struct newsroom *desk, story_id id, struct error *err)
{
    struct story *s;
    enum status st = read_story(desk, id, &s, err);
    if (st != ST_OK || s->state == STORY_TRASHED)
        return st;
    return set_state(desk, s, STORY_TRASHED, s->published_at, err);
}

enum status story_restore(struct newsroom *desk, story_id id, struct error *err)
{
    struct story *s;
    enum status st = read_story(desk, id, &s, err);
    if (st != ST_OK)
        return st;
    if (s->state != STORY_TRASHED)
        return error_set(err, ST_CONFLICT, "the story is not in the trash");
    return set_state(desk, s, STORY_DRAFT, s->published_at, err);
}

enum status story_delete(struct newsroom *desk, story_id id, struct error *err)
{
    struct story *s;
    enum status st = read_story(desk, id, &s, err);
    if (st != ST_OK)
        return st;
    if (s->state != STORY_TRASHED)
        return error_set(err, ST_CONFLICT, "only what is in the trash can be deleted for good");
    st = fulltext_drop(store_tx_conn(desk->tx), id.v, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx), SQL("DELETE FROM story WHERE id = $1"));
    store_bind_int(q, 1, id.v);
    st = store_run(q, err);
    if (st == ST_OK)
        change_story(desk, id);
    return st;
}
