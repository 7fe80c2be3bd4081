/* SPDX-License-Identifier: MIT
 *
 * Any bytes as Markdown and as a typed reply: clean HTML or a status, and clean stays clean. */
#include "base/arena.h"
#include "text/markdown.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_clean(struct arena *arena, html once, const struct clean_profile *profile)
{
    html twice;
    enum status st = html_clean(arena, once.raw, profile, &twice, NULL, NULL);

    CHECK(st == ST_OK);
    CHECK(str_eq(once.raw, twice.raw));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct clean_profile story = {.kind = CLEAN_STORY}, reply = {.kind = CLEAN_REPLY};
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    str input = {(const char *)data, size};
    html out;

    if (markdown_to_html(arena, input, &story, &out, NULL) == ST_OK)
        check_clean(arena, out, &story);
    if (markdown_to_html(arena, input, &reply, &out, NULL) == ST_OK)
        check_clean(arena, out, &reply);
    if (reply_from_text(arena, input, REPLY_PLAIN, &out, NULL) == ST_OK)
        check_clean(arena, out, &reply);
    if (reply_from_text(arena, input, REPLY_MARKDOWN, &out, NULL) == ST_OK)
        check_clean(arena, out, &reply);
    return 0;
}
