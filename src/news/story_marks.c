/* SPDX-License-Identifier: MIT
 *
 * What a story is marked as, apart from its text: featured; for whom it is. */
#include "base/arena.h"
#include "news/desk_list.h"
#include "news/listing.h"
#include "news/story_row.h"
#include "store/fulltext.h"
#include "store/store.h"
#include "text/gate.h"
#include "text/pictures.h"
#include "text/plain.h"

static enum status read_story(struct newsroom *desk, story_id id, struct story **ret_story,
                              struct error *err)
{
    return story_by_id(store_tx_conn(desk->tx), id, desk->arena, ret_story, err);
}

/* It was saved just now: where it is printed, and where the desk lists it. */
static enum status saved(struct newsroom *desk, const struct story *s, struct error *err)
{
    change_story(desk, s->id);
    if (s->state == STORY_PUBLISHED)
        change_list(desk, LIST_ALL, 0);
    if (s->state != STORY_PUBLISHED || s->kind != STORY_STORY)
        return listing_desk(desk, s->id, s->state, desk_time(s->state, desk->now, s->published_at),
                            err);
    struct listing l;
    enum status st = listing_read(store_tx_conn(desk->tx), s->id, desk->arena, &l, err);
    if (st != ST_OK)
        return st;
    l.at = s->published_at;
    return listing_raise(desk, &l, err);
}

enum status story_set_featured(struct newsroom *desk, story_id id, bool featured, struct error *err)
{
    struct story *s;
    enum status st = read_story(desk, id, &s, err);
    if (st != ST_OK || s->featured == featured)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("UPDATE story SET featured = $1, updated_at = $2, version = version + 1 WHERE id = $3"));
    store_bind_int(q, 1, featured);
    store_bind_int(q, 2, desk->now);
    store_bind_int(q, 3, id.v);
    st = store_run(q, err);
    return st == ST_OK ? saved(desk, s, err) : st;
}

/* ---- for whom ---- */

static enum status set_plain(struct newsroom *desk, story_id id, str plain, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    enum status st = fulltext_drop(conn, id.v, err); /* while the row still says what it was told */
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("UPDATE story_text SET body = $1 WHERE story = $2"));
    store_bind_text(q, 1, plain);
    store_bind_int(q, 2, id.v);
    st = store_run(q, err);
    return st == ST_OK ? fulltext_put(conn, id.v, err) : st;
}

static enum status set_visibility_row(struct newsroom *desk, const struct story *s,
                                      enum story_visibility visibility, str excerpt,
                                      struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx), SQL("UPDATE story SET visibility = $1, excerpt = $2,"
                                     " updated_at = $3, version = version + 1 WHERE id = $4"));
    store_bind_text(q, 1, story_visibility_text(visibility));
    store_bind_text(q, 2, excerpt);
    store_bind_int(q, 3, desk->now);
    store_bind_int(q, 4, s->id.v);
    return store_run(q, err);
}

enum status story_set_visibility(struct newsroom *desk, story_id id,
                                 enum story_visibility visibility, struct error *err)
{
    struct story *s;
    enum status st = read_story(desk, id, &s, err);
    if (st != ST_OK || s->visibility == visibility)
        return st;
    st = story_load_body(store_tx_conn(desk->tx), &s, 1, desk->arena, err);
    if (st != ST_OK)
        return st;
    html open =
        gate_body(desk->arena, pictures_strip(desk->arena, s->body), visibility == STORY_PUBLIC);
    str plain = plain_from_clean(desk->arena, open);
    str excerpt = s->standfirst.len > 0
                      ? s->standfirst
                      : plain_one_line(desk->arena,
                                       plain_first_chars(desk->arena, plain, STORY_EXCERPT_CHARS));
    st = set_visibility_row(desk, s, visibility, excerpt, err);
    if (st == ST_OK)
        st = set_plain(desk, id, plain, err);
    return st == ST_OK ? saved(desk, s, err) : st;
}
