/* SPDX-License-Identifier: MIT
 *
 * Helpers of the page around the stories: body_class navigation pagination page_url link link_class
 * search meta_title meta_description and those that have nothing to show yet (GHOST-THEMES 5,
 * third part). */
#include "base/arena.h"
#include "base/buf.h"
#include "news/byline.h"
#include "news/setting.h"
#include "news/tag.h"
#include "text/slug.h"
#include "theme/rendering.h"

/* ---- body_class ---- */

static void add_class(struct buf *out, str prefix, str slug)
{
    if (out->len > 0)
        buf_add_char(out, ' ');
    buf_add(out, prefix);
    buf_add_html(out, slug);
}

static enum status entry_classes(struct rendering *r, struct buf *b, struct error *err)
{
    struct story *story = r->object->rows[0];
    add_class(b, story->kind == STORY_PAGE ? S("page-template") : S("post-template"), STR_NONE);
    if (story->kind == STORY_PAGE)
        add_class(b, S("page-"), story->slug);
    enum status st = rows_load_terms(r, r->object, err);
    for (size_t i = 0; st == ST_OK && i < story->tags_count; i++) {
        rendering_saw(r, SEEN_TAG, story->tags[i]->id.v);
        add_class(b, S("tag-"), story->tags[i]->slug);
    }
    return st;
}

enum status helper_body_class(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    const struct page_request *req = r->req;
    struct buf b;
    enum status st = ST_OK;
    buf_init(&b, r->arena, HBS_TEXT_BYTES_MAX);
    if (rendering_is(r, S("home"))) {
        add_class(&b, S("home-template"), STR_NONE);
    } else if (r->object != NULL) {
        st = entry_classes(r, &b, err);
    } else if (req->kind == PAGE_TAG) {
        add_class(&b, S("tag-template"), STR_NONE);
        add_class(&b, S("tag-"), req->tag->slug);
    } else if (req->kind == PAGE_AUTHOR) {
        add_class(&b, S("author-template"), STR_NONE);
        add_class(&b, S("author-"), req->byline->slug);
    } else if (req->kind == PAGE_ARCHIVE || req->kind == PAGE_SEARCH || req->kind == PAGE_ERROR) {
        add_class(&b, r->contexts[r->contexts_count - 1], STR_NONE);
        buf_add(&b, S("-template"));
    }
    if (rendering_is(r, S("paged")))
        add_class(&b, S("paged"), STR_NONE);
    *ret = hbs_html((html){buf_view(&b)});
    return st;
}

/* ---- navigation ---- */

static str without_slashes(str path)
{
    while (str_ends(path, S("/")))
        path.len--;
    return path;
}

static bool is_current(const struct rendering *r, str url)
{
    str path = address_relative(r, url);
    return path.len > 0 && path.ptr[0] == '/' &&
           str_eq(without_slashes(path), without_slashes(r->req->path));
}

static struct hbs_value nav_items(struct rendering *r, const struct site_link *links, size_t count)
{
    struct hbs_value *items = arena_new_array(r->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++) {
        struct hbs_map *map = hbs_map_new(r->arena);
        hbs_map_set(map, S("label"), hbs_string(links[i].label));
        hbs_map_set(map, S("url"), hbs_string(address_absolute(r, links[i].url)));
        hbs_map_set(map, S("slug"),
                    hbs_string(slug_from_headline_or(r->arena, links[i].label, S("item"))));
        hbs_map_set(map, S("current"), hbs_bool(is_current(r, links[i].url)));
        items[i] = hbs_map_value(map);
    }
    return hbs_list_of(r->arena, items, count);
}

