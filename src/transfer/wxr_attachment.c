/* SPDX-License-Identifier: MIT
 *
 * What stories refer to by number, by path, or by being its parent. The table import_attachment keeps all
 * that an import was told, whether the file came or not: a later file of the same export finds it there,
 * and a later run with the pictures at hand brings what was missing. */
#include "transfer/wxr_import.h"

#include "base/arena.h"
#include "base/parse.h"
#include "media/intake.h"
#include "media/media.h"
#include "news/redirect.h"
#include "store/store.h"
#include "text/entity.h"
#include "text/plain.h"
#include "text/url.h"

#include <stdlib.h>

static str keep(struct wxr_import *import, str text)
{
    return str_copy(import->arena, text);
}

/* ---- as the files tell ---- */

static void attach_to(struct wxr_import *import, const struct wxr_attachment *a)
{
    int64_t id;
    if (!str_to_i64(a->id, &id) || a->parent.len == 0 || str_eq(a->parent, S("0")))
        return;
    struct wxr_ids *ids = map_get(&import->attached, a->parent);
    if (ids == NULL) {
        ids = arena_new_one(import->arena, struct wxr_ids);
        (void)map_set(&import->attached, a->parent, ids);
    }
    if (ids->count == ids->cap) {
        size_t cap = ids->cap == 0 ? 8 : ids->cap * 2;
        ids->list = arena_grow(import->arena, ids->list, size_mul(ids->cap, sizeof(*ids->list)),
                               size_mul(cap, sizeof(*ids->list)), _Alignof(struct wxr_attached));
        ids->cap = cap;
    }
    ids->list[ids->count++] = (struct wxr_attached){.id = id, .position = a->position};
}

/* Who credits pictures on WordPress uses one of few plug-ins; these are what they show below them. */
static str credit_of(struct wxr_import *import, const struct wxr_item *item)
{
    str credit = wxr_item_meta(item, S("_broadsheet_credit")); /* HTML: what the demo carries */
    if (credit.len > 0)
        return keep(import, credit);
    credit = str_trim(wxr_item_meta(item, S("_media_credit")));
    if (credit.len == 0)
        credit = str_trim(wxr_item_meta(item, S("isc_image_source")));
    str of = str_trim(wxr_item_meta(item, S("_navis_media_credit_org")));
    return str_join3(import->arena, credit, credit.len > 0 && of.len > 0 ? S(" / ") : S(""), of);
}

void wxr_attachment_survey(struct wxr_import *import, const struct wxr_item *item)
{
    if (map_get(&import->attachments, item->id) != NULL)
        return; /* another file has told of it */
    struct wxr_attachment *a = arena_new_one(import->arena, struct wxr_attachment);
    str path;
    a->in_the_file = true;
    a->id = keep(import, item->id);
    a->parent = keep(import, str_trim(item->parent));
    a->link = keep(import, item->link);
    a->old_url = keep(import, item->attachment_url.len > 0 ? item->attachment_url : item->guid);
    a->url = a->old_url;
    a->alt = entity_decode(import->arena,
                           keep(import, wxr_item_meta(item, S("_wp_attachment_image_alt"))));
    a->caption = keep(import, str_trim(item->excerpt));
    a->credit = credit_of(import, item);
    a->title = entity_decode(import->arena, keep(import, item->title));
    (void)str_to_i64(str_trim(item->menu_order), &a->position);
    str file = str_trim(wxr_item_meta(item, S("_wp_attached_file")));
    if (file.len > 0)
        a->path = keep(import, file);
    else if (uploads_path(a->url, &path))
        a->path = path;
    else
        a->path = url_file_name(a->url); /* it lay elsewhere */
    (void)map_set(&import->attachments, a->id, a);
    if (a->path.len > 0)
        (void)map_set(&import->uploads, a->path, a);
    if (uploads_path(a->url, &path))
        (void)map_set(&import->uploads, path, a);
    attach_to(import, a);
}

/* ---- those of earlier imports ---- */

static void set_here(struct wxr_import *import, struct wxr_attachment *a)
{
    a->here = true;
    a->url =
        str_join2(import->arena, S("/content/images/"), url_path_encode(import->arena, a->ours));
}

static void join_stored(struct wxr_import *import, const struct store_stmt *row)
{
    struct wxr_attachment *a = map_get(&import->attachments, store_column_text(row, 0));
    if (a == NULL) {
        str path;
        a = arena_new_one(import->arena, struct wxr_attachment);
        a->id = keep(import, store_column_text(row, 0));
        a->parent = keep(import, store_column_text(row, 1));
        a->position = store_column_int(row, 2);
        a->path = keep(import, store_column_text(row, 3));
        a->old_url = a->url = keep(import, store_column_text(row, 4));
        a->alt = keep(import, store_column_text(row, 5));
        a->caption = keep(import, store_column_text(row, 6));
        a->credit = keep(import, store_column_text(row, 7));
        (void)map_set(&import->attachments, a->id, a);
        if (a->path.len > 0 && map_get(&import->uploads, a->path) == NULL)
            (void)map_set(&import->uploads, a->path, a);
        if (uploads_path(a->url, &path) && map_get(&import->uploads, path) == NULL)
            (void)map_set(&import->uploads, path, a);
        attach_to(import, a);
    }
    a->stored = true;
    a->media = store_column_int(row, 8);
    if (a->media == 0)
        return;
    a->ours = keep(import, store_column_text(row, 9));
    if (a->ours.len > 0) /* a record has its file */
        set_here(import, a);
    else
        a->media = 0; /* removed since: it may come again */
}

