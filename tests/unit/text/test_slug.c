/* SPDX-License-Identifier: MIT */
#include "text/slug.h"

#include "base/arena.h"
#include "tests/check.h"

static const struct {
    str headline, slug;
    enum status status;
} cases[] = {
    {STR_INIT("Rain stops play: 3-0"), STR_INIT("rain-stops-play-3-0"), ST_OK},
    {STR_INIT("  --Why?--  "), STR_INIT("why"), ST_OK},
    {STR_INIT("???"), STR_INIT(""), ST_INVALID},
    {STR_INIT(""), STR_INIT(""), ST_INVALID},
    {STR_INIT("Don’t stop ‘us’"), STR_INIT("dont-stop-us"), ST_OK},
    {STR_INIT("Łódź — Straße"), STR_INIT("lodz-strasse"), ST_OK},
    {STR_INIT("Ærø, Þór, Đà Nẵng, œuvre"), STR_INIT("aero-thor-da-nang-oeuvre"), ST_OK},
    {STR_INIT("Зеленский в Анкаре"), STR_INIT("zelenskiy-v-ankare"), ST_OK},
    {STR_INIT("Щука, объём, Їжак"), STR_INIT("shchuka-obyom-yizhak"), ST_OK},
    {STR_INIT("Ουκρανία: ψήφος"), STR_INIT("oukrania-psifos"), ST_OK},
    {STR_INIT("東京 2020"), STR_INIT("2020"), ST_OK},
    {STR_INIT("مطر"), STR_INIT(""), ST_INVALID},
    {STR_INIT("a_b.c/d"), STR_INIT("a_b-c-d"), ST_OK},
    {STR_INIT("½ price™ №5"), STR_INIT("1-2-pricetm-no5"), ST_OK},
    {STR_INIT("ﬁne ｆｕｌｌ"), STR_INIT("fine-full"), ST_OK},
    {STR_INIT("one🎉two"), STR_INIT("one-two"), ST_OK},
    {STR_INIT("bad \xFF bytes"), STR_INIT("bad-bytes"), ST_OK},
    {STR_INIT("This headline is so very long that an address which held all of it would be of no "
              "use"),
     STR_INIT("this-headline-is-so-very-long-that-an-address-which-held-all-of-it-would-be-of"),
     ST_OK},
};

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error err = ERROR_INIT;
        str slug = S("");
        EXPECT_ST(slug_from_headline(arena, cases[i].headline, &slug, &err), cases[i].status, &err);
        EXPECT_STR(slug, cases[i].slug);
        EXPECT(cases[i].status != ST_OK || slug_valid(slug));
    }
    EXPECT_STR(slug_from_headline_or(arena, S("مطر"), S("story")), S("story"));
    EXPECT_STR(slug_from_headline_or(arena, S("RSS"), S("story")), S("rss-2"));
    EXPECT_STR(slug_numbered(arena, S("a"), 1), S("a"));
    EXPECT_STR(slug_numbered(arena, S("a"), 12), S("a-12"));
    str longest =
        S("aaaaaaaaa-aaaaaaaaa-aaaaaaaaa-aaaaaaaaa-aaaaaaaaa-aaaaaaaaa-aaaaaaaaa-aaaaaaa-aa");
    EXPECT_INT(longest.len, SLUG_MAX);
    EXPECT(slug_valid(slug_numbered(arena, longest, 7)));
    EXPECT(slug_numbered(arena, longest, 7).len <= SLUG_MAX);
    EXPECT(slug_reserved(S("ghost")) && !slug_reserved(S("ghosts")));
    EXPECT(!slug_valid(S("a--b")) && !slug_valid(S("-a")) && !slug_valid(S("a-")) &&
           !slug_valid(S("A")) && !slug_valid(S("")));
    return test_done();
}
