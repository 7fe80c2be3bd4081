/* SPDX-License-Identifier: MIT */
#include "text/gate.h"

#include "base/arena.h"
#include "tests/check.h"
#include "text/sanitize.h"

#define BEGIN(who) "<!--kg-gated-block:begin " who "-->"
#define END        "<!--kg-gated-block:end-->"

static const struct {
    str body, open, closed; /* for everybody; for members */
} cases[] = {
    {STR_INIT("<p>a</p>"), STR_INIT("<p>a</p>"), STR_INIT("")},
    {STR_INIT("<p>a</p><!--members-only--><p>b</p>"),
     STR_INIT("<p>a</p><!--members-only--><p>b</p>"), STR_INIT("<p>a</p>")},
    {STR_INIT("a" BEGIN("nonMember:false memberSegment:\"status:free\"") "b" END "c"),
     STR_INIT("ac"), STR_INIT("")},
    {STR_INIT("a" BEGIN("nonMember:true memberSegment:\"\"") "b" END "c"), STR_INIT("abc"),
     STR_INIT("")},
    {STR_INIT("a" BEGIN("nonMember:false") "b" END BEGIN("nonMember:true") "c" END
                                                                           "<!--members-only-->d"),
     STR_INIT("ac<!--members-only-->d"), STR_INIT("ac")},
    {STR_INIT("a" BEGIN("nonMember:false") "b"), STR_INIT("a"), STR_INIT("")}, /* never ended */
    {STR_INIT("a" BEGIN("nonMember:false") "b<!--members-only-->c" END "d"), STR_INIT("ad"),
     STR_INIT("a")},
    {STR_INIT("a<!--kg-gated-block:begin"), STR_INIT("a"), STR_INIT("")},
    {STR_INIT(""), STR_INIT(""), STR_INIT("")},
};

/* A block's mark in a form we do not know is a closed block, not an open text. */
static void unknown_marks_stay_closed(struct arena *arena)
{
    static const str marks[] = {
        STR_INIT("kg-gated-block:begin nonMember:false memberSegment:\"label:a'b\""),
        STR_INIT("kg-gated-block:begin"), STR_INIT(" kg-gated-block:begin nonMember:false "),
        STR_INIT("kg-gated-block:begin {\"nonMember\":false}")};
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        struct error err = ERROR_INIT;
        html clean;
        str text =
            str_format(arena, "<p>a</p><!--%.*s--><p>b</p>" END "<p>c</p>", STR_ARG(marks[i]));
        EXPECT_ST(html_clean(arena, text, &(struct clean_profile){.kind = CLEAN_STORY}, &clean,
                             NULL, &err),
                  ST_OK, &err);
        str open = gate_body(arena, clean, true).raw;
        EXPECT(str_contains(open, S("<p>a</p>")));
        EXPECT(!str_contains(open, S("<p>b</p>")));
        EXPECT(str_contains(open, S("<p>c</p>")));
    }
}

int main(void)
{
    struct arena *arena = arena_new(ARENA_SMALL);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        EXPECT_STR(gate_body(arena, (html){cases[i].body}, true).raw, cases[i].open);
        EXPECT_STR(gate_body(arena, (html){cases[i].body}, false).raw, cases[i].closed);
    }
    unknown_marks_stay_closed(arena);
    arena_free(arena);
    return test_done();
}