static int by_position(const void *a, const void *b)
{
    const struct wxr_attached *x = a, *y = b;
    if (x->position != y->position)
        return (x->position > y->position) - (x->position < y->position);
    return (x->id > y->id) - (x->id < y->id);
}

/* A gallery without ids shows its post's in the order of their places, then of their numbers. */
static void put_in_order(struct wxr_import *import)
{
    for (size_t i = 0; i < map_count(&import->attached); i++) {
        struct wxr_ids *ids = map_value(&import->attached, i);
        qsort(ids->list, ids->count, sizeof(*ids->list), by_position);
        ids->ids = arena_new_array(import->arena, int64_t, ids->count);
        for (size_t k = 0; k < ids->count; k++)
            ids->ids[k] = ids->list[k].id;
    }
}

enum status wxr_attachments_known(struct wxr_import *import, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        import->conn,
        SQL("SELECT a.foreign_id, a.parent, a.position, a.path, a.url, a.alt, a.caption,"
            " a.credit, a.media, m.path FROM import_attachment a"
            " LEFT JOIN media m ON m.id = a.media"
            " WHERE a.source = $1 ORDER BY a.foreign_id"));
    store_bind_text(q, 1, import->source);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK)
        join_stored(import, q);
    if (st != ST_NOT_FOUND)
        return st;
    put_in_order(import);
    return ST_OK;
}

/* ---- the file ---- */

/* Captions and credits come as HTML; a record keeps words. */
static str words_of(struct wxr_import *import, str text)
{
    str plain;
    if (plain_from_html(import->arena, text, &plain, NULL) != ST_OK)
        return STR_NONE;
    return plain_one_line(import->arena, plain);
}

static enum status take(struct wxr_import *import, struct wxr_attachment *a, struct error *err)
{
    AUTO(fd_closep) int fd = -1;
    struct media *media;
    const struct media_desk *desk = import->options->media;
    enum status st =
        uploads_open(desk == NULL ? STR_NONE : import->options->media_dir, a->path, &fd, err);
    if (st != ST_OK)
        return st;
    const struct media_offer offer = {.fd = fd,
                                      .name = url_file_name(a->path),
                                      .wanted_path = a->path,
                                      .alt = a->alt,
                                      .caption = words_of(import, a->caption),
                                      .credit = words_of(import, a->credit)};
    st = media_take(desk, &offer, import->arena, &media, NULL, err);
    if (st != ST_OK)
        return st;
    a->media = media->id.v;
    a->ours = media->path;
    return ST_OK;
}

void wxr_attachment_take(struct wxr_import *import, struct wxr_attachment *a)
{
    struct error why = ERROR_INIT;
    if (a->path.len == 0 || a->here)
        return;
    enum status st = take(import, a, &why);
    a->came = st == ST_OK;
    if (a->came)
        set_here(import, a);
    else if (a->in_the_file)
        report_note(import->report, str_from_c(why.text), a->path);
}

/* The file's old address leads to it by itself where its path stayed the same (site/files.c). */
static enum status redirect_old(struct newsroom *desk, const struct wxr_attachment *a,
                                struct error *err)
{
    struct redirect redirect = {.location = a->url};
    str old =
        str_join2(desk->arena, S("/wp-content/uploads/"), url_path_encode(desk->arena, a->path));
    if (str_eq(a->path, a->ours) ||
        redirect_path(desk->arena, old, STR_NONE, &redirect.path, NULL) != ST_OK)
        return ST_OK;
    return redirect_add(desk, &redirect, err);
}

enum status wxr_attachment_save(struct newsroom *desk, struct wxr_import *import,
                                struct wxr_attachment *a, struct error *err)
{
    if (a->stored && !a->came)
        return ST_OK;
    if (a->came) {
        enum status st = redirect_old(desk, a, err);
        if (st != ST_OK)
            return st;
        import->report->out->came[IMPORT_PICTURES]++;
    }
    if (!a->stored)
        import->report->out->came[IMPORT_ATTACHMENTS]++;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("INSERT INTO import_attachment (source, foreign_id, parent, position, path, url, alt,"
            " caption, credit, media) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
            " ON CONFLICT (source, foreign_id) DO UPDATE SET media = excluded.media"));
    store_bind_text(q, 1, import->source);
    store_bind_text(q, 2, a->id);
    store_bind_text(q, 3, a->parent);
    store_bind_int(q, 4, a->position);
    store_bind_text(q, 5, a->path);
    store_bind_text(q, 6, a->old_url);
    store_bind_text(q, 7, a->alt);
    store_bind_text(q, 8, a->caption);
    store_bind_text(q, 9, a->credit);
    store_bind_int_or_null(q, 10, a->media);
    return store_run(q, err);
}
