// SPDX-License-Identifier: MIT
#include "base/arena.h"
#include "base/buf.h"
#include "tests/check.h"
#include "theme/date.h"
#include "theme/phrases.h"

static bool argument(void *ctx, str name, str *ret_text)
{
    (void)ctx;
    if (str_eq(name, S("n"))) {
        *ret_text = S("3");
        return true;
    }
    if (str_eq(name, S("name"))) {
        *ret_text = S("Ada {n}");
        return true;
    }
    return false;
}

static const struct {
    str locale, text, want;
} cases[] = {
    {S("en"), S("By {name}"), S("By Ada {n}")},
    {S("en"), S("{ name }!"), S("Ada {n}!")},
    {S("en"), S("{nobody} {"), S("{nobody} {")},
    {S("en"), S("} {} {{name}"), S("} {} {Ada {n}")},
    {S("en"), S("{n, plural, one {# reply} other {# replies}}"), S("3 replies")},
    {S("en"), S("{n, plural, =3 {three} other {#}} by {name}"), S("three by Ada {n}")},
    {S("ar"), S("{n, plural, few {قليل #} other {#}}"), S("قليل 3")},
    {S("en"), S("{n, plural, one {x}}"), S("{n, plural, one {x}}")},
    {S("en"), S("{x, plural, other {x}}"), S("{x, plural, other {x}}")},
    {S("en"), S("{n, plural, other {# by {name}}}"), S("3 by Ada {n}")},
    {S("en"), S("{n, select, other {y}}"), S("{n, select, other {y}}")},
    {S("en"), S("a, b {n}, c"), S("a, b 3, c")},
};

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct error err = ERROR_INIT;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct buf b;
        buf_init(&b, arena, 1000);
        phrases_fill(&b, cases[i].text, date_locale_find(cases[i].locale), argument, NULL);
        EXPECT_STR(buf_view(&b), cases[i].want);
    }

    struct phrases *words = NULL;
    EXPECT_ST(phrases_read(arena, S("locales/de.json"),
                           S("{\"Search\": \"Suche\", \"Empty\": \"\", \"List\": [1]}"), &words,
                           &err),
              ST_OK, &err);
    EXPECT(phrases_find(words, S("Search")) != NULL);
    EXPECT_STR(*phrases_find(words, S("Search")), S("Suche"));
    EXPECT(phrases_find(words, S("Empty")) == NULL);
    EXPECT(phrases_find(words, S("List")) == NULL);
    EXPECT(phrases_find(NULL, S("Search")) == NULL);
    EXPECT_ST(phrases_read(arena, S("locales/de.json"), S("{\n \"a\" 1}"), &words, &err),
              ST_INVALID, &err);
    EXPECT(str_starts(str_from_c(err.text), S("locales/de.json:2:")));
    EXPECT_ST(phrases_read(arena, S("x"), S("[]"), &words, &err), ST_INVALID, &err);
    EXPECT(phrases_locale_valid(S("pt-BR")));
    EXPECT(!phrases_locale_valid(S("../en")));
    EXPECT(!phrases_locale_valid(S("")));
    return test_done();
}
