/* SPDX-License-Identifier: MIT
 *
 * Editing a record, replacing and removing it. Replacing moves the old record's paths to the other
 * record and then does what a refresh does, to all that shows them: addresses are followed by the same
 * code whether it happens in this write, behind, or when an old draft is saved a year later. */
#include "base/arena.h"
#include "media/media_row.h"
#include "media/media_uses.h"
#include "news/byline.h"
#include "news/change.h"
#include "news/setting.h"
#include "news/tag.h"
#include "store/store.h"
#include "text/utf8.h"

/* ---- an editor's words ---- */

static enum status focus_check(const struct media_focus *f, struct error *err)
{
    const struct {
        int64_t from, at, until;
    } axes[] = {{f->left, f->x, f->right}, {f->top, f->y, f->bottom}};
    for (size_t i = 0; i < ARRAY_LEN(axes); i++) {
        if (axes[i].from < 0 || axes[i].until > MEDIA_FOCAL_ONE || axes[i].from >= axes[i].until)
            return error_set(
                err, ST_INVALID,
                "a crop is left,top,right,bottom: from 0 to %d, left before right, top "
                "above bottom",
                MEDIA_FOCAL_ONE);
        if (axes[i].at < axes[i].from || axes[i].at > axes[i].until)
            return error_set(err, ST_INVALID, "the focal point lies outside of the %s",
                             axes[i].from == 0 && axes[i].until == MEDIA_FOCAL_ONE ? "picture"
                                                                                   : "crop");
    }
    return ST_OK;
}

static enum status text_set(str *text, str wanted, const char *what, struct error *err)
{
    if (wanted.ptr == NULL)
        return ST_OK;
    if (wanted.len > MEDIA_TEXT_MAX || !utf8_valid(wanted))
        return error_set(err, ST_INVALID, "the %s has at most %d bytes of UTF-8", what,
                         MEDIA_TEXT_MAX);
    *text = str_trim(wanted);
    return ST_OK;
}

static enum status texts_write(struct newsroom *desk, const struct media *m, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("UPDATE media SET title = $2, alt = $3, caption = $4, credit = $5, licence = $6,"
            " focal_x = $7, focal_y = $8, crop_left = $9, crop_top = $10, crop_right = $11,"
            " crop_bottom = $12, updated_at = $13 WHERE id = $1"));
    store_bind_int(q, 1, m->id.v);
    const str texts[] = {m->title, m->alt, m->caption, m->credit, m->licence};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        store_bind_text_or_null(q, 2 + int_from_size(i), texts[i]);
    const int64_t focus[] = {m->focus.x,   m->focus.y,     m->focus.left,
                             m->focus.top, m->focus.right, m->focus.bottom};
    for (size_t i = 0; i < ARRAY_LEN(focus); i++)
        store_bind_int(q, 7 + int_from_size(i), focus[i]);
    store_bind_int(q, 13, desk->now);
    enum status st = store_run(q, err);
    return st == ST_OK ? media_words_write(desk, m, err) : st;
}

enum status media_save(struct newsroom *desk, const struct media_edit *edit, struct error *err)
{
    struct media *m;
    enum status st = media_by_id(store_tx_conn(desk->tx), edit->id, desk->arena, &m, err);
    str credit = st == ST_OK ? m->credit : STR_NONE;
    if (st == ST_OK && edit->focus != NULL)
        st = focus_check(edit->focus, err);
    if (st == ST_OK)
        st = text_set(&m->title, edit->title, "title", err);
    if (st == ST_OK)
        st = text_set(&m->alt, edit->alt, "description", err);
    if (st == ST_OK)
        st = text_set(&m->caption, edit->caption, "caption", err);
    if (st == ST_OK)
        st = text_set(&m->credit, edit->credit, "credit", err);
    if (st == ST_OK)
        st = text_set(&m->licence, edit->licence, "licence", err);
    if (st != ST_OK)
        return st;
    if (edit->focus != NULL)
        m->focus = *edit->focus;
    st = texts_write(desk, m, err);
    if (st == ST_OK && edit->focus != NULL)
        change_media(desk, m->path);
    /* Of the words it is the credit that a page prints from here: a story has an alt text and a caption of its own. */
    if (st == ST_OK && (edit->focus != NULL || !str_eq(credit, m->credit)))
        st = media_refresh_stories(desk, m->path, err);
    return st;
}

/* ---- the file looked at anew ---- */

