/* SPDX-License-Identifier: MIT
 *
 * A page from its request: what is needed before the first tag is printed is set up here (the
 * object, the page's list, the contexts), the rest comes as the template asks for it. */
#include "theme/rendering.h"
#include "base/arena.h"
#include "base/buf.h"
#include "news/change.h"
#include "news/setting.h"
#include "theme/date.h"
#include "theme/package.h"
#include "theme/phrases.h"

static const struct view_names *const view_tables[VIEW_KINDS] = {
    [VIEW_DATA] = &data_names,         [VIEW_ROOT] = &root_names,   [VIEW_SITE] = &site_names,
    [VIEW_POST] = &post_names,         [VIEW_TAG] = &tag_names,     [VIEW_AUTHOR] = &author_names,
    [VIEW_NAV_ITEM] = &nav_item_names, [VIEW_REPLY] = &reply_names,
};

void views_init(struct theme *theme)
{
    for (size_t i = 0; i < VIEW_KINDS; i++)
        hbs_fields_init(&theme->fields[i], theme->arena, view_tables[i]->names,
                        view_tables[i]->count);
}

/* ---- what the page was made from ---- */

enum { SEEN_KIND_SHIFT = 58, SEEN_SLOTS_START = 128, SEEN_MAX = 4000 };

static size_t seen_slot(const struct rendering *r, uint64_t key)
{
    size_t mask = r->seen_slots - 1;
    size_t at = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & mask;
    while (r->seen[at] != 0 && r->seen[at] != key)
        at = (at + 1) & mask;
    return at;
}

static void seen_grow(struct rendering *r)
{
    size_t old_slots = r->seen_slots;
    const uint64_t *old = r->seen;
    r->seen_slots = old_slots == 0 ? SEEN_SLOTS_START : old_slots * 2;
    r->seen = arena_new_array(r->arena, uint64_t, r->seen_slots);
    for (size_t i = 0; i < old_slots; i++) {
        if (old[i] != 0)
            r->seen[seen_slot(r, old[i])] = old[i];
    }
}

/* A page of more than SEEN_MAX things carries list:posts instead of the rest. */
void rendering_saw_slow(struct rendering *r, uint64_t key)
{
    if (r->seen_count * 2 >= r->seen_slots)
        seen_grow(r);
    if (r->seen_count >= SEEN_MAX)
        key = (uint64_t)SEEN_POSTS << SEEN_KIND_SHIFT;
    size_t at = seen_slot(r, key);
    if (r->seen[at] == 0) {
        r->seen[at] = key;
        r->seen_count++;
    }
    r->seen_last = key;
}

static str seen_name(const struct rendering *r, uint64_t key)
{
    int64_t id = (int64_t)(key & ((UINT64_C(1) << SEEN_KIND_SHIFT) - 1));
    switch ((enum seen_kind)(key >> SEEN_KIND_SHIFT)) {
    case SEEN_SETTINGS:
        return S("settings");
    case SEEN_THEME:
        return S("theme");
    case SEEN_STORY:
        return change_story_name(r->arena, (story_id){id});
    case SEEN_TAG:
        return change_tag_name(r->arena, (tag_id){id});
    case SEEN_BYLINE:
        return change_byline_name(r->arena, (byline_id){id});
    case SEEN_POSTS:
        return change_list_name(r->arena, LIST_ALL, 0);
    case SEEN_LATEST:
        return S("list:latest");
    case SEEN_POPULAR:
        return S("list:popular");
    case SEEN_SECTIONS:
        return S("list:sections");
    case SEEN_TAG_LIST:
        return change_list_name(r->arena, LIST_TAG, id);
    case SEEN_BYLINE_LIST:
        return change_list_name(r->arena, LIST_BYLINE, id);
    }
    return STR_NONE;
}

static const str *seen_names(const struct rendering *r)
{
    str *names = arena_new_array(r->arena, str, r->seen_count);
    size_t n = 0;
    for (size_t i = 0; i < r->seen_slots; i++) {
        if (r->seen[i] != 0)
            names[n++] = seen_name(r, r->seen[i]);
    }
    return names;
}

/* ---- strings and contexts ---- */

static void find_phrases(struct rendering *r)
{
    const struct map *texts = &r->theme->texts, *engine = &r->theme->engine_texts;
    str language = str_sub(r->locale, 0, str_find_char(r->locale, '-'));
    r->phrases[0] = map_get(texts, r->locale);
    r->phrases[1] = map_get(texts, language);
    r->phrases[2] = map_get(engine, r->locale);
    if (r->phrases[2] == NULL)
        r->phrases[2] = map_get(engine, language);
    r->phrases[3] = map_get(texts, S("en"));
}

str rendering_text(const struct rendering *r, str key)
{
    for (size_t i = 0; i < sizeof(r->phrases) / sizeof(r->phrases[0]); i++) {
        const str *found = phrases_find(r->phrases[i], key);
        if (found != NULL)
            return *found;
    }
    return key;
}

bool rendering_is(const struct rendering *r, str context)
{
    for (size_t i = 0; i < r->contexts_count; i++) {
        if (str_eq(r->contexts[i], context))
            return true;
    }
    return false;
}

