/* SPDX-License-Identifier: MIT */
#include "transfer/wxr_import.h"

#include "base/arena.h"
#include "base/parse.h"
#include "news/byline.h"
#include "news/import_map.h"
#include "news/redirect.h"
#include "news/tag.h"
#include "store/store.h"
#include "text/entity.h"
#include "text/language.h"
#include "text/plain.h"
#include "text/slug.h"
#include "text/url.h"
#include "text/utf8.h"

str wxr_trimmed_home(struct arena *arena, str url)
{
    str home = str_copy(arena, str_trim(url));
    while (str_ends(home, S("/")))
        home.len--;
    return home;
}

/* ---- the first reading ---- */

static str keep(struct wxr_import *import, str text)
{
    return str_copy(import->arena, text);
}

static enum status survey_channel(void *ctx, const struct wxr_channel *channel, struct error *err)
{
    struct wxr_import *import = ctx;
    (void)err;
    str home = channel->base_blog_url;
    if (home.len == 0)
        home = channel->base_site_url.len > 0 ? channel->base_site_url : channel->link;
    import->source = wxr_trimmed_home(import->arena, home);
    import->channel.title = entity_decode(import->arena, keep(import, channel->title));
    import->channel.description = entity_decode(import->arena, keep(import, channel->description));
    import->channel.language = keep(import, channel->language);
    return ST_OK;
}

static struct wxr_byline *byline_of(struct wxr_import *import, str login)
{
    struct wxr_byline *byline = map_get(&import->bylines, login);
    if (byline == NULL) {
        byline = arena_new_one(import->arena, struct wxr_byline);
        byline->login = keep(import, login);
        (void)map_set(&import->bylines, login, byline);
    }
    return byline;
}

static enum status survey_author(void *ctx, const struct wxr_author *author, struct error *err)
{
    struct wxr_import *import = ctx;
    (void)err;
    struct wxr_byline *byline = byline_of(import, author->login);
    byline->name = entity_decode(import->arena, keep(import, author->display_name));
    byline->email = keep(import, author->email);
    return ST_OK;
}

static struct wxr_tag *tag_of(struct wxr_import *import, bool section, str slug)
{
    struct map *map = section ? &import->sections : &import->tags;
    struct wxr_tag *tag = map_get(map, slug);
    if (tag == NULL) {
        tag = arena_new_one(import->arena, struct wxr_tag);
        tag->slug = keep(import, slug);
        tag->section = section;
        (void)map_set(map, slug, tag);
    }
    return tag;
}

static enum status survey_term(void *ctx, const struct wxr_term *term, struct error *err)
{
    struct wxr_import *import = ctx;
    (void)err;
    bool section = str_eq(term->taxonomy, S("category"));
    if (!section && !str_eq(term->taxonomy, S("post_tag")))
        return ST_OK;
    struct wxr_tag *tag = tag_of(import, section, term->slug);
    tag->name = entity_decode(import->arena, keep(import, term->name));
    tag->description = entity_decode(import->arena, keep(import, term->description));
    tag->parent = keep(import, term->parent);
    if (term->id.len > 0)
        (void)map_set(&import->term_ids, keep(import, term->id), tag);
    return ST_OK;
}

static void attach_to(struct wxr_import *import, const struct wxr_attachment *attachment)
{
    int64_t id;
    if (!str_to_i64(attachment->id, &id) || str_eq(attachment->parent, S("0")))
        return;
    struct wxr_ids *ids = map_get(&import->attached, attachment->parent);
    if (ids == NULL) {
        ids = arena_new_one(import->arena, struct wxr_ids);
        (void)map_set(&import->attached, attachment->parent, ids);
    }
    if (ids->count == ids->cap) {
        size_t cap = ids->cap == 0 ? 8 : ids->cap * 2;
        ids->ids = arena_grow(import->arena, ids->ids, ids->cap * sizeof(*ids->ids),
                              size_mul(cap, sizeof(*ids->ids)), _Alignof(int64_t));
        ids->cap = cap;
    }
    ids->ids[ids->count++] = id;
}

