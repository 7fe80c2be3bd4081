/* SPDX-License-Identifier: MIT */
#include "base/str.h"

#include "base/arena.h"
#include "tests/check.h"

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    str rest = S("tag/news");

    EXPECT_STR(str_cut(&rest, '/'), S("tag"));
    EXPECT_STR(rest, S("news"));
    EXPECT_STR(str_cut(&rest, '/'), S("news"));
    EXPECT_INT(rest.len, 0);
    EXPECT_STR(str_trim(S(" \t a b \n")), S("a b"));
    EXPECT_STR(str_sub(S("abc"), 2, 9), S("c"));
    EXPECT_STR(str_sub(S("abc"), 3, 1), S(""));
    EXPECT_STR(str_sub(STR_NONE, 0, 1), S(""));
    EXPECT(str_eq(STR_NONE, S("")));
    EXPECT(str_cmp(S("a"), S("ab")) < 0 && str_cmp(S("b"), S("ab")) > 0);
    EXPECT(str_cmp(S("\xC3"), S("z")) > 0); /* by unsigned byte */
    EXPECT_INT(str_find(S("abcabc"), S("ca")), 2);
    EXPECT(str_find(S("ab"), S("abc")) == STR_NPOS);
    EXPECT_INT(str_find_nocase(S("xHoSt"), S("host")), 1);
    EXPECT_INT(str_rfind_char(S("a.b.c"), '.'), 3);
    EXPECT(str_starts(S("abc"), S("")) && str_ends(S("abc"), S("bc")) &&
           !str_ends(S("c"), S("bc")));
    EXPECT_STR(str_join3(arena, S("a"), STR_NONE, S("c")), S("ac"));
    EXPECT_STR(str_format(arena, "%d-%s", 7, "x"), S("7-x"));
    EXPECT_STR(str_lower(arena, S("ÀBC")), S("Àbc")); /* ASCII only */
    return test_done();
}
