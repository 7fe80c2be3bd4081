/* SPDX-License-Identifier: MIT */
#include "text/plain.h"

#include "base/arena.h"
#include "tests/check.h"

static const struct {
    str html, text;
} texts[] = {
    {STR_INIT("<p>a  b\nc</p><p>d</p>"), STR_INIT("a b c\n\nd")},
    {STR_INIT("<h2>T</h2>x<div>y</div><div>z</div>"), STR_INIT("T\n\nx\ny\nz")},
    {STR_INIT("<ul><li>a<li>b <b>c</b></ul>d"), STR_INIT("- a\n- b c\n\nd")},
    {STR_INIT("<table><tr><td>1<td>2<tr><td>3</table>"), STR_INIT("1\t2\n3")},
    {STR_INIT("a<br>b<br><br>c<br>"), STR_INIT("a\nb\n\nc")},
    {STR_INIT("<pre>  x\n  y</pre>z"), STR_INIT("  x\n  y\n\nz")},
    {STR_INIT("a<script>b</script><style>c</style><!-- d -->e"), STR_INIT("ae")},
    {STR_INIT("<figure><img src=x alt=q><figcaption>cap</figcaption></figure>t"),
     STR_INIT("cap\n\nt")},
    {STR_INIT(" &amp; &lt; "), STR_INIT("& <")},
    {STR_INIT("<p> </p><p></p>"), STR_INIT("")},
    {STR_INIT("<p>a <i> b</i></p>"), STR_INIT("a b")},
};

static const struct {
    str text;
    size_t words;
} counts[] = {
    {STR_INIT("one two, three-four"), 4},
    {STR_INIT("naïve Ωραία слово_1"), 3},
    {STR_INIT("東京は雨"), 4},
    {STR_INIT("rain 雨"), 2},
    {STR_INIT("مطر غزير"), 2},
    {STR_INIT("rain مطر"), 1}, /* other scripts count only when alone */
    {STR_INIT("... !"), 0},
    {STR_INIT(""), 0},
};

static const struct {
    str html;
    size_t n;
    str words, chars;
} cuts[] = {
    {STR_INIT("<p>one <b>two three</b> four</p><p>five</p>"), 2, STR_INIT("<p>one <b>two</b></p>"),
     STR_INIT("<p>on</p>")},
    {STR_INIT("<p>one</p>"), 9, STR_INIT("<p>one</p>"), STR_INIT("<p>one</p>")},
    {STR_INIT("<ul><li>a</li><li>b</li></ul>"), 1, STR_INIT("<ul><li>a</li></ul>"),
     STR_INIT("<ul><li>a</li></ul>")},
    {STR_INIT("a &amp; b"), 2, STR_INIT("a &amp;"), STR_INIT("a ")},
    {STR_INIT("<p>a</p><img src=\"/x\"><p>b</p>"), 1, STR_INIT("<p>a</p>"), STR_INIT("<p>a</p>")},
    {STR_INIT("<p>a</p>"), 0, STR_INIT(""), STR_INIT("")},
};

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct error err = ERROR_INIT;
    struct plain_counts n;
    html part;
    str text;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        EXPECT_ST(plain_from_html(arena, texts[i].html, &text, &err), ST_OK, &err);
        EXPECT_STR(text, texts[i].text);
    }
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        EXPECT_INT(plain_word_count(counts[i].text), counts[i].words);
    for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
        EXPECT_ST(plain_html_words(arena, (html){cuts[i].html}, cuts[i].n, &part, &err), ST_OK,
                  &err);
        EXPECT_STR(part.raw, cuts[i].words);
        EXPECT_ST(plain_html_chars(arena, (html){cuts[i].html}, cuts[i].n, &part, &err), ST_OK,
                  &err);
        EXPECT_STR(part.raw, cuts[i].chars);
    }
    EXPECT_ST(plain_count(arena, S("<p>a b<img src=x><p>c"), &n, &err), ST_OK, &err);
    EXPECT_INT(n.words, 3);
    EXPECT_INT(n.images, 1);
    EXPECT_STR(plain_one_line(arena, S(" a\n\n b\u00A0c ")), S("a b c"));
    EXPECT_STR(plain_first_words(arena, S("a b  c d"), 3), S("a b c"));
    EXPECT_STR(plain_first_chars(arena, S("The rain had stopped by noon"), 13), S("The rain had"));
    EXPECT_STR(plain_first_chars(arena, S("The rain"), 100), S("The rain"));
    EXPECT_STR(plain_first_chars(arena, S("Donaudampfschifffahrt"), 5), S("Donau"));
    EXPECT_INT(plain_reading_minutes(0, 0), 0);
    EXPECT_INT(plain_reading_minutes(275 * 3, 0), 3);
    EXPECT_INT(plain_reading_minutes(275, 3), 2);   /* 60 + 12 + 11 + 10 s */
    EXPECT_INT(plain_reading_minutes(0, 12), 1);    /* 12 + 11 + ... + 4 + 3 + 3 + 3 = 81 s */
    EXPECT_INT(plain_reading_minutes(0, 1000), 51); /* 72 + 3 x 991 */
    return test_done();
}
