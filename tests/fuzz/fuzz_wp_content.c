/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a WordPress post and as a comment: no comment (so no block) is left, and
 * reusable blocks that hold each other come to an end. */
#include "transfer/wp_content.h"

#include "base/arena.h"
#include "text/html.h"
#include "text/sanitize.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool attachment(void *ctx, int64_t id, struct wp_picture *ret_picture)
{
    (void)ctx;
    *ret_picture = (struct wp_picture){.url = S("/a.jpg"), .alt = S("\"<"), .caption = S("<b>c")};
    return id % 2 == 1;
}

static size_t attached(void *ctx, struct arena *arena, const int64_t **ret_ids)
{
    static const int64_t ids[] = {1, 2, 3};
    (void)ctx;
    (void)arena;
    *ret_ids = ids;
    return ARRAY_LEN(ids);
}

/* The post itself, so that reusable blocks hold each other. */
static bool block(void *ctx, int64_t id, str *ret_text)
{
    const struct wp_content_input *input = ctx;
    *ret_text = input->text;
    return id % 2 == 1;
}

static bool file_at(void *ctx, struct arena *arena, str path, str *ret_url)
{
    (void)ctx;
    *ret_url = str_join2(arena, S("/files/"), path);
    return path.len % 2 == 1;
}

static void note(void *ctx, str what)
{
    (void)ctx;
    CHECK(what.len > 0);
}

static void check_html(struct arena *arena, str text)
{
    const struct clean_profile story = {.kind = CLEAN_STORY};
    struct html_tree *tree;
    html clean;

    if (html_parse(arena, text, HTML_STORY_MAX, &tree, NULL) != ST_OK)
        return;
    struct html_walk w = html_walk_of(tree);
    while (html_walk_next(&w))
        CHECK(w.event != HTML_COMMENT);
    if (html_clean(arena, text, &story, &clean, NULL, NULL) == ST_OK)
        CHECK(!str_contains(clean.raw, S("<!--")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct wp_content_input input = {.text = {(const char *)data, size},
                                     .home = S("http://www.old.test/blog"),
                                     .links = {.attachment = attachment,
                                               .attached = attached,
                                               .block = block,
                                               .file = file_at,
                                               .note = note}};

    input.links.ctx = &input;
    str out = wp_content_html(arena, &input);
    CHECK(out.len <= WP_CONTENT_MAX);
    check_html(arena, out);
    CHECK(wp_comment_html(arena, input.text).len <= WP_CONTENT_MAX);
    return 0;
}
