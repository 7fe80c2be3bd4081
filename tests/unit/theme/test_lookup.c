/* SPDX-License-Identifier: MIT
 *
 * Contexts and templates of each kind of page: the tables of GHOST-THEMES 3.4 and 3.5. */
#include "base/arena.h"
#include "base/buf.h"
#include "news/byline.h"
#include "news/story.h"
#include "news/tag.h"
#include "tests/check.h"
#include "theme/page.h"

static struct story story = {.slug = STR_INIT("rain"), .template_name = STR_INIT("custom-wide")};
static struct story page = {.kind = STORY_PAGE, .slug = STR_INIT("about")};
static const struct tag tag = {.slug = STR_INIT("news")};
static const struct byline byline = {.slug = STR_INIT("ada")};
static const str routes[] = {STR_INIT("landing"), STR_INIT("features")};

static const struct {
    struct page_request request;
    str contexts, templates;
} cases[] = {
    {{.kind = PAGE_LIST, .path = S("/")}, S("home index"), S("home index")},
    {{.kind = PAGE_LIST, .path = S("/page/2/"), .number = 2}, S("paged index"), S("index")},
    {{.kind = PAGE_LIST, .path = S("/blog/"), .route_name = S("blog")}, S("blog"), S("blog index")},
    {{.kind = PAGE_LIST, .path = S("/"), .templates = routes, .templates_count = 2},
     S("home index"),
     S("home landing features index")},
    {{.kind = PAGE_STORY, .path = S("/rain/"), .story = &story},
     S("post"),
     S("post-rain custom-wide post")},
    {{.kind = PAGE_PAGE, .path = S("/about/"), .story = &page},
     S("page"),
     S("page-about page post")},
    {{.kind = PAGE_STORY, .path = S("/p/x/"), .story = &story, .preview = true},
     S("preview post"),
     S("post-rain custom-wide post")},
    {{.kind = PAGE_TAG, .path = S("/tag/news/"), .tag = &tag}, S("tag"), S("tag-news tag index")},
    {{.kind = PAGE_TAG, .path = S("/tag/news/page/3/"), .tag = &tag, .number = 3},
     S("paged tag"),
     S("tag-news tag index")},
    {{.kind = PAGE_AUTHOR, .path = S("/author/ada/"), .byline = &byline},
     S("author"),
     S("author-ada author index")},
    {{.kind = PAGE_ARCHIVE, .path = S("/2026/01/")}, S("archive"), S("archive index")},
    {{.kind = PAGE_SEARCH, .path = S("/search/")}, S("search"), S("search index")},
    {{.kind = PAGE_ERROR, .path = S("/"), .error = {.code = 404}},
     S("error"),
     S("error-404 error-4xx error")},
    {{.kind = PAGE_TEMPLATE,
      .path = S("/top/"),
      .route_name = S("top"),
      .templates = routes,
      .templates_count = 1,
      .story = &page},
     S("top page"),
     S("landing top")},
};

static str joined(struct arena *arena, const str *list, size_t count)
{
    struct buf b;
    buf_init(&b, arena, 1000);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buf_add_char(&b, ' ');
        buf_add(&b, list[i]);
    }
    return buf_view(&b);
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        str contexts[PAGE_CONTEXTS_MAX], templates[PAGE_TEMPLATES_MAX];
        size_t n = page_contexts(&cases[i].request, contexts);
        EXPECT_STR(joined(arena, contexts, n), cases[i].contexts);
        n = page_templates(&cases[i].request, arena, templates);
        EXPECT_STR(joined(arena, templates, n), cases[i].templates);
    }
    return test_done();
}