enum status media_measured(struct newsroom *desk, media_id id, const struct media_draft *facts,
                           struct error *err)
{
    struct media *m;
    enum status st = media_by_id(store_tx_conn(desk->tx), id, desk->arena, &m, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("UPDATE media SET kind = $2, content_type = $3, bytes = $4, width = $5, height = $6,"
            " frames = $7, duration_ms = $8, hash = $9, original = $10, original_type = $11,"
            " color = $12, placeholder = $13, updated_at = $14 WHERE id = $1"));
    store_bind_int(q, 1, id.v);
    store_bind_text(q, 2, media_class_name(media_class_of(facts->content_type)));
    store_bind_text(q, 3, facts->content_type);
    store_bind_int(q, 4, facts->bytes);
    store_bind_int_or_null(q, 5, facts->width);
    store_bind_int_or_null(q, 6, facts->height);
    store_bind_int_or_null(q, 7, facts->frames);
    store_bind_int_or_null(q, 8, facts->duration_ms);
    const str texts[] = {facts->hash, facts->original, facts->original_type, facts->color,
                         facts->placeholder};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        store_bind_text_or_null(q, 9 + int_from_size(i), texts[i]);
    store_bind_int(q, 14, desk->now);
    st = store_run(q, err);
    if (st != ST_OK)
        return st;
    change_media(desk, m->path);
    return media_refresh_stories(desk, m->path, err);
}

/* ---- gone ---- */

static enum status left_of(struct newsroom *desk, const struct media *m,
                           struct media_left *ret_left, struct error *err)
{
    *ret_left = (struct media_left){.path = m->path};
    if (m->original.len == 0 || m->original_type.len == 0)
        return ST_OK;
    struct media *other;
    enum status st =
        media_by_original(store_tx_conn(desk->tx), m->original, desk->arena, &other, err);
    if (st == ST_NOT_FOUND) {
        ret_left->original = m->original;
        ret_left->original_type = m->original_type;
        return ST_OK;
    }
    return st;
}

