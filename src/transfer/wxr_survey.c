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

#include <string.h>

/* ---- whose it is ---- */

struct source {
    struct arena *arena;
    str address;
    bool told;
};

static enum status source_channel(void *ctx, const struct wxr_channel *channel, struct error *err)
{
    struct source *source = ctx;
    str home = channel->base_blog_url;
    if (home.len == 0)
        home = channel->base_site_url.len > 0 ? channel->base_site_url : channel->link;
    home = str_trim(home);
    while (str_ends(home, S("/")))
        home.len--;
    source->address = str_copy(source->arena, home);
    source->told = true;
    return error_set(err, ST_CONFLICT,
                     "the old site's address is known"); /* which ends the reading */
}

enum status wxr_source_of(struct arena *arena, int fd, str name, str *ret_source, struct error *err)
{
    struct wxr_facts facts;
    struct source source = {.arena = arena};
    const struct wxr_handler handler = {.ctx = &source, .channel = source_channel};
    struct error why = ERROR_INIT;
    enum status st = wxr_read(fd, name, &handler, &facts, &why);
    if (!source.told) {
        if (err != NULL)
            *err = why;
        return st;
    }
    *ret_source = source.address;
    return ST_OK;
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
    if (import->channel.title.len > 0) /* the first of several files has told */
        return ST_OK;
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
    if (author->display_name.len > 0)
        byline->name = entity_decode(import->arena, keep(import, author->display_name));
    if (author->email.len > 0)
        byline->email = keep(import, author->email);
    if (wxr_is_user(str_trim(author->id)))
        byline->user = keep(import, str_trim(author->id));
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
    if (term->name.len > 0)
        tag->name = entity_decode(import->arena, keep(import, term->name));
    tag->description = entity_decode(import->arena, keep(import, term->description));
    tag->parent = keep(import, term->parent);
    if (term->id.len > 0)
        (void)map_set(&import->term_ids, keep(import, term->id), tag);
    return ST_OK;
}

static str menu_of(const struct wxr_item *item)
{
    for (size_t i = 0; i < item->refs_count; i++) {
        if (str_eq(item->refs[i].domain, S("nav_menu")))
            return item->refs[i].slug;
    }
    return STR_NONE;
}

static void survey_menu_item(struct wxr_import *import, const struct wxr_item *item)
{
    if (import->menu_items == NULL)
        import->menu_items =
            arena_new_array(import->arena, struct wxr_menu_item, WXR_MENUS_ITEMS_MAX);
    str menu = menu_of(item);
    for (size_t i = 0; i < import->menu_items_count && item->id.len > 0; i++) {
        if (str_eq(import->menu_items[i].id, item->id) && str_eq(import->menu_items[i].menu, menu))
            return; /* another file has told of it */
    }
    if (import->menu_items_count == WXR_MENUS_ITEMS_MAX)
        return;
    struct wxr_menu_item *m = &import->menu_items[import->menu_items_count++];
    m->id = keep(import, item->id);
    m->menu = keep(import, menu);
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
        wxr_clock_survey(import, item);
        survey_refs(import, item);
    } else if (str_eq(item->type, S("attachment"))) {
        wxr_attachment_survey(import, item);
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
    report_note_many(import->report, S("a bare & stood where XML wants &amp;, and was read as one"),
                     i64_from_size(facts.bare));
    report_note_many(import->report, S("a character that XML does not have became U+FFFD"),
                     i64_from_size(facts.mended));
    return ST_OK;
}

/* ---- terms, bylines and files, before the stories that use them ---- */

