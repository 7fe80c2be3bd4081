/* SPDX-License-Identifier: MIT */
#include "text/utf8.h"

#include "base/arena.h"
#include "tests/check.h"

static const struct {
    str bytes, mended;
} repairs[] = {
    {STR_INIT("abc"), STR_INIT("abc")},
    {STR_INIT("a\0b"), STR_INIT("a�b")},
    {STR_INIT("\xC0\xAF"), STR_INIT("��")},
    {STR_INIT("\xE0\x80\xAF"), STR_INIT("���")},
    {STR_INIT("\xED\xA0\x80"), STR_INIT("���")},
    {STR_INIT("\xF0\x91\x92"), STR_INIT("�")},
    {STR_INIT("\xF1\x80\x80\xE1\x80\xC0"), STR_INIT("���")},
    {STR_INIT("\xF4\x90\x80\x80"), STR_INIT("����")},
    {STR_INIT("é\x80€"), STR_INIT("é�€")},
};

static void check_cuts(void)
{
    EXPECT_STR(utf8_cut(S("añb"), 2), S("añ"));
    EXPECT_STR(utf8_cut(S("añb"), 9), S("añb"));
    EXPECT_STR(utf8_cut_bytes(S("añb"), 2), S("a"));
    EXPECT_STR(utf8_cut_bytes(S("añb"), 3), S("añ"));
    EXPECT_STR(utf8_cut_bytes(S("0123456789añb"), 12), S("0123456789a"));
    EXPECT_STR(utf8_cut_bytes(S("ñ"), 0), S(""));
    EXPECT_STR(utf8_cut_graphemes(S("👩‍👩‍👧x"), 1), S("👩‍👩‍👧"));
    EXPECT_STR(utf8_cut_graphemes(S("e\u0301a"), 1), S("e\u0301"));
    EXPECT_STR(utf8_cut_graphemes(S("ab"), 5), S("ab"));
    EXPECT_STR(utf8_cut_graphemes(S("ab"), 0), S(""));
    EXPECT_INT(utf8_count(S("añ€😀")), 4);
}

static void check_ends(void)
{
    str rest = S("añ\x80");
    EXPECT_INT(utf8_last(&rest), UTF8_REPLACEMENT);
    EXPECT_INT(utf8_last(&rest), 0xF1);
    EXPECT_INT(utf8_last(&rest), 'a');
    EXPECT_INT(rest.len, 0);
    char bytes[UTF8_CHAR_MAX];
    EXPECT_INT(utf8_encode(0x20AC, bytes), 3);
    EXPECT_STR(((str){bytes, 3}), S("€"));
    EXPECT_INT(utf8_encode(0x1F600, bytes), 4);
    EXPECT_STR(((str){bytes, 4}), S("😀"));
    EXPECT_INT(utf8_encode(0xD800, bytes), 3);
    EXPECT_STR(((str){bytes, 3}), S("�"));
}

static void check_folds(struct arena *arena)
{
    EXPECT_STR(utf8_fold(arena, S("STRAẞE É")), S("strasse é"));
    EXPECT_STR(utf8_fold(arena, S("E\u0301")), S("é"));
    EXPECT_STR(utf8_fold_bare(arena, S("Éa\u0301 ﬁ")), S("ea fi"));
    EXPECT_STR(utf8_fold_bare(arena, S("a\0B")), S("a�b"));
    EXPECT_STR(utf8_nfc(arena, S("e\u0301")), S("é"));
    EXPECT_STR(utf8_lower(arena, S("ÀB")), S("àb"));
    EXPECT_STR(utf8_fold(arena, S("")), S(""));
}

static void check_controls(struct arena *arena)
{
    EXPECT_STR(utf8_strip_controls(arena,
                                   S("a\x01\x7F\xC2\x85"
                                     "b\uFEFF"),
                                   0),
               S("ab"));
    EXPECT_STR(utf8_strip_controls(arena, S("a\r\nb\rc\td"), UTF8_KEEP_LINES), S("a\nb\nc\td"));
    EXPECT_STR(utf8_strip_controls(arena, S("a\r\nb\tc"), 0), S("a b c"));
    EXPECT_STR(utf8_strip_controls(arena, S("x\u202Ey\u2067"), UTF8_DROP_BIDI), S("xy"));
    EXPECT_STR(utf8_strip_controls(arena, S("x\u202Ey"), 0), S("x\u202Ey"));
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);

    for (size_t i = 0; i < sizeof(repairs) / sizeof(repairs[0]); i++) {
        EXPECT_STR(utf8_repair(arena, repairs[i].bytes), repairs[i].mended);
        EXPECT(utf8_valid(repairs[i].mended));
        EXPECT(utf8_valid(repairs[i].bytes) == str_eq(repairs[i].bytes, repairs[i].mended));
    }
    check_cuts();
    check_ends();
    check_folds(arena);
    check_controls(arena);
    EXPECT(utf8_is_space(0xA0) && utf8_is_space(0x3000) && !utf8_is_space('x'));
    EXPECT(utf8_is_word('_') && utf8_is_word(0x416) && utf8_is_word(0x301) && !utf8_is_word('-') &&
           !utf8_is_word(0x2014));
    EXPECT(utf8_is_letter(0xE9) && !utf8_is_letter('1'));
    EXPECT(utf8_is_upper(0x416) && !utf8_is_upper(0x436));
    EXPECT(utf8_is_cjk(0x6F22) && utf8_is_cjk(0x30AB) && utf8_is_cjk(0xAC00) && !utf8_is_cjk('a'));
    return test_done();
}