/* The record goes; its paths lead to `to`, or nowhere when that is 0. */
static enum status record_end(struct newsroom *desk, const struct media *m, media_id to,
                              struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    AUTO(store_stmt_donep)
    struct store_stmt *older =
        store_query(conn, SQL("UPDATE media_old SET media = $2 WHERE media = $1"));
    store_bind_int(older, 1, m->id.v);
    store_bind_int_or_null(older, 2, to.v);
    enum status st = store_run(older, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *imported =
        store_query(conn, SQL("UPDATE import_attachment SET media = $2 WHERE media = $1"));
    store_bind_int(imported, 1, m->id.v);
    store_bind_int_or_null(imported, 2, to.v);
    st = store_run(imported, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *row = store_query(conn, SQL("DELETE FROM media WHERE id = $1"));
    store_bind_int(row, 1, m->id.v);
    st = store_run(row, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *old = store_query(
        conn, SQL("INSERT INTO media_old (path, media, created_at) VALUES ($1, $2, $3)"));
    store_bind_text(old, 1, m->path);
    store_bind_int_or_null(old, 2, to.v);
    store_bind_int(old, 3, desk->now);
    st = store_run(old, err);
    if (st == ST_OK)
        change_media(desk, m->path);
    return st;
}

enum status media_remove(struct newsroom *desk, media_id id, bool force,
                         struct media_left *ret_left, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    struct media *m;
    struct media_use *uses;
    size_t uses_count;
    bool more;
    enum status st = media_by_id(conn, id, desk->arena, &m, err);
    if (st == ST_OK)
        st = media_uses(conn, m, desk->site != NULL ? desk->site->url : STR_NONE, desk->arena,
                        &uses, &uses_count, &more, err);
    if (st != ST_OK)
        return st;
    if (uses_count > 0 && !force)
        return error_set(err, ST_CONFLICT, "%.*s is in use, first by %.*s", STR_ARG(m->path),
                         STR_ARG(uses[0].slug));
    st = record_end(desk, m, (media_id){0}, err);
    if (st == ST_OK)
        st = media_refresh_stories(desk, m->path, err);
    return st == ST_OK ? left_of(desk, m, ret_left, err) : st;
}

/* ---- another in its place ---- */

static str either(str first, str second)
{
    return first.len > 0 ? first : second;
}

static enum status stories_follow(struct newsroom *desk, str path,
                                  const struct picture_lookup *lookup, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    int64_t ids[MEDIA_REPLACE_AT_ONCE];
    size_t count = 0;
    enum status st;
    {
        AUTO(store_stmt_donep)
        struct store_stmt *q =
            store_query(conn, SQL("SELECT story FROM story_picture"
                                  " WHERE path = $1 ORDER BY story DESC LIMIT $2"));
        store_bind_text(q, 1, path);
        store_bind_int(q, 2, MEDIA_REPLACE_AT_ONCE);
        while ((st = store_step(q, err)) == ST_OK && count < MEDIA_REPLACE_AT_ONCE)
            ids[count++] = store_column_int(q, 0);
    }
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < count; i++) {
        bool changed;
        st = story_refresh_pictures(desk, (story_id){ids[i]}, lookup, &changed, err);
    }
    /* Those done have the new path by now: the rest is what is still found under the old one. */
    return st == ST_OK ? media_refresh_stories(desk, path, err) : st;
}

struct followed {
    struct newsroom *desk;
    const struct picture_lookup *lookup;
    struct media_place *places; /* with their new text */
    size_t count, cap;
};

static enum status place_follow(void *ctx, const struct media_place *place, struct error *err)
{
    struct followed *f = ctx;
    struct arena *arena = f->desk->arena;
    str text;
    str site = f->desk->site != NULL ? f->desk->site->url : STR_NONE;
    enum status st = pictures_follow(arena, place->text, site, f->lookup, &text, err);
    if (st != ST_OK || str_eq(text, place->text))
        return st;
    if (f->count == f->cap) {
        size_t cap = f->cap == 0 ? 8 : f->cap * 2;
        f->places = arena_grow(arena, f->places, f->cap * sizeof(*f->places),
                               size_mul(cap, sizeof(*f->places)), _Alignof(struct media_place));
        f->cap = cap;
    }
    f->places[f->count++] = (struct media_place){.user = place->user,
                                                 .id = place->id,
                                                 .slug = str_copy(arena, place->slug),
                                                 .column = place->column,
                                                 .text = text};
    return ST_OK;
}

static store_sql tag_sql(str column)
{
    if (str_eq(column, S("image")))
        return SQL("UPDATE tag SET image = $2 WHERE id = $1");
    if (str_eq(column, S("og_image")))
        return SQL("UPDATE tag SET og_image = $2 WHERE id = $1");
    if (str_eq(column, S("twitter_image")))
        return SQL("UPDATE tag SET twitter_image = $2 WHERE id = $1");
    if (str_eq(column, S("code_head")))
        return SQL("UPDATE tag SET code_head = $2 WHERE id = $1");
    return SQL("UPDATE tag SET code_foot = $2 WHERE id = $1");
}

static store_sql byline_sql(str column)
{
    return str_eq(column, S("profile_image"))
               ? SQL("UPDATE byline SET profile_image = $2 WHERE id = $1")
               : SQL("UPDATE byline SET cover_image = $2 WHERE id = $1");
}

static enum status place_write(struct newsroom *desk, const struct media_place *place,
                               struct error *err)
{
    if (place->user == MEDIA_IN_SETTING)
        return setting_set(desk, place->slug, place->text, err);
    bool tag = place->user == MEDIA_IN_TAG;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(store_tx_conn(desk->tx),
                                       tag ? tag_sql(place->column) : byline_sql(place->column));
    store_bind_int(q, 1, place->id);
    store_bind_text(q, 2, place->text);
    enum status st = store_run(q, err);
    if (st != ST_OK)
        return st;
    if (tag)
        change_tag(desk, (tag_id){place->id});
    else
        change_byline(desk, (byline_id){place->id});
    change_list(desk, tag ? LIST_TAG : LIST_BYLINE, place->id);
    return ST_OK;
}

static enum status places_follow(struct newsroom *desk, const struct picture_lookup *lookup,
                                 struct error *err)
{
    struct followed f = {.desk = desk, .lookup = lookup};
    enum status st = media_places_each(store_tx_conn(desk->tx), place_follow, &f, err);
    for (size_t i = 0; st == ST_OK && i < f.count; i++)
        st = place_write(desk, &f.places[i], err);
    return st;
}

enum status media_replace(struct newsroom *desk, media_id old, media_id with,
                          struct media_left *ret_left, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    struct media *from, *to;
    if (old.v == with.v)
        return error_set(err, ST_CONFLICT, "that is the same picture");
    enum status st = media_by_id(conn, old, desk->arena, &from, err);
    if (st == ST_OK)
        st = media_by_id(conn, with, desk->arena, &to, err);
    if (st != ST_OK)
        return st;
    to->title = either(to->title, from->title);
    to->alt = either(to->alt, from->alt);
    to->caption = either(to->caption, from->caption);
    to->credit = either(to->credit, from->credit);
    to->licence = either(to->licence, from->licence);
    const struct picture_lookup *lookup = media_lookup(desk->arena, conn);
    st = texts_write(desk, to, err);
    if (st == ST_OK)
        st = record_end(desk, from, with, err);
    if (st == ST_OK)
        st = stories_follow(desk, from->path, lookup, err);
    if (st == ST_OK)
        st = places_follow(desk, lookup, err);
    return st == ST_OK ? left_of(desk, from, ret_left, err) : st;
}
