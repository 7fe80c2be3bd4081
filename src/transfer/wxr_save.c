/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/buf.h"
#include "news/byline.h"
#include "news/import_map.h"
#include "news/redirect.h"
#include "news/setting.h"
#include "news/tag.h"
#include "store/store.h"
#include "text/url.h"
#include "transfer/tagging.h"
#include "transfer/wxr_import.h"

#include <stdlib.h>
#include <string.h>

enum { NAVIGATION_BYTES_MAX = 64 * 1024, NAVIGATION_ITEMS_MAX = 40 };

/* ---- a few stories a step ---- */

static enum status known_story(struct store_conn *conn, const struct wxr_batch *batch,
                               const struct wxr_story *story, story_id *ret_id, struct error *err)
{
    struct story *there;
    int64_t id;
    enum status st =
        import_map_find(conn, batch->import->source, S("story"), story->foreign_id, &id, err);
    if (st == ST_OK)
        st = story_by_id(conn, (story_id){id}, batch->arena, &there, err);
    if (st == ST_OK)
        ret_id->v = id;
    return st;
}

static enum status save_redirects(struct newsroom *desk, struct wxr_batch *batch,
                                  const struct wxr_story *story, story_id id, struct error *err)
{
    for (size_t i = 0; i < story->redirects_count; i++) {
        enum status st =
            redirect_add(desk, &(struct redirect){.path = story->redirects[i], .story = id}, err);
        if (st != ST_OK)
            return st;
        batch->came[IMPORT_REDIRECTS]++;
    }
    return ST_OK;
}

static enum status save_story(struct newsroom *desk, struct wxr_batch *batch,
                              const struct wxr_story *story, story_id *ret_id, struct error *err)
{
    bool page = story->ready.draft.kind == STORY_PAGE;
    enum status st = story_save(desk, &story->ready, ret_id, err);
    if (st == ST_OK)
        st = save_redirects(desk, batch, story, *ret_id, err);
    if (st == ST_OK && story->names_count > 0)
        st = tagging_propose(desk, *ret_id, story->names, story->names_count, err);
    if (st == ST_OK)
        st = import_map_put(desk, batch->import->source, S("story"), story->foreign_id, ret_id->v,
                            err);
    if (st == ST_OK && story->lost)
        st = wxr_later_wait(desk, batch, story, err);
    if (st == ST_OK)
        batch->came[page ? IMPORT_PAGES : IMPORT_STORIES]++;
    return st;
}