static void survey_attachment(struct wxr_import *import, const struct wxr_item *item)
{
    struct wxr_attachment *a = arena_new_one(import->arena, struct wxr_attachment);
    str path;
    a->id = keep(import, item->id);
    a->parent = keep(import, item->parent);
    a->link = keep(import, item->link);
    a->url = keep(import, item->attachment_url.len > 0 ? item->attachment_url : item->guid);
    a->alt = entity_decode(import->arena,
                           keep(import, wxr_item_meta(item, S("_wp_attachment_image_alt"))));
    a->caption = keep(import, item->excerpt);
    str credit = wxr_item_meta(item, S("_broadsheet_credit"));
    if (credit.len > 0)
        a->caption =
            str_format(import->arena, "%.*s%s<span class=\"credit\">%.*s</span>",
                       STR_ARG(a->caption), a->caption.len > 0 ? " " : "", STR_ARG(credit));
    a->title = entity_decode(import->arena, keep(import, item->title));
    str file = wxr_item_meta(item, S("_wp_attached_file"));
    if (file.len > 0)
        a->path = keep(import, file);
    else if (uploads_path(a->url, &path))
        a->path = path;
    (void)map_set(&import->attachments, a->id, a);
    if (a->path.len > 0)
        (void)map_set(&import->uploads, a->path, a);
    if (uploads_path(a->url, &path))
        (void)map_set(&import->uploads, path, a);
    attach_to(import, a);
}

static void survey_menu_item(struct wxr_import *import, const struct wxr_item *item)
{
    if (import->menu_items == NULL)
        import->menu_items =
            arena_new_array(import->arena, struct wxr_menu_item, WXR_MENUS_ITEMS_MAX);
    if (import->menu_items_count == WXR_MENUS_ITEMS_MAX)
        return;
    struct wxr_menu_item *m = &import->menu_items[import->menu_items_count++];
    for (size_t i = 0; i < item->refs_count; i++) {
        if (str_eq(item->refs[i].domain, S("nav_menu")))
            m->menu = keep(import, item->refs[i].slug);
    }
    str parent = wxr_item_meta(item, S("_menu_item_menu_item_parent"));
    m->title = entity_decode(import->arena, keep(import, item->title));
    m->type = keep(import, wxr_item_meta(item, S("_menu_item_type")));
    m->object = keep(import, wxr_item_meta(item, S("_menu_item_object")));
    m->object_id = keep(import, wxr_item_meta(item, S("_menu_item_object_id")));
    m->url = keep(import, wxr_item_meta(item, S("_menu_item_url")));
    m->nested = parent.len > 0 && !str_eq(parent, S("0"));
    (void)str_to_i64(item->menu_order, &m->order);
}

/* Co-Authors Plus: a guest's name, words and login stand in metas. */
static void survey_guest(struct wxr_import *import, const struct wxr_item *item)
{
    str login = wxr_item_meta(item, S("cap-user_login"));
    str linked = wxr_item_meta(item, S("cap-linked_account"));
    if (login.len == 0)
        login = item->name;
    struct wxr_byline *byline = byline_of(import, linked.len > 0 ? linked : login);
    str name = wxr_item_meta(item, S("cap-display_name"));
    byline->name = entity_decode(import->arena, keep(import, name.len > 0 ? name : item->title));
    byline->bio = keep(import, wxr_item_meta(item, S("cap-description")));
    byline->website = keep(import, wxr_item_meta(item, S("cap-website")));
    str email = wxr_item_meta(item, S("cap-user_email"));
    if (byline->email.len == 0)
        byline->email = keep(import, email);
}

/* Terms and authors that only an item names: old exports list none. */
static void survey_refs(struct wxr_import *import, const struct wxr_item *item)
{
    for (size_t i = 0; i < item->refs_count; i++) {
        const struct wxr_ref *ref = &item->refs[i];
        bool section = str_eq(ref->domain, S("category"));
        if (section || str_eq(ref->domain, S("post_tag"))) {
            struct wxr_tag *tag = tag_of(import, section, ref->slug);
            if (tag->name.len == 0)
                tag->name = entity_decode(import->arena, keep(import, ref->name));
        } else if (str_eq(ref->domain, S("author"))) {
            str login = str_starts(ref->slug, S("cap-")) ? str_from(ref->slug, 4) : ref->slug;
            struct wxr_byline *byline = byline_of(import, login);
            if (byline->name.len == 0)
                byline->name = entity_decode(import->arena, keep(import, ref->name));
        }
    }
    if (item->creator.len > 0)
        (void)byline_of(import, item->creator);
}

static enum status survey_item(void *ctx, const struct wxr_item *item, struct error *err)
{
    struct wxr_import *import = ctx;
    (void)err;
    if (wxr_is_story(item)) {
        import->stories_total++;
        survey_refs(import, item);
    } else if (str_eq(item->type, S("attachment"))) {
        survey_attachment(import, item);
    } else if (str_eq(item->type, S("nav_menu_item"))) {
        survey_menu_item(import, item);
    } else if (str_eq(item->type, S("guest-author"))) {
        survey_guest(import, item);
    } else if (str_eq(item->type, S("wp_block"))) {
        str *text = arena_new_one(import->arena, str);
        *text = keep(import, item->content);
        (void)map_set(&import->blocks, item->id, text);
    } else {
        report_note(import->report,
                    str_format(import->arena, "a record of type \"%.*s\" was left out",
                               STR_ARG(item->type)),
                    STR_NONE);
    }
    return ST_OK;
}

