/* SPDX-License-Identifier: MIT
 *
 * Addresses of renditions: what is plain is what would be printed, what is odd becomes plain by being printed,
 * and no path leads out of what is public. */
#include "base/arena.h"
#include "media/rendition.h"

#include "base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(const struct rendition *a, const struct rendition *b)
{
    return a->width == b->width && a->height == b->height && a->format == b->format &&
           str_eq(a->path, b->path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str address = {(const char *)data, size};
    struct rendition r, again;
    enum rendition_spelling spelling = rendition_parse(address, &r);
    if (r.path.len > 0) {
        CHECK(str_ends(address, r.path));
        CHECK(rendition_path_is_public(r.path));
        CHECK(!str_contains(r.path, S("/.")));
    }
    if (spelling == RENDITION_NONE || spelling == RENDITION_UNKNOWN)
        return 0;
    CHECK(r.path.len > 0);
    struct arena *arena = arena_new(ARENA_SMALL);
    str printed = rendition_print(arena, &r);
    CHECK(str_eq(printed, address) == (spelling == RENDITION_PLAIN));
    CHECK(rendition_parse(printed, &again) == RENDITION_PLAIN);
    CHECK(same(&r, &again));
    arena_free(arena);
    return 0;
}
