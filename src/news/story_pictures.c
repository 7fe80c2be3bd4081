/* SPDX-License-Identifier: MIT */
#include "news/story_pictures.h"
#include "base/arena.h"
#include "news/change.h"
#include "news/job.h"
#include "news/listing.h"
#include "news/setting.h"
#include "store/store.h"
#include "text/pictures.h"

/* ---- found ---- */

/* What the lookup said, once, for all that is written afterwards. */
struct known {
    struct picture_paths paths;
    struct picture *pictures;
};

static enum status from_known(void *ctx, struct arena *arena, const str *paths, size_t count,
                              struct picture *ret_pictures, struct error *err)
{
    (void)arena, (void)err;
    const struct known *known = ctx;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < known->paths.count; k++) {
            if (str_eq(known->paths.paths[k], paths[i]))
                ret_pictures[i] = known->pictures[k];
        }
    }
    return ST_OK;
}

/* A story's texts that may name pictures; those of a draft are written anew in their place. */
struct pictured {
    str site;
    str *image;
    struct story_meta *meta;
    str *source;
};

static void gather(struct arena *arena, html body, const struct pictured *in,
                   struct picture_paths *paths)
{
    pictures_paths(arena, body, in->site, paths);
    pictures_add_address(arena, *in->image, in->site, paths);
    pictures_add_address(arena, in->meta->og_image, in->site, paths);
    pictures_add_address(arena, in->meta->twitter_image, in->site, paths);
    pictures_add_text(arena, in->meta->code_head, in->site, paths);
    pictures_add_text(arena, in->meta->code_foot, in->site, paths);
}

static enum status ask(struct arena *arena, const struct picture_lookup *lookup,
                       struct known *known, int64_t *ret_known, bool *ret_moved, struct error *err)
{
    *ret_known = 0;
    *ret_moved = false;
    known->pictures = arena_new_array(arena, struct picture, known->paths.count);
    if (lookup == NULL || known->paths.count == 0)
        return ST_OK;
    enum status st = lookup->fn(lookup->ctx, arena, known->paths.paths, known->paths.count,
                                known->pictures, err);
    if (st != ST_OK)
        return st;
    for (size_t i = 0; i < known->paths.count; i++) {
        *ret_known += known->pictures[i].known;
        *ret_moved |= known->pictures[i].moved_to.len > 0;
    }
    return ST_OK;
}

static enum status follow(struct arena *arena, const struct pictured *in,
                          const struct picture_lookup *lookup, struct error *err)
{
    str *const texts[] = {in->image,
                          &in->meta->og_image,
                          &in->meta->twitter_image,
                          &in->meta->code_head,
                          &in->meta->code_foot,
                          in->source};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        enum status st = pictures_follow(arena, *texts[i], in->site, lookup, texts[i], err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

/* Everything once: the paths as they will be, the texts, the body. */
static enum status work_out(struct arena *arena, const struct pictured *in, html clean,
                            const struct picture_lookup *lookup, html *ret_body,
                            struct picture_paths *ret_paths, int64_t *ret_known, struct error *err)
{
    struct known known = {0};
    const struct picture_lookup again = {from_known, &known};
    bool moved = false;
    gather(arena, clean, in, &known.paths);
    enum status st = ask(arena, lookup, &known, ret_known, &moved, err);
    if (st == ST_OK && moved)
        st = follow(arena, in, &again, err);
    if (st == ST_OK)
        st = pictures_write(
            arena, clean,
            &(struct pictures_options){.site = in->site, .feature_image = in->image->len > 0},
            &again, ret_body, err);
    if (st != ST_OK)
        return st;
    *ret_paths = known.paths;
    for (size_t i = 0; i < known.paths.count; i++) {
        if (known.pictures[i].moved_to.len > 0)
            ret_paths->paths[i] = known.pictures[i].moved_to;
    }
    return ST_OK;
}

static str own_path(struct arena *arena, str image, str site)
{
    str path;
    return picture_path(arena, image, site, &path) ? path : STR_NONE;
}

enum status story_pictures_prepare(struct arena *arena, struct story_prepared *r, struct error *err)
{
    struct story_draft *d = &r->draft;
    const struct pictured in = {d->site_url, &d->image, &d->meta, &d->text};
    struct picture_paths paths = {0};
    enum status st =
        work_out(arena, &in, r->clean, d->pictures, &r->body, &paths, &r->pictures_known, err);
    if (st != ST_OK)
        return st;
    r->picture = own_path(arena, d->image, d->site_url);
    r->pictures = paths.paths;
    r->pictures_count = paths.count;
    return ST_OK;
}

/* ---- kept ---- */

static enum status rows_insert(struct newsroom *desk, story_id id, const str *paths, size_t count,
                               str own, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx),
                    SQL("INSERT INTO story_picture (story, path, own) VALUES ($1, $2, $3)"
                        " ON CONFLICT (story, path) DO NOTHING"));
    for (size_t i = 0; i < count; i++) {
        store_stmt_reset(q);
        store_bind_int(q, 1, id.v);
        store_bind_text(q, 2, paths[i]);
        store_bind_int(q, 3, str_eq(paths[i], own));
        enum status st = store_run(q, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static enum status rows_delete(struct newsroom *desk, story_id id, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx), SQL("DELETE FROM story_picture WHERE story = $1"));
    store_bind_int(q, 1, id.v);
    return store_run(q, err);
}

/* The story was prepared a moment ago, or without a lookup: are there records it does not know of? */
static enum status refresh_if_stale(struct newsroom *desk, story_id id,
                                    const struct story_prepared *r, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("SELECT count(*) FROM story_picture p WHERE p.story = $1"
            " AND (EXISTS (SELECT 1 FROM media m WHERE m.path = p.path)"
            " OR EXISTS (SELECT 1 FROM media_old o WHERE o.path = p.path AND o.media IS NOT NULL))"));
    store_bind_int(q, 1, id.v);
    enum status st = store_step(q, err);
    if (st != ST_OK || store_column_int(q, 0) == r->pictures_known)
        return st;
    return job_add(desk, S("pictures"), id.v, STR_NONE, desk->now, err);
}