/* ---- setting up ---- */

static const struct page_addresses default_addresses = {
    .search = STR_INIT("/search/"),
    .rss = STR_INIT("/rss/"),
    .atom = STR_INIT("/atom.xml"),
    .json_feed = STR_INIT("/feed.json"),
};

/* The theme's own number goes before the site's. */
static int64_t per_page(const struct rendering *r)
{
    int own = r->theme->package->posts_per_page;
    return own > 0 ? own : r->req->site->posts_per_page;
}

static void set_up(struct rendering *r)
{
    const struct page_request *req = r->req;
    r->env = (struct hbs_env){.arena = r->arena, .host = r};
    r->addresses = req->addresses != NULL ? req->addresses : &default_addresses;
    r->site_url = req->site->url;
    while (str_ends(r->site_url, S("/")))
        r->site_url.len--;
    r->locale = req->site->locale.len > 0 ? req->site->locale : S("en");
    r->dates = date_locale_find(r->locale);
    find_phrases(r);
    r->contexts_count = page_contexts(req, r->contexts);
    r->number = req->number < 1 ? 1 : req->number;
    r->per_page = req->limit > 0 ? req->limit : per_page(r);
    r->until = TIME_NEVER;
    r->noindex = req->preview || req->kind == PAGE_SEARCH || req->kind == PAGE_ERROR ||
                 (req->reply != NULL && !req->reply->elsewhere);
    rendering_saw(r, SEEN_SETTINGS, 0);
    rendering_saw(r, SEEN_THEME, 0);
}

static struct story_rows *one_row(struct rendering *r, struct story *story)
{
    struct story **row = arena_new_one(r->arena, struct story *);
    *row = story;
    return rows_new(r, row, 1);
}

static void take_search(struct rendering *r)
{
    const struct page_search *search = r->req->search;
    struct story **rows = arena_new_array(r->arena, struct story *, search->count);
    for (size_t i = 0; i < search->count; i++)
        rows[i] = search->rows[i].story;
    r->posts = rows_new(r, rows, search->count);
    r->posts->found = search->rows;
    r->pagination = pagination_value(r, r->number, 1, (int64_t)search->count, r->per_page);
}

static enum status fetch(struct rendering *r, struct error *err)
{
    if (r->req->story != NULL) {
        r->object = one_row(r, r->req->story);
        rendering_saw(r, SEEN_STORY, r->req->story->id.v);
    }
    switch (r->req->kind) {
    case PAGE_LIST:
    case PAGE_TAG:
    case PAGE_AUTHOR:
    case PAGE_ARCHIVE:
        return lists_fetch_posts(r, err);
    case PAGE_SEARCH:
        if (r->req->search != NULL)
            take_search(r);
        return ST_OK;
    case PAGE_STORY:
    case PAGE_PAGE:
    case PAGE_ERROR:
    case PAGE_TEMPLATE:
        break;
    }
    return ST_OK;
}

static enum status find_template(const struct rendering *r, str *ret_name, struct error *err)
{
    str names[PAGE_TEMPLATES_MAX];
    size_t count = page_templates(r->req, r->arena, names);
    for (size_t i = 0; i < count; i++) {
        if (theme_has_template(r->theme, names[i])) {
            *ret_name = names[i];
            return ST_OK;
        }
    }
    return error_set(err, ST_NOT_FOUND, "theme %.*s has no template for %.*s",
                     STR_ARG(r->theme->name), STR_ARG(r->req->path));
}

static bool rendering_expired(void *host)
{
    const struct rendering *r = host;
    return r->req->expired != NULL && r->req->expired(r->req->expired_ctx);
}

/* ---- rendering ---- */

enum { PAGE_BYTES_EXPECTED = 64 * 1024 };

enum status theme_render(struct theme *theme, const struct page_request *request,
                         struct arena *arena, struct theme_page *ret_page, struct error *err)
{
    struct rendering *r = arena_new_one(arena, struct rendering);
    r->theme = theme;
    r->req = request;
    r->arena = arena;
    set_up(r);
    enum status st = fetch(r, err);
    if (st != ST_OK)
        return st;
    str template_name;
    st = find_template(r, &template_name, err);
    if (st != ST_OK)
        return st;
    struct theme_page page = {0};
    struct hbs_page hbs = {.root = root_value(r),
                           .data = data_value(r),
                           .arena = arena,
                           .host = r,
                           .expired = rendering_expired,
                           .ret_steps = &page.steps};
    struct buf out;
    buf_init(&out, arena, PAGE_BYTES_MAX);
    buf_reserve(&out, PAGE_BYTES_EXPECTED);
    st = hbs_render(theme->set, template_name, &hbs, &out, err);
    if (st == ST_OK)
        st = buf_finish(&out, &page.text, err);
    if (st != ST_OK)
        return st;
    page.names = seen_names(r);
    page.names_count = r->seen_count;
    page.until = r->until;
    page.noindex = r->noindex;
    page.cacheable = !request->preview && request->reply == NULL && request->search == NULL;
    *ret_page = page;
    return ST_OK;
}