enum status wxr_survey(struct wxr_import *import, int fd, struct error *err)
{
    struct wxr_facts facts;
    const struct wxr_handler handler = {.ctx = import,
                                        .channel = survey_channel,
                                        .author = survey_author,
                                        .term = survey_term,
                                        .item = survey_item};
    enum status st = wxr_read(fd, import->file, &handler, &facts, err);
    if (st != ST_OK)
        return st;
    if (facts.skipped > 0)
        report_note(import->report, S("something stood before the XML and was passed over"),
                    STR_NONE);
    report_note_many(import->report, S("a character that XML does not have became U+FFFD"),
                     i64_from_size(facts.mended));
    return ST_OK;
}

/* ---- terms, bylines and files, before the stories that use them ---- */

static void take_file(struct wxr_import *import, struct wxr_attachment *a)
{
    const struct uploads uploads = {import->options->media_dir, import->options->media};
    struct error why = ERROR_INIT;
    if (a->path.len == 0)
        return;
    enum status st = uploads_take(&uploads, a->path, &a->bytes, &a->type, &why);
    if (st != ST_OK) {
        report_note(import->report, str_from_c(why.text), a->path);
        return;
    }
    a->here = true;
    a->url =
        str_join2(import->arena, S("/content/images/"), url_path_encode(import->arena, a->path));
}

static enum status save_byline(struct newsroom *desk, struct wxr_import *import,
                               struct wxr_byline *byline, struct error *err)
{
    /* A login that is an email address never becomes an address on the site. */
    bool private_login = str_find_char(byline->login, '@') != STR_NPOS;
    bool private_name = str_find_char(byline->name, '@') != STR_NPOS; /* WordPress's default */
    if (private_name && str_eq(slug_from_headline_or(desk->arena, byline->name, S("author")),
                               byline->login)) /* co-authors have such a login */
        private_login = true;
    str name = byline->name.len > 0 && !private_name ? byline->name
               : private_login                       ? S("Staff")
                                                     : byline->login;
    int64_t known;
    enum status st = import_map_find(store_tx_conn(desk->tx), import->source, S("byline"),
                                     byline->login, &known, err);
    if (st == ST_OK) {
        byline->id.v = known;
        return ST_OK;
    }
    if (st != ST_NOT_FOUND)
        return st;
    struct byline_draft draft = {
        .name = utf8_cut_bytes(name, BYLINE_NAME_MAX),
        .slug =
            slug_from_headline_or(desk->arena, private_login ? name : byline->login, S("author")),
        .email = byline->email,
        .bio = byline->bio,
        .website = byline->website,
    };
    st = byline_find_or_add(desk, &draft, &byline->id, err);
    if (st != ST_OK)
        return st;
    import->report->out->came[IMPORT_AUTHORS]++;
    return import_map_put(desk, import->source, S("byline"), byline->login, byline->id.v, err);
}

static bool is_uncategorized(const struct wxr_tag *tag)
{
    return tag->section && str_eq(tag->slug, S("uncategorized"));
}

/* A slug of other letters than ours became another one: the old address leads on. */
static enum status redirect_tag(struct newsroom *desk, struct wxr_import *import,
                                const struct wxr_tag *tag, str slug, struct error *err)
{
    str folder = tag->section ? S("/category/") : S("/tag/");
    struct redirect redirect = {.tag = tag->id};
    if (slug.len == 0 ||
        redirect_path(desk->arena,
                      str_join3(desk->arena, folder, url_path_encode(desk->arena, slug), S("/")),
                      STR_NONE, &redirect.path, NULL) != ST_OK)
        return ST_OK;
    import->report->out->came[IMPORT_REDIRECTS]++;
    return redirect_add(desk, &redirect, err);
}

static enum status save_tag(struct newsroom *desk, struct wxr_import *import, struct wxr_tag *tag,
                            struct error *err)
{
    str kind = tag->section ? S("section") : S("tag");
    enum import_kind counted = tag->section ? IMPORT_SECTIONS : IMPORT_TAGS;
    int64_t known;
    if (is_uncategorized(tag))
        return ST_OK;
    enum status st =
        import_map_find(store_tx_conn(desk->tx), import->source, kind, tag->slug, &known, err);
    if (st == ST_OK) {
        tag->id.v = known;
        return ST_OK;
    }
    if (st != ST_NOT_FOUND)
        return st;
    const struct wxr_tag *parent =
        tag->parent.len > 0 ? map_get(&import->sections, tag->parent) : NULL;
    str text;
    if (!url_percent_decode(desk->arena, tag->slug, &text))
        text = tag->slug;
    str name = str_trim(tag->name).len > 0 ? tag->name : text;
    struct tag_draft draft = {
        .name = utf8_cut_bytes(str_trim(name).len > 0 ? name : S("Untitled"), TAG_NAME_MAX),
        .slug = slug_from_headline_or(desk->arena, text, S("tag")),
        .section = tag->section,
        .description = tag->description,
        .parent = parent == NULL ? (tag_id){0} : parent->id,
    };
    st = tag_find_or_add(desk, &draft, &tag->id, err);
    if (st != ST_OK)
        return st;
    import->report->out->came[counted]++;
    if (!str_eq(text, draft.slug))
        st = redirect_tag(desk, import, tag, text, err);
    if (st != ST_OK)
        return st;
    return import_map_put(desk, import->source, kind, tag->slug, tag->id.v, err);
}