enum status story_pictures_insert(struct newsroom *desk, story_id id,
                                  const struct story_prepared *r, struct error *err)
{
    if (r->pictures_count == 0)
        return ST_OK;
    enum status st = rows_insert(desk, id, r->pictures, r->pictures_count, r->picture, err);
    return st == ST_OK ? refresh_if_stale(desk, id, r, err) : st;
}

enum status story_pictures_replace(struct newsroom *desk, story_id id,
                                   const struct story_prepared *r, struct error *err)
{
    enum status st = rows_delete(desk, id, err);
    return st == ST_OK ? story_pictures_insert(desk, id, r, err) : st;
}

/* ---- written anew ---- */

static enum status row_update(struct newsroom *desk, const struct story *s, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx), SQL("UPDATE story SET image = $2 WHERE id = $1"));
    store_bind_int(q, 1, s->id.v);
    store_bind_text_or_null(q, 2, s->image);
    return store_run(q, err);
}

static enum status body_update(struct newsroom *desk, const struct story *s, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("UPDATE story_body SET html = $2, source_text = $3, og_image = $4, twitter_image = $5,"
            " code_head = $6, code_foot = $7 WHERE story = $1"));
    store_bind_int(q, 1, s->id.v);
    store_bind_text(q, 2, s->body.raw);
    store_bind_text_or_null(q, 3, s->source_text);
    store_bind_text_or_null(q, 4, s->meta.og_image);
    store_bind_text_or_null(q, 5, s->meta.twitter_image);
    store_bind_text_or_null(q, 6, s->meta.code_head);
    store_bind_text_or_null(q, 7, s->meta.code_foot);
    return store_run(q, err);
}

/* Lists print the story's picture, and what is known of it. */
static enum status raise(struct newsroom *desk, const struct story *s, struct error *err)
{
    change_story(desk, s->id);
    if (s->state != STORY_PUBLISHED || s->kind != STORY_STORY || s->image.len == 0)
        return ST_OK;
    struct listing places;
    enum status st = listing_read(store_tx_conn(desk->tx), s->id, desk->arena, &places, err);
    if (st != ST_OK)
        return st;
    places.at = s->published_at;
    return listing_raise(desk, &places, err);
}

static bool same(const struct story *a, const struct story *b)
{
    return str_eq(a->body.raw, b->body.raw) && str_eq(a->image, b->image) &&
           str_eq(a->source_text, b->source_text) && str_eq(a->meta.og_image, b->meta.og_image) &&
           str_eq(a->meta.twitter_image, b->meta.twitter_image) &&
           str_eq(a->meta.code_head, b->meta.code_head) &&
           str_eq(a->meta.code_foot, b->meta.code_foot);
}

enum status story_refresh_pictures(struct newsroom *desk, story_id id,
                                   const struct picture_lookup *lookup, bool *ret_changed,
                                   struct error *err)
{
    struct story *old;
    struct store_conn *conn = store_tx_conn(desk->tx);
    *ret_changed = false;
    enum status st = story_by_id(conn, id, desk->arena, &old, err);
    if (st == ST_NOT_FOUND)
        return ST_OK;
    if (st == ST_OK)
        st = story_load_body(conn, &old, 1, desk->arena, err);
    if (st != ST_OK)
        return st;
    struct story now = *old;
    const struct pictured in = {desk->site != NULL ? desk->site->url : STR_NONE, &now.image,
                                &now.meta, &now.source_text};
    struct picture_paths paths = {0};
    int64_t known;
    st = work_out(desk->arena, &in, old->body, lookup, &now.body, &paths, &known, err);
    if (st == ST_OK)
        st = rows_delete(desk, id, err);
    if (st == ST_OK)
        st = rows_insert(desk, id, paths.paths, paths.count,
                         own_path(desk->arena, now.image, in.site), err);
    *ret_changed = st == ST_OK && !same(old, &now);
    if (st == ST_OK && *ret_changed)
        st = body_update(desk, &now, err);
    if (st == ST_OK && *ret_changed && !str_eq(old->image, now.image))
        st = row_update(desk, &now, err);
    /* The size of its own picture may be what changed, and no text says it. */
    return st == ST_OK && paths.count > 0 ? raise(desk, &now, err) : st;
}
