/* SPDX-License-Identifier: MIT */
#include "text/language.h"

#include "tests/check.h"

static const struct {
    str tag, primary, direction;
    bool valid;
} cases[] = {
    {STR_INIT("en"), STR_INIT("en"), STR_INIT("ltr"), true},
    {STR_INIT("pt-BR"), STR_INIT("pt"), STR_INIT("ltr"), true},
    {STR_INIT("pt_BR"), STR_INIT("pt"), STR_INIT("ltr"), false},
    {STR_INIT("AR-eg"), STR_INIT("AR"), STR_INIT("rtl"), true},
    {STR_INIT("he"), STR_INIT("he"), STR_INIT("rtl"), true},
    {STR_INIT("az-Arab"), STR_INIT("az"), STR_INIT("rtl"), true},
    {STR_INIT("ks-Deva"), STR_INIT("ks"), STR_INIT("ltr"), true},
    {STR_INIT("zh-Hant-TW"), STR_INIT("zh"), STR_INIT("ltr"), true},
    {STR_INIT("de-1996"), STR_INIT("de"), STR_INIT("ltr"), true},
    {STR_INIT("e"), STR_INIT("e"), STR_INIT("ltr"), false},
    {STR_INIT(""), STR_INIT(""), STR_INIT("ltr"), false},
    {STR_INIT("en-"), STR_INIT("en"), STR_INIT("ltr"), false},
    {STR_INIT("en--x"), STR_INIT("en"), STR_INIT("ltr"), false},
    {STR_INIT("../../etc"), STR_INIT("../../etc"), STR_INIT("ltr"), false},
    {STR_INIT("en\" onload"), STR_INIT("en\" onload"), STR_INIT("ltr"), false},
    {STR_INIT("abcdefghi"), STR_INIT("abcdefghi"), STR_INIT("ltr"), false},
};

int main(void)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        EXPECT(language_valid(cases[i].tag) == cases[i].valid);
        EXPECT_STR(language_primary(cases[i].tag), cases[i].primary);
        EXPECT_STR(language_direction(cases[i].tag), cases[i].direction);
    }
    EXPECT(language_same(S("en-GB"), S("EN")));
    EXPECT(!language_same(S("en"), S("eng")));
    return test_done();
}
