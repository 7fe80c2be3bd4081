/* SPDX-License-Identifier: MIT
 *
 * What once answered at an address that nothing answers now. One hop: whatever form it was asked in,
 * the answer names the last address, so old links never walk a chain. */
#include "base/arena.h"
#include "base/buf.h"
#include "news/byline.h"
#include "news/redirect.h"
#include "news/story.h"
#include "news/tag.h"
#include "site/visit.h"
#include "text/url.h"

enum { ADDRESS_MAX = 4096 };

/* Runs of slashes become one: "//evil.example/" as a Location would be another site. */
static str without_doubled_slashes(struct arena *arena, str path)
{
    struct buf b;
    buf_init(&b, arena, size_add(path.len, 1));
    for (size_t i = 0; i < path.len; i++) {
        if (i == 0 || path.ptr[i] != '/' || path.ptr[i - 1] != '/')
            buf_add_char(&b, path.ptr[i]);
    }
    return buf_view(&b);
}

/* "/Tag//Harbour" -> "/tag/harbour/": GHOST-THEMES §3.1. Files keep their form. */
static str canonical(struct arena *arena, str path)
{
    str low = without_doubled_slashes(arena, str_lower(arena, path));
    str last = str_from(low, str_rfind_char(low, '/') + 1);
    if (last.len == 0 || str_contains(last, S(".")))
        return low;
    return str_join2(arena, low, S("/"));
}

static enum status follow(struct visit *v, const struct redirect *redirect, struct error *err)
{
    str location = redirect->location;
    if (redirect->story.v != 0) {
        if (!redirect->published)
            return visit_absent(v, 410, err);
        location = str_join3(v->arena, S("/"), redirect->slug, S("/"));
    } else if (redirect->tag.v != 0) {
        location = str_join3(v->arena, S("/tag/"), redirect->slug, S("/"));
    } else if (redirect->byline.v != 0) {
        location = str_join3(v->arena, S("/author/"), redirect->slug, S("/"));
    }
    if (location.len == 0)
        return error_set(err, ST_NOT_FOUND, "the redirect leads nowhere");
    http_response_redirect(v->res, redirect->code == 302 ? 302 : 301, location);
    return ST_OK;
}

/* A story under its slug that is not shown: 410 if it once was. Under another form of its slug: there. */
static enum status by_slug(struct visit *v, str path, struct error *err)
{
    struct story *story;
    str slug = str_sub(path, 1, path.len < 2 ? 0 : path.len - 2);
    if (slug.len == 0 || str_find_char(slug, '/') != STR_NPOS)
        return error_set(err, ST_NOT_FOUND, "there is no such page");
    enum status st = story_by_slug(v->conn, slug, v->arena, &story, err);
    if (st != ST_OK)
        return st;
    if (story->state == STORY_PUBLISHED) {
        http_response_redirect(v->res, 301, story_path(v->arena, story));
        return ST_OK;
    }
    if (story->was_published)
        return visit_absent(v, 410, err);
    return error_set(err, ST_NOT_FOUND, "the story was never published");
}

/* WordPress's forms that need no table: the last part names the thing. */
static bool by_pattern(struct visit *v, str path, str *ret_location)
{
    static const struct {
        str prefix, to;
    } forms[] = {
        {STR_INIT("/category/"), STR_INIT("/tag/")},
    };
    static const struct {
        str suffix, to;
    } feeds[] = {
        {STR_INIT("/feed/atom/"), STR_INIT("/rss/")},
        {STR_INIT("/feed/rss2/"), STR_INIT("/rss/")},
        {STR_INIT("/comments/feed/"), STR_INIT("/rss/")},
        {STR_INIT("/feed/"), STR_INIT("/rss/")},
    };
    if (str_eq(path, S("/comments/feed/"))) {
        *ret_location = S("/rss/");
        return true;
    }
    for (size_t i = 0; i < ARRAY_LEN(feeds); i++) {
        if (str_ends(path, feeds[i].suffix)) {
            str base = str_sub(path, 0, path.len - feeds[i].suffix.len);
            bool has_feed =
                base.len == 0 || str_starts(base, S("/tag/")) || str_starts(base, S("/author/"));
            *ret_location = has_feed ? str_join2(v->arena, base, feeds[i].to)
                                     : str_join2(v->arena, base, S("/"));
            return true;
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        if (!str_starts(path, forms[i].prefix))
            continue;
        str rest = str_from(path, forms[i].prefix.len);
        if (rest.len > 0)
            rest.len--;
        size_t slash = str_rfind_char(rest, '/');
        str last = slash == STR_NPOS ? rest : str_from(rest, slash + 1);
        struct tag *tag;
        if (tag_by_slug(v->conn, last, v->arena, &tag, NULL) != ST_OK)
            return false;
        *ret_location = str_join3(v->arena, forms[i].to, tag->slug, S("/"));
        return true;
    }
    if (str_ends(path, S("/amp/"))) {
        *ret_location = str_sub(path, 0, path.len - S("amp/").len);
        return true;
    }
    return false;
}

static bool from_query(struct visit *v, str *ret_location)
{
    str value;
    if (!str_eq(v->req->path, S("/")))
        return false;
    if (http_query_get(v->req, S("feed"), &value)) {
        *ret_location = S("/rss/");
        return true;
    }
    if (http_query_get(v->req, S("s"), &value)) {
        struct buf b;
        buf_init(&b, v->arena, ADDRESS_MAX);
        buf_add(&b, S("/search/?q="));
        buf_add_percent(&b, str_sub(value, 0, ADDRESS_MAX / 4), STR_NONE);
        *ret_location = buf_view(&b);
        return true;
    }
    return false;
}

enum status old_address(struct visit *v, struct error *err)
{
    struct redirect redirect;
    str path;
    str location;
    enum status st = ST_NOT_FOUND;

    if (from_query(v, &location)) {
        http_response_redirect(v->res, 301, location);
        return ST_OK;
    }
    if (redirect_path(v->arena, v->req->path, v->req->query, &path, NULL) == ST_OK) {
        st = redirect_find(v->conn, path, v->arena, &redirect, err);
        if (st == ST_OK)
            return follow(v, &redirect, err);
        if (st != ST_NOT_FOUND)
            return st;
    }
    path = canonical(v->arena, v->req->path);
    st = by_slug(v, path, err);
    if (st != ST_NOT_FOUND)
        return st;
    if (!by_pattern(v, path, &location))
        location = path;
    if (!str_eq(location, v->req->path)) {
        http_response_redirect(v->res, 301, url_path_encode(v->arena, location));
        return ST_OK;
    }
    return error_set(err, ST_NOT_FOUND, "there is no such page");
}
