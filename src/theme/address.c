// SPDX-License-Identifier: MIT
#include "base/arena.h"
#include "base/buf.h"
#include "news/setting.h"
#include "news/story.h"
#include "text/url.h"
#include "theme/rendering.h"

#define GHOST_URL "__GHOST_URL__" /* how Ghost writes the site's address in stored text */

str address_story(const struct rendering *r, const struct story *story)
{
    if (story->kind == STORY_STORY && r->addresses->story != NULL)
        return r->addresses->story(r->addresses->ctx, r->arena, story);
    return str_join3(r->arena, S("/"), url_part_encode(r->arena, story->slug), S("/"));
}

str address_tag(const struct rendering *r, str slug)
{
    return str_join3(r->arena, S("/tag/"), url_part_encode(r->arena, slug), S("/"));
}

str address_author(const struct rendering *r, str slug)
{
    return str_join3(r->arena, S("/author/"), url_part_encode(r->arena, slug), S("/"));
}

str address_absolute(const struct rendering *r, str text)
{
    if (str_starts(text, S(GHOST_URL)))
        text = str_from(text, S(GHOST_URL).len);
    if (text.len == 0 || text.ptr[0] != '/' || str_starts(text, S("//")))
        return text;
    return r->site_url.len == 0 ? text : str_join2(r->arena, r->site_url, text);
}

str address_relative(const struct rendering *r, str text)
{
    str rest = text;
    if (str_starts(text, S(GHOST_URL)))
        rest = str_from(text, S(GHOST_URL).len);
    else if (r->site_url.len > 0 && str_starts(text, r->site_url))
        rest = str_from(text, r->site_url.len);
    if (rest.len == 0)
        return text.len == 0 ? text : S("/");
    return rest.ptr[0] == '/' ? rest : text;
}

str address_base(const struct rendering *r)
{
    str path = r->req->base_path.len > 0 ? r->req->base_path : r->req->path;
    if (r->req->base_path.len > 0 || r->number <= 1)
        return path;
    str tail = str_format(r->arena, "page/%lld/", (long long)r->number);
    return str_ends(path, tail) ? str_sub(path, 0, path.len - tail.len) : path;
}

str address_page(const struct rendering *r, int64_t number)
{
    str base = address_base(r);
    if (number <= 1)
        return base;
    return str_format(r->arena, "%.*s%spage/%lld/", STR_ARG(base),
                      str_ends(base, S("/")) ? "" : "/", (long long)number);
}