/* The reply it answers, when that came and stands under the same story. */
static enum status find_parent(struct newsroom *desk, struct wxr_batch *batch, story_id story,
                               struct wxr_reply *reply, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    struct comment *parent;
    int64_t ours;
    reply->astray = false;
    reply->ready.draft.parent = (comment_id){0};
    if (reply->parent.len == 0)
        return ST_OK;
    enum status st =
        import_map_find(conn, batch->import->source, S("comment"), reply->parent, &ours, err);
    if (st == ST_OK)
        st = comment_by_id(conn, (comment_id){ours}, desk->arena, &parent, err);
    if (st == ST_OK && parent->story.v == story.v)
        reply->ready.draft.parent = parent->id;
    else if (st == ST_OK || st == ST_NOT_FOUND) /* deleted since, or some plug-in moved it */
        reply->astray = true;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* What the old site's number of its writer says, never the name or the email that came with it. */
static enum status find_byline(struct newsroom *desk, struct wxr_batch *batch,
                               struct wxr_reply *reply, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    struct byline *byline;
    int64_t ours;
    reply->ready.draft.byline = (byline_id){0};
    if (reply->user.len == 0)
        return ST_OK;
    enum status st =
        import_map_find(conn, batch->import->source, S("user"), reply->user, &ours, err);
    if (st == ST_OK)
        st = byline_by_id(conn, (byline_id){ours}, desk->arena, &byline, err);
    if (st == ST_OK)
        reply->ready.draft.byline = byline->id;
    return st == ST_NOT_FOUND ? ST_OK : st; /* a reader with a login, or deleted since */
}

static enum status save_reply(struct newsroom *desk, struct wxr_batch *batch, story_id story,
                              struct wxr_reply *reply, int64_t *shown, struct error *err)
{
    str source = batch->import->source;
    struct comment_added added;
    int64_t ours;
    enum status st =
        import_map_find(store_tx_conn(desk->tx), source, S("comment"), reply->id, &ours, err);
    batch->skipped[IMPORT_COMMENTS] += st == ST_OK;
    if (st != ST_NOT_FOUND)
        return st; /* it came before, or the database failed */
    reply->ready.draft.story = story;
    reply->ready.draft.count_later = true;
    st = find_parent(desk, batch, story, reply, err);
    if (st == ST_OK)
        st = find_byline(desk, batch, reply, err);
    if (st == ST_OK)
        st = comment_add(desk, &reply->ready, &added, err);
    if (st != ST_OK)
        return st;
    batch->came[IMPORT_COMMENTS]++;
    *shown += added.state == COMMENT_APPROVED;
    return import_map_put(desk, source, S("comment"), reply->id, added.id.v, err);
}

static enum status save_replies(struct newsroom *desk, struct wxr_batch *batch,
                                struct wxr_story *story, story_id id, struct error *err)
{
    int64_t shown = 0;
    for (size_t i = 0; i < story->replies_count; i++) {
        struct wxr_reply *reply = &story->replies[i];
        if (reply->refused.len > 0)
            continue;
        enum status st = save_reply(desk, batch, id, reply, &shown, err);
        if (st != ST_OK) {
            batch->refused = &reply->refused;
            return st;
        }
    }
    return comment_count(desk, id, shown, err);
}

/* The next story with its replies; *ret_id is 0 when it came before, or is not to come. */
static enum status save_next(struct newsroom *desk, struct wxr_batch *batch, story_id *ret_id,
                             struct error *err)
{
    struct wxr_story *story = &batch->stories[batch->saved++];
    story_id id = {0};
    *ret_id = id;
    if (story->refused.len > 0)
        return ST_OK;
    enum status st = known_story(store_tx_conn(desk->tx), batch, story, &id, err);
    bool fresh = st == ST_NOT_FOUND;
    if (fresh)
        st = save_story(desk, batch, story, &id, err);
    else if (st == ST_OK)
        st = wxr_later_put(desk, batch, story, id, err);
    if (st == ST_OK && !fresh)
        batch->skipped[story->ready.draft.kind == STORY_PAGE ? IMPORT_PAGES : IMPORT_STORIES]++;
    if (st != ST_OK)
        batch->refused = &story->refused;
    else
        st = save_replies(desk, batch, story, id, err);
    if (st == ST_OK && fresh)
        *ret_id = id;
    return st;
}

bool wxr_is_refusal(enum status st)
{
    return st == ST_CONFLICT || st == ST_INVALID || st == ST_TOO_BIG || st == ST_NOT_FOUND;
}

enum status wxr_save_step(struct store_tx *tx, void *arg, struct error *err)
{
    struct wxr_batch *batch = arg;
    if (batch->saved == batch->count)
        return ST_NOT_FOUND;
    struct newsroom desk = {.tx = tx,
                            .arena = batch->arena,
                            .rng = batch->import->rng,
                            .now = clock_now(batch->import->clock),
                            .site = batch->import->options->settings};
    bool long_step = batch->import->options->alone && !batch->careful;
    size_t step = long_step ? WXR_BATCH_STORIES : WXR_STEP_STORIES;
    story_id fresh[WXR_BATCH_STORIES];
    size_t count = 0;
    int64_t came[IMPORT_KINDS], skipped[IMPORT_KINDS];
    memcpy(came, batch->came, sizeof(came));
    memcpy(skipped, batch->skipped, sizeof(skipped));
    enum status st = ST_OK;
    batch->step_from = batch->saved;
    for (size_t i = 0; i < step && batch->saved < batch->count && st == ST_OK; i++) {
        st = save_next(&desk, batch, &fresh[count], err);
        count += fresh[count].v != 0;
    }
    if (st == ST_OK)
        st = story_index(&desk, fresh, count, err);
    if (st == ST_OK)
        return ST_OK;
    memcpy(batch->came, came, sizeof(came)); /* all of the step is undone */
    memcpy(batch->skipped, skipped, sizeof(skipped));
    if (!wxr_is_refusal(st))
        batch->refused = NULL;
    if (batch->refused == NULL)
        error_prefix(err, "%.*s: \"%.*s\"", STR_ARG(batch->import->file),
                     STR_ARG(batch->stories[batch->saved - 1].ready.draft.title));
    return st == ST_NOT_FOUND ? ST_INVALID : st; /* NOT_FOUND would end the batch as done */
}

/* ---- menus ---- */

static bool story_address(struct newsroom *desk, struct wxr_import *import, str foreign_id,
                          str *ret_title, str *ret_path)
{
    struct story *story;
    int64_t id;
    struct store_conn *conn = store_tx_conn(desk->tx);
    if (import_map_find(conn, import->source, S("story"), foreign_id, &id, NULL) != ST_OK ||
        story_by_id(conn, (story_id){id}, desk->arena, &story, NULL) != ST_OK ||
        story->state != STORY_PUBLISHED)
        return false;
    *ret_title = story->title;
    *ret_path = str_join3(desk->arena, S("/"), story->slug, S("/"));
    return true;
}

/* A menu names a category by its term's id; where the file lists no ids, its name must do. */
static bool section_address(struct newsroom *desk, struct wxr_import *import, str id, str title,
                            str *ret_path)
{
    const struct wxr_tag *named = map_get(&import->term_ids, id);
    struct tag *by_id;
    if (named != NULL && named->id.v != 0 &&
        tag_by_id(store_tx_conn(desk->tx), named->id, desk->arena, &by_id, NULL) == ST_OK) {
        *ret_path = str_join3(desk->arena, S("/tag/"), by_id->slug, S("/"));
        return true;
    }
    for (size_t i = 0; i < map_count(&import->sections); i++) {
        const struct wxr_tag *section = map_value(&import->sections, i);
        struct tag *tag;
        if (!str_eq_nocase(section->name, title) || section->id.v == 0 ||
            tag_by_id(store_tx_conn(desk->tx), section->id, desk->arena, &tag, NULL) != ST_OK)
            continue;
        *ret_path = str_join3(desk->arena, S("/tag/"), tag->slug, S("/"));
        return true;
    }
    return false;
}

static bool menu_address(struct newsroom *desk, struct wxr_import *import,
                         const struct wxr_menu_item *item, str *ret_title, str *ret_path)
{
    *ret_title = item->title;
    if (str_eq(item->type, S("post_type"))) {
        str title;
        if (!story_address(desk, import, item->object_id, &title, ret_path))
            return false;
        if (ret_title->len == 0)
            *ret_title = title;
        return true;
    }
    if (str_eq(item->type, S("taxonomy")))
        return section_address(desk, import, item->object_id, item->title, ret_path);
    *ret_path = item->url;
    if (import->source.len > 0 && url_same_site(item->url, import->source)) {
        struct url url = url_split(item->url);
        *ret_path = url.path.len > 0 ? url.path : S("/");
    }
    return item->title.len > 0 && ret_path->len > 0 && !str_eq(item->url, S("#"));
}

static int by_order(const void *a, const void *b)
{
    const struct wxr_menu_item *x = a, *y = b;
    return (x->order > y->order) - (x->order < y->order);
}

static str menu_json(struct newsroom *desk, struct wxr_import *import, str menu)
{
    struct buf b;
    size_t count = 0;
    buf_init(&b, desk->arena, NAVIGATION_BYTES_MAX);
    buf_add(&b, S("["));
    for (size_t i = 0; i < import->menu_items_count && count < NAVIGATION_ITEMS_MAX; i++) {
        const struct wxr_menu_item *item = &import->menu_items[i];
        str title, path;
        if (!str_eq(item->menu, menu) || item->nested ||
            !menu_address(desk, import, item, &title, &path))
            continue;
        buf_add(&b, count++ == 0 ? S("{\"label\":\"") : S(",{\"label\":\""));
        buf_add_json(&b, title);
        buf_add(&b, S("\",\"url\":\""));
        buf_add_json(&b, path);
        buf_add(&b, S("\"}"));
    }
    buf_add(&b, S("]"));
    return count == 0 ? STR_NONE : buf_view(&b);
}

/* The menu that is most likely the site's own: by its name, else the first one of the file. */
static str menu_named(const struct wxr_import *import, const char *const *words, str not_this,
                      bool any)
{
    for (; *words != NULL; words++) {
        for (size_t i = 0; i < import->menu_items_count; i++) {
            str menu = import->menu_items[i].menu;
            if (str_contains(menu, str_from_c(*words)) && !str_eq(menu, not_this))
                return menu;
        }
    }
    return any && import->menu_items_count > 0 ? import->menu_items[0].menu : STR_NONE;
}

static enum status save_menus(struct newsroom *desk, struct wxr_import *import, struct error *err)
{
    static const char *const first[] = {"primary", "main", "sections", "header", "short", NULL};
    static const char *const second[] = {"footer", "secondary", NULL};
    const struct site_settings *site = import->options->settings;
    str foot = menu_named(import, second, STR_NONE, false);
    str head = menu_named(import, first, foot, true);
    enum status st = ST_OK;
    if (import->menu_items_count == 0)
        return ST_OK;
    qsort(import->menu_items, import->menu_items_count, sizeof(*import->menu_items), by_order);
    str json = menu_json(desk, import, head);
    if (json.len > 0 && site->navigation_count == 0)
        st = setting_set(desk, S("navigation"), json, err);
    json = str_eq(head, foot) ? STR_NONE : menu_json(desk, import, foot);
    if (st == ST_OK && json.len > 0 && site->secondary_navigation_count == 0)
        st = setting_set(desk, S("secondary_navigation"), json, err);
    return st;
}

/* An attachment's own page leads to the story it stood in, else to the file. */
static enum status save_attachment_address(struct newsroom *desk, struct wxr_import *import,
                                           const struct wxr_attachment *a, struct error *err)
{
    struct url url = url_split(a->link);
    struct redirect redirect = {0};
    int64_t story;
    str query = url.query;
    enum status st = import_map_find(store_tx_conn(desk->tx), import->source, S("story"), a->parent,
                                     &story, err);
    if (st == ST_OK)
        redirect.story.v = story;
    else if (st != ST_NOT_FOUND)
        return st;
    else if (a->here)
        redirect.location = a->url;
    else
        return ST_OK;
    if (redirect_path(desk->arena, url.path, query, &redirect.path, NULL) != ST_OK ||
        str_eq(redirect.path, S("/")))
        return ST_OK;
    return redirect_add(desk, &redirect, err);
}

/* A record a step: an export of many pictures does not hold up the desk. */
struct rest_write {
    struct wxr_import *import;
    size_t at;
    bool refused;
};

static enum status save_rest(struct store_tx *tx, void *arg, struct error *err)
{
    struct rest_write *write = arg;
    struct wxr_import *import = write->import;
    size_t at = write->at++;
    if (at > map_count(&import->attachments))
        return ST_NOT_FOUND;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct newsroom desk = {.tx = tx,
                            .arena = arena,
                            .rng = import->rng,
                            .now = clock_now(import->clock),
                            .site = import->options->settings};
    enum status st = at > 0 ? save_attachment_address(&desk, import,
                                                      map_value(&import->attachments, at - 1), err)
                            : save_menus(&desk, import, err);
    write->refused = wxr_is_refusal(st);
    return st == ST_NOT_FOUND ? ST_INVALID : st; /* NOT_FOUND would end it as done */
}

/* The step that was refused is undone; the next goes on behind it. */
static void rest_refused(const struct rest_write *write, str why)
{
    struct wxr_import *import = write->import;
    if (write->at == 1) {
        report_note(import->report, str_join2(import->arena, S("the menus were refused: "), why),
                    STR_NONE);
        return;
    }
    const struct wxr_attachment *a = map_value(&import->attachments, write->at - 2);
    report_note(import->report,
                str_join2(import->arena, S("an attachment's old address was refused: "), why),
                a->path);
}

enum status wxr_save_rest(struct wxr_import *import, struct error *err)
{
    struct rest_write write = {.import = import};
    for (;;) {
        struct error why = ERROR_INIT;
        write.refused = false;
        enum status st = store_write_bulk_wait(import->options->store, save_rest, &write, &why);
        if (st == ST_OK || !write.refused) {
            if (st != ST_OK && err != NULL)
                *err = why;
            return st;
        }
        rest_refused(&write, str_from_c(why.text));
    }
}
