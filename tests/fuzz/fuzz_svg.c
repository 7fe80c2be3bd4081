/* SPDX-License-Identifier: MIT
 *
 * svg_clean: what comes out is clean already, and holds none of the names by which anything could run or be
 * asked for. */
#include "base/arena.h"
#include "media/svg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* "<" and ">" are escaped in texts and values, so what stands between them is a tag. */
static const str never_begins[] = {STR_INIT("<script"), STR_INIT("<foreignObject"),
                                   STR_INIT("<iframe"), STR_INIT("<animate"),
                                   STR_INIT("<set"),    STR_INIT("<a "),
                                   STR_INIT("<!"),      STR_INIT("<?")};
static const str never_holds[] = {STR_INIT(" href=\"h"),
                                  STR_INIT(" href=\"j"),
                                  STR_INIT(" href=\"/"),
                                  STR_INIT(" href=\"data:t"),
                                  STR_INIT(" href=\"data:image/svg"),
                                  STR_INIT(" on")};

static void check_tag(str tag)
{
    for (size_t i = 0; i < ARRAY_LEN(never_begins); i++)
        CHECK(!str_starts(tag, never_begins[i]));
    /* values apart: only the names, and what follows the quote of an href */
    bool quoted = false;
    for (size_t i = 0; i < tag.len; i++) {
        for (size_t k = 0; k < ARRAY_LEN(never_holds) && !quoted; k++)
            CHECK(!str_starts(str_from(tag, i), never_holds[k]));
        quoted = quoted != (tag.ptr[i] == '"');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct svg_look look;
    str once, twice;
    if (svg_clean(arena, (str){(const char *)data, size}, &once, &look, NULL) != ST_OK)
        return 0;
    for (str rest = once; str_find_char(rest, '<') != STR_NPOS;) {
        rest = str_from(rest, str_find_char(rest, '<'));
        check_tag(str_sub(rest, 0, str_find_char(rest, '>')));
        rest = str_from(rest, 1);
    }
    CHECK(look.width >= 0 && look.height >= 0);
    CHECK(svg_clean(arena, once, &twice, &look, NULL) == ST_OK);
    CHECK(str_eq(once, twice));
    return 0;
}
