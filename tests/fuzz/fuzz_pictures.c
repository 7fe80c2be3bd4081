/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a story's HTML: writing twice is writing once, stripping gives back what there was, and
 * sanitized HTML stays as the sanitizer would have it. */
#include "base/arena.h"
#include "text/pictures.h"
#include "text/sanitize.h"
#include "text/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum status look(void *ctx, struct arena *arena, const str *paths, size_t count,
                        struct picture *ret, struct error *err)
{
    (void)ctx, (void)arena, (void)err;
    for (size_t i = 0; i < count; i++) {
        size_t n = paths[i].len;
        CHECK(n > 0 && paths[i].ptr[0] != '/' && paths[i].ptr[0] != '.');
        ret[i] = (struct picture){.known = n % 7 != 0,
                                  .width = (int64_t)(n * 37 % 3000),
                                  .height = (int64_t)(n * 91 % 2000),
                                  .fixed = n % 5 == 0};
    }
    return ST_OK;
}

static enum status move(void *ctx, struct arena *arena, const str *paths, size_t count,
                        struct picture *ret, struct error *err)
{
    (void)ctx, (void)arena, (void)err;
    for (size_t i = 0; i < count; i++)
        ret[i] = (struct picture){.moved_to =
                                      str_eq(paths[i], S("m/n o.jpg")) ? STR_NONE : S("m/n o.jpg")};
    return ST_OK;
}

static void check(struct arena *arena, html in)
{
    static const struct picture_lookup lookup = {.fn = look}, moving = {.fn = move};
    const struct pictures_options options = {.site = S("https://a.example")};
    html once, twice;
    if (pictures_write(arena, in, &options, &lookup, &once, NULL) != ST_OK)
        return;
    CHECK(pictures_write(arena, once, &options, &lookup, &twice, NULL) == ST_OK);
    CHECK(str_eq(once.raw, twice.raw));
    CHECK(str_eq(pictures_strip(arena, once).raw, pictures_strip(arena, in).raw));
    if (pictures_write(arena, in, &options, &moving, &once, NULL) == ST_OK) {
        CHECK(pictures_write(arena, once, &options, &moving, &twice, NULL) == ST_OK);
        CHECK(str_eq(once.raw, twice.raw));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    str input = utf8_repair(arena, (str){(const char *)data, size});
    static const struct picture_lookup moving = {.fn = move};
    html body;
    str text;
    check(arena, (html){input});
    const struct clean_profile story = {
        .kind = CLEAN_STORY, .site = S("https://a.example"), .foreign_media = CLEAN_FOREIGN_KEEP};
    if (html_clean(arena, input, &story, &body, NULL, NULL) == ST_OK)
        check(arena, body);
    if (pictures_follow(arena, input, S("https://a.example"), &moving, &text, NULL) == ST_OK)
        CHECK(text.len == 0 || text.ptr != NULL);
    return 0;
}