enum status helper_navigation(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    const struct site_settings *site = r->req->site;
    str type;
    (void)ret;
    enum status st = call_text(call, S("type"), STR_NONE, &type, err);
    if (st != ST_OK)
        return st;
    bool secondary = str_eq(type, S("secondary"));
    size_t count = secondary ? site->secondary_navigation_count : site->navigation_count;
    if (count == 0)
        return ST_OK;
    struct hbs_map *map = hbs_map_new(r->arena);
    for (size_t i = 0; i < hbs_call_hash_count(call); i++) {
        str name;
        struct hbs_value value = hbs_call_hash_at(call, i, &name);
        hbs_map_set(map, name, value);
    }
    hbs_map_set(map, S("navigation"),
                nav_items(r, secondary ? site->secondary_navigation : site->navigation, count));
    hbs_map_set(map, S("isSecondary"), hbs_bool(secondary));
    struct hbs_value context = hbs_overlay(r->arena, hbs_call_this(call), hbs_map_value(map));
    return hbs_call_partial(call, S("navigation"), context, err);
}

/* ---- pagination ---- */

enum status helper_pagination(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    struct hbs_value pagination;
    (void)ret;
    enum status st = call_this(call, S("pagination"), &pagination, err);
    if (st != ST_OK)
        return st;
    if (pagination.type != HBS_OBJECT) /* inside {{#foreach posts}}: the page's own is meant */
        pagination = r->pagination;
    if (pagination.type != HBS_OBJECT)
        return ST_OK;
    struct hbs_value hash = hbs_call_hash_object(call);
    if (hbs_call_hash_count(call) > 0)
        pagination = hbs_overlay(r->arena, pagination, hash);
    return hbs_call_partial(call, S("pagination"), pagination, err);
}

enum status helper_page_url(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    struct hbs_value value = hbs_call_arg(call, 0);
    double number;
    if (hbs_is_text(value) && (str_eq(value.text, S("next")) || str_eq(value.text, S("prev")))) {
        enum status st = call_this(call, value.text, &value, err);
        if (st != ST_OK)
            return st;
    }
    if (hbs_to_number(value, &number) && number >= 1 && number < 1e9)
        *ret = hbs_string(address_page(r, (int64_t)number));
    return ST_OK;
}

/* ---- link, link_class ---- */

enum link_state { LINK_ELSEWHERE, LINK_ACTIVE, LINK_PARENT };

static enum link_state link_state(const struct rendering *r, str href)
{
    str path = address_relative(r, href);
    path = without_slashes(str_sub(path, 0, str_find_char(path, '#')));
    str here = without_slashes(r->req->path);
    if (str_eq(path, here))
        return LINK_ACTIVE;
    if (path.len > 0 && str_starts(here, path) && here.ptr[path.len] == '/')
        return LINK_PARENT;
    return LINK_ELSEWHERE;
}

/* class, and activeClass or parentActiveClass when the link leads here or above. */
static enum status link_classes(const struct hbs_call *call, str href, str *ret, struct error *err)
{
    const struct rendering *r = rendering_of_call(call);
    str class, active, parent;
    enum status st = call_text(call, S("class"), STR_NONE, &class, err);
    if (st == ST_OK)
        st = call_text(call, S("activeClass"), S("nav-current"), &active, err);
    if (st != ST_OK)
        return st;
    st = call_text(call, S("parentActiveClass"), str_join2(r->arena, active, S("-parent")), &parent,
                   err);
    if (st != ST_OK)
        return st;
    enum link_state state = link_state(r, href);
    str more = state == LINK_ACTIVE ? active : state == LINK_PARENT ? parent : STR_NONE;
    if (str_eq(more, S("false")))
        more = STR_NONE;
    *ret = class.len > 0 && more.len > 0 ? str_join3(r->arena, class, S(" "), more)
                                         : (class.len > 0 ? class : more);
    return ST_OK;
}

enum status helper_link_class(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    str href, classes;
    enum status st = call_text(call, S("for"), STR_NONE, &href, err);
    if (st == ST_OK)
        st = link_classes(call, href, &classes, err);
    if (st == ST_OK)
        *ret = hbs_string(classes);
    return st;
}

static bool link_own_word(str name)
{
    return str_eq(name, S("href")) || str_eq(name, S("class")) || str_eq(name, S("activeClass")) ||
           str_eq(name, S("parentActiveClass"));
}

