/* SPDX-License-Identifier: MIT
 *
 * svg_clean: what comes out is clean already, and holds none of the names by which anything could run or be
 * asked for. */
#include "base/arena.h"
#include "media/svg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* "<" and quotes are escaped in texts and values, so these can only be tags and attributes. */
static const str never[] = {
    STR_INIT("<script"),
    STR_INIT("<foreignObject"),
    STR_INIT("<iframe"),
    STR_INIT("<animate"),
    STR_INIT("<set"),
    STR_INIT("<a "),
    STR_INIT("<!"),
    STR_INIT("<?"),
    STR_INIT(" href=\"h"),
    STR_INIT(" href=\"j"),
    STR_INIT(" href=\"/"),
    STR_INIT(" href=\"data:image/svg"),
    STR_INIT(" href=\"data:t"),
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct svg_look look;
    str once, twice;
    if (svg_clean(arena, (str){(const char *)data, size}, &once, &look, NULL) != ST_OK)
        return 0;
    for (size_t i = 0; i < ARRAY_LEN(never); i++)
        CHECK(!str_contains(once, never[i]));
    CHECK(look.width >= 0 && look.height >= 0);
    CHECK(svg_clean(arena, once, &twice, &look, NULL) == ST_OK);
    CHECK(str_eq(once, twice));
    return 0;
}