static enum status save_attachment(struct newsroom *desk, struct wxr_import *import,
                                   const struct wxr_attachment *a, struct error *err)
{
    struct store_conn *conn = store_tx_conn(desk->tx);
    int64_t known;
    enum status st = import_map_find(conn, import->source, S("attachment"), a->id, &known, err);
    if (st == ST_OK)
        return ST_OK;
    if (st != ST_NOT_FOUND)
        return st;
    import->report->out->came[IMPORT_ATTACHMENTS]++;
    if (a->here) {
        import->report->out->came[IMPORT_PICTURES]++;
        AUTO(store_stmt_donep)
        struct store_stmt *q = store_query(
            conn, SQL("INSERT INTO media (ghost_id, path, name, content_type, bytes, alt, caption,"
                      " created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                      " ON CONFLICT (path) DO NOTHING"));
        store_bind_text(q, 1, ghost_id_new(desk->rng, desk->arena, desk->now));
        store_bind_text(q, 2, a->path);
        store_bind_text(q, 3, url_file_name(a->path));
        store_bind_text(q, 4, a->type);
        store_bind_int(q, 5, a->bytes);
        store_bind_text_or_null(q, 6, a->alt);
        store_bind_text_or_null(q, 7, a->caption);
        store_bind_int(q, 8, desk->now);
        st = store_run(q, err);
        if (st != ST_OK)
            return st;
    }
    return import_map_put(desk, import->source, S("attachment"), a->id, 0, err);
}

/* One record a step: parents of sections first, as many rounds as they are deep. */
struct terms_write {
    struct wxr_import *import;
    size_t at;
};

static enum status save_sections(struct newsroom *desk, struct wxr_import *import,
                                 struct error *err)
{
    size_t count = map_count(&import->sections);
    for (size_t left = count; left > 0;) {
        size_t before = left;
        left = 0;
        for (size_t i = 0; i < count; i++) {
            struct wxr_tag *tag = map_value(&import->sections, i);
            const struct wxr_tag *parent = map_get(&import->sections, tag->parent);
            if (tag->id.v != 0 || is_uncategorized(tag))
                continue;
            bool wait = parent != NULL && parent->id.v == 0 && !is_uncategorized(parent);
            if (wait && before > 0 && parent != tag) {
                left++;
                continue;
            }
            enum status st = save_tag(desk, import, tag, err);
            if (st != ST_OK)
                return st;
        }
        if (left == before) { /* a circle of parents: each is saved without one */
            for (size_t i = 0; i < count; i++)
                ((struct wxr_tag *)map_value(&import->sections, i))->parent = STR_NONE;
        }
    }
    return ST_OK;
}

static enum status save_terms_step(struct store_tx *tx, void *arg, struct error *err)
{
    struct terms_write *write = arg;
    struct wxr_import *import = write->import;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct newsroom desk = {.tx = tx,
                            .arena = arena,
                            .rng = import->rng,
                            .now = clock_now(import->clock),
                            .site = import->options->settings};
    size_t at = write->at++;
    size_t bylines = map_count(&import->bylines);
    size_t tags = map_count(&import->tags);
    if (at == 0)
        return save_sections(&desk, import, err);
    at--;
    if (at < bylines)
        return save_byline(&desk, import, map_value(&import->bylines, at), err);
    at -= bylines;
    if (at < tags)
        return save_tag(&desk, import, map_value(&import->tags, at), err);
    at -= tags;
    if (at < map_count(&import->attachments))
        return save_attachment(&desk, import, map_value(&import->attachments, at), err);
    return ST_NOT_FOUND;
}

enum status wxr_save_terms(struct wxr_import *import, struct error *err)
{
    struct terms_write write = {.import = import};
    for (size_t i = 0; i < map_count(&import->attachments); i++)
        take_file(import, map_value(&import->attachments, i));
    return store_write_bulk_wait(import->options->store, save_terms_step, &write, err);
}