static void add_attribute(struct buf *out, str name, str value)
{
    buf_add_char(out, ' ');
    hbs_add_escaped(out, name);
    buf_add(out, S("=\""));
    hbs_add_escaped(out, value);
    buf_add_char(out, '"');
}

enum status helper_link(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct buf *out = hbs_call_out(call);
    str href, classes;
    (void)ret;
    enum status st = call_text(call, S("href"), STR_NONE, &href, err);
    if (st == ST_OK)
        st = link_classes(call, href, &classes, err);
    if (st != ST_OK)
        return st;
    buf_add(out, S("<a"));
    if (classes.len > 0)
        add_attribute(out, S("class"), classes);
    add_attribute(out, S("href"), href);
    for (size_t i = 0; i < hbs_call_hash_count(call); i++) {
        str name, text;
        struct hbs_value value = hbs_call_hash_at(call, i, &name);
        if (link_own_word(name))
            continue;
        st = value_text(hbs_call_env(call), value, &text, err);
        if (st != ST_OK)
            return st;
        add_attribute(out, name, text);
    }
    buf_add_char(out, '>');
    st = hbs_call_block(call, NULL, err);
    buf_add(out, S("</a>"));
    return st;
}

/* ---- search ---- */

/* A link, so that it works without script; the attribute is what themes style and script. */
enum status helper_search(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    const struct rendering *r = rendering_of_call(call);
    struct buf *out = hbs_call_out(call);
    (void)ret;
    (void)err;
    if (r->addresses->search.len == 0)
        return ST_OK;
    buf_add(out, S("<a class=\"gh-search-icon\" data-ghost-search href=\""));
    hbs_add_escaped(out, r->addresses->search);
    buf_add(out, S("\" aria-label=\""));
    hbs_add_escaped(out, rendering_text(r, S("Search")));
    buf_add(out, S("\"><svg width=\"20\" height=\"20\" viewBox=\"0 0 16 16\" fill=\"none\" "
                   "stroke=\"currentColor\" stroke-width=\"1.75\" aria-hidden=\"true\">"
                   "<circle cx=\"6.5\" cy=\"6.5\" r=\"5\"/><path d=\"m10.5 10.5 4.5 4.5\" "
                   "stroke-linecap=\"round\"/></svg></a>"));
    return ST_OK;
}

/* ---- meta_title, meta_description ---- */

enum status helper_meta_title(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    struct rendering *r = rendering_of_call(call);
    str pattern, title;
    enum status st = call_text(call, S("page"), S(" (Page %)"), &pattern, err);
    if (st == ST_OK)
        st = meta_title(r, META_PAGE, pattern, &title, err);
    if (st == ST_OK)
        *ret = hbs_string(title);
    return st;
}

enum status helper_meta_description(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    str description;
    enum status st = meta_description(rendering_of_call(call), META_PAGE, &description, err);
    if (st == ST_OK)
        *ret = hbs_string(description);
    return st;
}

/* ---- nothing to show yet ---- */

/* cancel_link, recommendations, collection: there are no members and no recommendations. */
enum status helper_nothing(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    (void)call;
    (void)ret;
    (void)err;
    return ST_OK;
}

enum status helper_total_members(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    (void)call;
    (void)err;
    *ret = hbs_string(S("0"));
    return ST_OK;
}

enum status helper_content_api_url(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    (void)err;
    *ret = hbs_string(address_absolute(rendering_of_call(call), S("/ghost/api/content/")));
    return ST_OK;
}

/* Our Content API asks for no key; scripts that send one need some text. */
enum status helper_content_api_key(struct hbs_call *call, struct hbs_value *ret, struct error *err)
{
    const struct rendering *r = rendering_of_call(call);
    (void)err;
    str key = site_setting(r->req->site, S("content_api_key"));
    *ret = hbs_string(key.len > 0 ? key : S("public"));
    return ST_OK;
}
