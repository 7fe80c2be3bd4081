/* SPDX-License-Identifier: MIT */
#include "base/str.h"

#include "base/arena.h"
#include "tests/check.h"

static void utf8(void)
{
    static const struct {
        str text;
        bool valid;
    } cases[] = {
        {STR_INIT(""), true},
        {STR_INIT("plain text, longer than eight"), true},
        {STR_INIT("12345678é€😀 \xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF"), true},
        {STR_INIT("a\0b"), true},
        {STR_INIT("\x80"), false},
        {STR_INIT("12345678\xC3"), false}, /* cut short */
        {STR_INIT("\xC0\xAF"), false},     /* longer forms */
        {STR_INIT("\xE0\x9F\xBF"), false},
        {STR_INIT("\xF0\x8F\xBF\xBF"), false},
        {STR_INIT("\xED\xA0\x80"), false},     /* a surrogate */
        {STR_INIT("\xF4\x90\x80\x80"), false}, /* above U+10FFFF */
        {STR_INIT("\xE2\x82\x41"), false},
        {STR_INIT("\xFF"), false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        EXPECT(str_is_utf8(cases[i].text) == cases[i].valid);
}

int main(void)
{
    utf8();
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
