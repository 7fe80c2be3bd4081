/* SPDX-License-Identifier: MIT
 *
 * Which contexts a page is in and which templates may show it: GHOST-THEMES 3.4 and 3.5. */
#include "base/arena.h"
#include "news/byline.h"
#include "news/story.h"
#include "news/tag.h"
#include "theme/page.h"

static str kind_context(const struct page_request *request)
{
    switch (request->kind) {
    case PAGE_LIST:
        return request->route_name.len > 0 ? request->route_name : S("index");
    case PAGE_STORY:
        return S("post");
    case PAGE_PAGE:
        return S("page");
    case PAGE_TAG:
        return S("tag");
    case PAGE_AUTHOR:
        return S("author");
    case PAGE_ARCHIVE:
        return S("archive");
    case PAGE_SEARCH:
        return S("search");
    case PAGE_ERROR:
        return S("error");
    case PAGE_TEMPLATE:
        break;
    }
    return request->route_name;
}

size_t page_contexts(const struct page_request *request, str ret_contexts[PAGE_CONTEXTS_MAX])
{
    size_t n = 0;
    if (request->number > 1)
        ret_contexts[n++] = S("paged");
    if (str_eq(request->path, S("/")) && request->kind != PAGE_ERROR)
        ret_contexts[n++] = S("home");
    if (request->preview)
        ret_contexts[n++] = S("preview");
    str own = kind_context(request);
    if (own.len > 0)
        ret_contexts[n++] = own;
    /* A route bound to an entry or a tag is in that context too. */
    if (request->kind == PAGE_TEMPLATE || request->kind == PAGE_LIST) {
        if (request->story != NULL)
            ret_contexts[n++] = request->story->kind == STORY_PAGE ? S("page") : S("post");
        else if (request->tag != NULL)
            ret_contexts[n++] = S("tag");
    }
    return n;
}

struct names {
    struct arena *arena;
    str *list;
    size_t count;
};

static void add(struct names *names, str name)
{
    if (name.len > 0 && names->count < PAGE_TEMPLATES_MAX)
        names->list[names->count++] = name;
}

/* "tag-" and a slug; a slug that could name another file is left out. */
static void add_slug(struct names *names, str prefix, str slug)
{
    if (str_find_char(slug, '/') == STR_NPOS)
        add(names, str_join2(names->arena, prefix, slug));
}

static void add_routes(struct names *names, const struct page_request *request)
{
    for (size_t i = 0; i < request->templates_count; i++)
        add(names, request->templates[i]);
    add(names, request->route_name);
}

static void add_entry(struct names *names, const struct page_request *request)
{
    bool page = request->story->kind == STORY_PAGE;
    add_slug(names, page ? S("page-") : S("post-"), request->story->slug);
    add(names, request->story->template_name);
    if (page)
        add(names, S("page"));
    add(names, S("post"));
}

static void add_error(struct names *names, int code)
{
    add(names, str_format(names->arena, "error-%d", code));
    add(names, str_format(names->arena, "error-%dxx", code / 100));
    add(names, S("error"));
}

size_t page_templates(const struct page_request *request, struct arena *arena,
                      str ret_templates[PAGE_TEMPLATES_MAX])
{
    struct names names = {arena, ret_templates, 0};
    switch (request->kind) {
    case PAGE_LIST:
        if (str_eq(request->path, S("/")))
            add(&names, S("home"));
        add_routes(&names, request);
        add(&names, S("index"));
        break;
    case PAGE_STORY:
    case PAGE_PAGE:
        add_entry(&names, request);
        break;
    case PAGE_TAG:
        add_slug(&names, S("tag-"), request->tag->slug);
        add(&names, S("tag"));
        add(&names, S("index"));
        break;
    case PAGE_AUTHOR:
        add_slug(&names, S("author-"), request->byline->slug);
        add(&names, S("author"));
        add(&names, S("index"));
        break;
    case PAGE_ARCHIVE:
        add(&names, S("archive"));
        add(&names, S("index"));
        break;
    case PAGE_SEARCH:
        add(&names, S("search"));
        add(&names, S("index"));
        break;
    case PAGE_ERROR:
        add_error(&names, request->error.code);
        break;
    case PAGE_TEMPLATE:
        add_routes(&names, request);
        break;
    }
    return names.count;
}
