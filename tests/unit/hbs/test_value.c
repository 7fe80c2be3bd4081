/* SPDX-License-Identifier: MIT */
#include "base/arena.h"
#include "base/buf.h"
#include "hbs/value.h"
#include "tests/check.h"

#include <math.h>

static str text_of(struct arena *arena, struct hbs_value v)
{
    const struct hbs_env env = {.arena = arena};
    str text = S("");
    struct error err = ERROR_INIT;
    EXPECT_ST(hbs_to_text(v, &env, &text, &err), ST_OK, &err);
    return text;
}

static void test_numbers(struct arena *arena)
{
    static const struct {
        double n;
        const char *text;
    } cases[] = {
        {0, "0"},
        {-0.0, "0"},
        {7, "7"},
        {-42, "-42"},
        {9007199254740991.0, "9007199254740991"},
        {1e15, "1000000000000000"},
        {123456789012345680000.0, "123456789012345680000"},
        {1e21, "1e+21"},
        {1.5e300, "1.5e+300"},
        {0.1, "0.1"},
        {0.5, "0.5"},
        {12.34, "12.34"},
        {-1.25, "-1.25"},
        {0.1 + 0.2, "0.30000000000000004"},
        {1.0 / 3, "0.3333333333333333"},
        {100.001, "100.001"},
        {0.000001, "0.000001"},
        {0.0000001, "1e-7"},
        {1.25e-9, "1.25e-9"},
        {(double)NAN, "NaN"},
        {(double)INFINITY, "Infinity"},
        {-(double)INFINITY, "-Infinity"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        EXPECT_STR(text_of(arena, hbs_number(cases[i].n)), str_from_c(cases[i].text));
}

static void test_reading(struct arena *arena)
{
    const struct hbs_env env = {.arena = arena};
    struct error err = ERROR_INIT;
    struct hbs_value v;
    struct hbs_map *tag = hbs_map_new(arena), *post = hbs_map_new(arena);
    hbs_map_set(tag, S("name"), hbs_string(S("News")));
    hbs_map_set(tag, S("odd name"), hbs_number(3));
    struct hbs_value tags[] = {hbs_map_value(tag), hbs_string(S("x"))};
    hbs_map_set(post, S("tags"), hbs_list_of(arena, tags, 2));
    hbs_map_set(post, S("title"), hbs_string(S("T")));
    hbs_map_set(post, S("title"), hbs_string(S("Title")));
    struct hbs_value root = hbs_map_value(post);

    static const struct {
        str path, text;
    } cases[] = {
        {STR_INIT("title"), STR_INIT("Title")},      {STR_INIT("tags.[0].name"), STR_INIT("News")},
        {STR_INIT("tags/0/name"), STR_INIT("News")}, {STR_INIT("tags.0.[odd name]"), STR_INIT("3")},
        {STR_INIT("tags.length"), STR_INIT("2")},    {STR_INIT("tags.2.name"), STR_INIT("")},
        {STR_INIT("tags.00"), STR_INIT("")},         {STR_INIT("title.length"), STR_INIT("5")},
        {STR_INIT("nothing.at.all"), STR_INIT("")},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        EXPECT_ST(hbs_get_path(root, cases[i].path, &env, &v, &err), ST_OK, &err);
        EXPECT_STR(text_of(arena, v), cases[i].text);
    }
    EXPECT_STR(text_of(arena, hbs_list_of(arena, tags, 2)), S("[object Object],x"));
}

static void test_same(struct arena *arena)
{
    struct hbs_map *a = hbs_map_new(arena), *b = hbs_map_new(arena);
    EXPECT(hbs_same(hbs_string(S("x")), hbs_html((html){S("x")})));
    EXPECT(!hbs_same(hbs_string(S("1")), hbs_number(1)));
    EXPECT(!hbs_same(hbs_null(), hbs_undefined()));
    EXPECT(hbs_same(hbs_map_value(a), hbs_map_value(a)));
    EXPECT(!hbs_same(hbs_map_value(a), hbs_map_value(b)));
    EXPECT(!hbs_same(hbs_number((double)NAN), hbs_number((double)NAN)));
}

static void test_fields(struct arena *arena)
{
    static const str names[] = {STR_INIT("id"), STR_INIT("title"), STR_INIT("html"), STR_INIT("")};
    struct hbs_fields fields;
    hbs_fields_init(&fields, arena, names, 4);
    for (int i = 0; i < 4; i++) {
        struct hbs_key key = hbs_key_of(names[i]);
        EXPECT_INT(hbs_fields_find(&fields, &key), i);
    }
    struct hbs_key other = hbs_key_of(S("titles"));
    EXPECT_INT(hbs_fields_find(&fields, &other), -1);
}

static void test_to_number(void)
{
    double n = 0;
    EXPECT(hbs_to_number(hbs_string(S(" 2.5 ")), &n) && n == 2.5);
    EXPECT(!hbs_to_number(hbs_string(S("3 posts")), &n));
    EXPECT(!hbs_to_number(hbs_string(S("")), &n));
    EXPECT(!hbs_to_number(hbs_bool(true), &n));
}

/* A list that holds itself ends. */
static void test_endless_list(struct arena *arena)
{
    struct hbs_value *items = arena_new_array(arena, struct hbs_value, 1);
    items[0] = hbs_list_of(arena, items, 1);
    EXPECT_STR(text_of(arena, items[0]), S(""));
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    test_numbers(arena);
    test_reading(arena);
    test_same(arena);
    test_fields(arena);
    test_to_number();
    test_endless_list(arena);
    return test_done();
}
