/* SPDX-License-Identifier: MIT */
#include "text/entity.h"

#include "base/arena.h"
#include "tests/check.h"

static const struct {
    str text, want;
} cases[] = {
    {STR_INIT("plain"), STR_INIT("plain")},
    {STR_INIT(""), STR_INIT("")},
    {STR_INIT("Tom &amp; Jerry&#8217;s"), STR_INIT("Tom & Jerry’s")},
    {STR_INIT("&lt;b&gt; <b> &quot;"), STR_INIT("<b> <b> \"")},
    {STR_INIT("&amp;lt;"), STR_INIT("&lt;")},
    {STR_INIT("&copy 1 &hellip; &NotEqualTilde;"), STR_INIT("© 1 … ≂̸")},
    {STR_INIT("&#x80;&#128;"), STR_INIT("€€")},
    {STR_INIT("AT&T & &bogus; &#; &"), STR_INIT("AT&T & &bogus; &#; &")},
    {STR_INIT("&#0;&#xD800;&#x110000;"), STR_INIT("���")},
    {STR_INIT("<script>&amp;</script><!-- &amp; -->"), STR_INIT("<script>&</script><!-- & -->")},
    {STR_INIT("  &amp;  "), STR_INIT("  &  ")},
    {STR_INIT("&#19999999999; x"), STR_INIT("� x")},
    {STR_INIT("&nbsp;"), STR_INIT("\u00A0")},
};

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        EXPECT_STR(entity_decode(arena, cases[i].text), cases[i].want);
    return test_done();
}