/* Replies name their writer by it, in this file or one that lists no authors. */
static enum status save_user(struct newsroom *desk, struct wxr_import *import,
                             const struct wxr_byline *byline, struct error *err)
{
    int64_t known = 0;
    if (byline->user.len == 0)
        return ST_OK;
    enum status st = import_map_find(store_tx_conn(desk->tx), import->source, S("user"),
                                     byline->user, &known, err);
    if ((st != ST_OK && st != ST_NOT_FOUND) || known == byline->id.v)
        return st;
    return import_map_put(desk, import->source, S("user"), byline->user, byline->id.v, err);
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
    if (st == ST_OK) { /* unless it was deleted since */
        struct byline *there;
        st = byline_by_id(store_tx_conn(desk->tx), (byline_id){known}, desk->arena, &there, err);
    }
    if (st == ST_OK) {
        byline->id.v = known;
        return save_user(desk, import, byline, err);
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
    st = import_map_put(desk, import->source, S("byline"), byline->login, byline->id.v, err);
    return st == ST_OK ? save_user(desk, import, byline, err) : st;
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
    if (st == ST_OK) { /* as a byline */
        struct tag *there;
        st = tag_by_id(store_tx_conn(desk->tx), (tag_id){known}, desk->arena, &there, err);
    }
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

/* One record a step, but all sections in the first: parents first, as many rounds as they are deep. */
struct terms_write {
    struct wxr_import *import;
    size_t at;
    /* The record under way, for when the database refuses it. */
    bool *refused; /* NULL: none was; the failure is another's */
    const char *what;
    str where;
    enum import_kind kind;
};

static enum status tag_step(struct newsroom *desk, struct terms_write *write, struct wxr_tag *tag,
                            struct error *err)
{
    write->refused = &tag->refused;
    write->what = tag->section ? "a section was refused: " : "a tag was refused: ";
    write->where = tag->slug;
    write->kind = tag->section ? IMPORT_SECTIONS : IMPORT_TAGS;
    return tag->refused ? ST_OK : save_tag(desk, write->import, tag, err);
}

/* Whether its parent is still to be saved: one that will not be is not waited for. */
static bool waits_for_parent(const struct wxr_import *import, const struct wxr_tag *tag)
{
    const struct wxr_tag *parent = map_get(&import->sections, tag->parent);
    return parent != NULL && parent != tag && parent->id.v == 0 && !parent->refused &&
           !is_uncategorized(parent);
}

static enum status save_sections(struct newsroom *desk, struct terms_write *write,
                                 struct error *err)
{
    struct wxr_import *import = write->import;
    size_t count = map_count(&import->sections);
    for (size_t i = 0; i < count; i++) /* of a step that was undone */
        ((struct wxr_tag *)map_value(&import->sections, i))->id.v = 0;
    for (size_t left = count; left > 0;) {
        size_t before = left;
        left = 0;
        for (size_t i = 0; i < count; i++) {
            struct wxr_tag *tag = map_value(&import->sections, i);
            if (tag->id.v != 0 || tag->refused || is_uncategorized(tag))
                continue;
            if (waits_for_parent(import, tag)) {
                left++;
                continue;
            }
            enum status st = tag_step(desk, write, tag, err);
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

static enum status byline_step(struct newsroom *desk, struct terms_write *write,
                               struct wxr_byline *byline, struct error *err)
{
    write->refused = &byline->refused;
    write->what = "an author was refused: ";
    write->where = str_find_char(byline->name, '@') == STR_NPOS ? byline->name : STR_NONE;
    write->kind = IMPORT_AUTHORS;
    byline->id.v = 0;
    return byline->refused ? ST_OK : save_byline(desk, write->import, byline, err);
}

static enum status attachment_step(struct newsroom *desk, struct terms_write *write,
                                   struct wxr_attachment *a, struct error *err)
{
    write->refused = &a->refused;
    write->what = "an attachment was refused: ";
    write->where = a->path;
    write->kind = IMPORT_ATTACHMENTS;
    return a->refused ? ST_OK : wxr_attachment_save(desk, write->import, a, err);
}

/* The record at that place; ST_NOT_FOUND behind the last. */
static enum status save_term(struct newsroom *desk, struct terms_write *write, size_t at,
                             struct error *err)
{
    struct wxr_import *import = write->import;
    size_t bylines = map_count(&import->bylines), tags = map_count(&import->tags);
    if (at == 0)
        return save_sections(desk, write, err);
    at--;
    if (at < bylines)
        return byline_step(desk, write, map_value(&import->bylines, at), err);
    at -= bylines;
    if (at < tags)
        return tag_step(desk, write, map_value(&import->tags, at), err);
    return attachment_step(desk, write, map_value(&import->attachments, at - tags), err);
}

static enum status save_terms_step(struct store_tx *tx, void *arg, struct error *err)
{
    struct terms_write *write = arg;
    struct wxr_import *import = write->import;
    size_t end = 1 + map_count(&import->bylines) + map_count(&import->tags) +
                 map_count(&import->attachments);
    write->refused = NULL;
    if (write->at == end)
        return ST_NOT_FOUND;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct newsroom desk = {.tx = tx,
                            .arena = arena,
                            .rng = import->rng,
                            .now = clock_now(import->clock),
                            .site = import->options->settings};
    int64_t came[IMPORT_KINDS];
    memcpy(came, import->report->out->came, sizeof(came));
    enum status st = save_term(&desk, write, write->at, err);
    if (st == ST_OK) {
        write->refused = NULL;
        write->at++;
        return ST_OK;
    }
    memcpy(import->report->out->came, came, sizeof(came)); /* all of the step is undone */
    if (!wxr_is_refusal(st))
        write->refused = NULL;
    return st == ST_NOT_FOUND ? ST_INVALID : st; /* NOT_FOUND would end it as done */
}

enum status wxr_save_terms(struct wxr_import *import, struct error *err)
{
    struct terms_write write = {.import = import};
    for (size_t i = 0; i < map_count(&import->attachments); i++)
        wxr_attachment_take(import, map_value(&import->attachments, i));
    for (;;) {
        struct error why = ERROR_INIT;
        write.refused = NULL;
        enum status st =
            store_write_bulk_wait(import->options->store, save_terms_step, &write, &why);
        if (st == ST_OK || write.refused == NULL) {
            if (st != ST_OK && err != NULL)
                *err = why;
            return st;
        }
        /* The step is taken again without it. */
        *write.refused = true;
        import->report->out->skipped[write.kind]++;
        report_note(import->report,
                    str_join2(import->arena, str_from_c(write.what), str_from_c(why.text)),
                    write.where);
    }
}
