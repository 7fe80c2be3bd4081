/* SPDX-License-Identifier: MIT
 *
 * Hostile and overlarge templates end with a status and the name of the limit; a set serves
 * several threads. */
#include "test_helpers.h"

#include "tests/check.h"

#include <pthread.h>

static const struct hbs_options themes = {.helpers = test_helpers,
                                          .helpers_count = TEST_HELPERS,
                                          .layouts = true,
                                          .prevent_indent = true};

static str repeat(struct arena *arena, str piece, size_t times, str middle, str tail)
{
    struct buf b;
    buf_init(&b, arena, (piece.len + tail.len) * times + middle.len);
    for (size_t i = 0; i < times; i++)
        buf_add(&b, piece);
    buf_add(&b, middle);
    for (size_t i = 0; i < times; i++)
        buf_add(&b, tail);
    return buf_view(&b);
}

static enum status compile(struct hbs_set *set, str source, struct error *err)
{
    enum status st = hbs_set_add(set, HBS_TEMPLATE, S("main"), S("main.hbs"), source, err);
    return st != ST_OK ? st : hbs_set_compile(set, err);
}

static void expect_compile(str source, enum status want, str piece)
{
    AUTO(hbs_set_freep) struct hbs_set *set = hbs_set_new(&themes);
    struct error err = ERROR_INIT;
    EXPECT_ST(compile(set, source, &err), want, &err);
    EXPECT(str_contains(str_from_c(err.text), piece));
}

static void test_sources(struct arena *arena)
{
    expect_compile(repeat(arena, S("{{#if a}}"), 64, S("x"), S("{{/if}}")), ST_OK, S(""));
    expect_compile(repeat(arena, S("{{#if a}}"), 65, S("x"), S("{{/if}}")), ST_INVALID,
                   S("main.hbs:1:577: blocks nested more than 64 deep"));
    expect_compile(repeat(arena, S("{{#if a}}"), 100000, S(""), S("")), ST_INVALID,
                   S("nested more than"));
    expect_compile(
        str_join2(arena, S("{{#if a}}"), repeat(arena, S("{{else if b}}"), 90, S(""), S(""))),
        ST_INVALID, S("nested more than"));
    expect_compile(
        str_join3(arena, S("{{upper "), repeat(arena, S("(upper "), 65, S("1"), S(")")), S("}}")),
        ST_INVALID, S("( ) nested more than 64 deep"));
    expect_compile(
        str_join3(arena, S("{{upper"), repeat(arena, S(" 1"), 65, S(""), S("")), S("}}")),
        ST_INVALID, S("more than 64 arguments"));
    expect_compile(
        str_join3(arena, S("{{upper"), repeat(arena, S(" a=1"), 65, S(""), S("")), S("}}")),
        ST_INVALID, S("more than 64 named arguments"));
    expect_compile(str_join3(arena, S("{{a"), repeat(arena, S(".b"), 40, S(""), S("")), S("}}")),
                   ST_INVALID, S("a path of more than 32 names"));
    expect_compile(repeat(arena, S(" "), HBS_SOURCE_BYTES_MAX + 1, S(""), S("")), ST_TOO_BIG,
                   S("main.hbs: a template of more than 1048576 bytes"));
}

static bool expire_after(void *host)
{
    unsigned *left = host;
    return (*left)-- == 0;
}

struct page_limits {
    uint64_t steps_max;
    size_t loop_items_max, bytes_max, memory_bytes_max;
    unsigned *deadline;
};

/* Renders with data {"list": [0 .. 99]}. */
static enum status render(str source, const struct page_limits *limits, struct error *err)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    AUTO(hbs_set_freep) struct hbs_set *set = hbs_set_new(&themes);
    struct hbs_map *root = hbs_map_new(arena);
    struct hbs_value *items = arena_new_array(arena, struct hbs_value, 100);
    struct buf out;
    for (size_t i = 0; i < 100; i++)
        items[i] = hbs_number((double)i);
    hbs_map_set(root, S("list"), hbs_list_of(arena, items, 100));
    enum status st = hbs_set_add(set, HBS_PARTIAL, S("again"), S("partials/again.hbs"),
                                 S("{{#if list}}{{> again}}{{> again}}{{/if}}"), err);
    if (st == ST_OK)
        st = compile(set, source, err);
    if (st != ST_OK)
        return st;
    buf_init(&out, arena, limits->bytes_max > 0 ? limits->bytes_max : 1024 * 1024);
    return hbs_render(set, S("main"),
                      &(struct hbs_page){
                          .root = hbs_map_value(root),
                          .arena = arena,
                          .steps_max = limits->steps_max,
                          .loop_items_max = limits->loop_items_max,
                          .memory_bytes_max = limits->memory_bytes_max,
                          .expired = limits->deadline == NULL ? NULL : expire_after,
                          .host = limits->deadline,
                      },
                      &out, err);
}

static void test_pages(void)
{
    unsigned deadline = 2;
    const str loops = S("{{#each list}}{{#each @root.list}}{{#each @root.list}}{{this}}"
                        "{{/each}}{{/each}}{{/each}}");
    const struct {
        str source;
        struct page_limits limits;
        enum status status;
        str piece;
    } cases[] = {
        {S("{{#each list}}{{this}}{{/each}}"), {0}, ST_OK, S("")},
        {S("{{> again}}"), {0}, ST_TOO_BIG, S("partials within partials more than 60 deep")},
        {loops, {.steps_max = 5000}, ST_TOO_BIG, S("took more than 5000 steps")},
        {loops, {.bytes_max = 5000}, ST_TOO_BIG, S("over its limit of 5000 bytes")},
        {loops, {.deadline = &deadline}, ST_TOO_BIG, S("took too long")},
        {loops, {.loop_items_max = 99}, ST_TOO_BIG, S("a loop over 100 entries (limit 99)")},
        {S("{{#list}}{{/list}}"), {.loop_items_max = 99}, ST_TOO_BIG, S("main.hbs:1:1: a loop")},
        {S("{{#foreach list}}{{/foreach}}"), {.loop_items_max = 9}, ST_TOO_BIG, S("a loop over")},
        {S("{{#*inline \"a\"}}{{> a}}{{/inline}}{{> a}}"), {0}, ST_TOO_BIG, S("more than 60")},
        {S("{{#> again}}{{> @partial-block}}{{/again}}"), {0}, ST_TOO_BIG, S("more than 60")},
        {S("{{#each list}}{{upper (concat @root.list @root.list)}}{{/each}}"),
         {.memory_bytes_max = 50000},
         ST_TOO_BIG,
         S("takes more memory than it may")},
        {S("abcdef"), {.bytes_max = 5}, ST_TOO_BIG, S("over its limit of 5 bytes")},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error err = ERROR_INIT;
        EXPECT_ST(render(cases[i].source, &cases[i].limits, &err), cases[i].status, &err);
        EXPECT(str_contains(str_from_c(err.text), cases[i].piece));
    }
}

static void count_problem(void *arg, const struct hbs_problem *problem)
{
    unsigned *lines = arg;
    *lines = *lines * 10 + problem->line;
}

/* `theme check` is told all of it, not only the first. */
static void test_problems(void)
{
    unsigned lines = 0;
    struct hbs_options options = themes;
    options.on_problem = count_problem;
    options.on_problem_arg = &lines;
    AUTO(hbs_set_freep) struct hbs_set *set = hbs_set_new(&options);
    struct error err = ERROR_INIT;
    EXPECT_ST(hbs_set_add(set, HBS_TEMPLATE, S("a"), S("a.hbs"), S("\n{{#if}}"), &err), ST_INVALID,
              &err);
    EXPECT_ST(hbs_set_add(set, HBS_TEMPLATE, S("a"), S("a.hbs"), S(""), &err), ST_CONFLICT, &err);
    EXPECT_ST(compile(set, S("{{nope 1}}\n\n{{> nope}}\n{{upper (no 1)}}"), &err), ST_INVALID,
              &err);
    EXPECT_INT(lines, 2134);
    EXPECT_STR(str_from_c(err.text), S("a.hbs:2:1: {{#if}} is never closed"));
}

/* What a theme never reaches need not stop it, but can be told. */
static void test_late_problems(void)
{
    unsigned lines = 0;
    struct hbs_options options = themes;
    options.late_errors = true;
    options.on_problem = count_problem;
    options.on_problem_arg = &lines;
    AUTO(hbs_set_freep) struct hbs_set *set = hbs_set_new(&options);
    struct error err = ERROR_INIT;
    EXPECT_ST(compile(set, S("{{#if no}}\n{{subscribe_form a=1}}\n{{> gone}}{{/if}}"), &err), ST_OK,
              &err);
    EXPECT_INT(lines, 23);
}

static void test_questions(void)
{
    AUTO(hbs_set_freep) struct hbs_set *set = hbs_set_new(&themes);
    struct error err = ERROR_INIT;
    EXPECT_ST(compile(set,
                      S("{{title}}{{#if post.html}}{{upper (concat x)}}{{/if}}"
                        "{{concat \"slug, plaintext\"}}"),
                      &err),
              ST_OK, &err);
    EXPECT(hbs_set_names(set, S("html")));
    EXPECT(hbs_set_names(set, S("title")));
    EXPECT(hbs_set_names(set, S("plaintext")));
    EXPECT(!hbs_set_names(set, S("htm")));
    EXPECT(hbs_set_calls(set, S("concat")));
    EXPECT(!hbs_set_calls(set, S("link")));
    EXPECT(hbs_set_has(set, HBS_TEMPLATE, S("main")));
    EXPECT(!hbs_set_has(set, HBS_PARTIAL, S("main")));
}

static void *render_many(void *arg)
{
    const struct hbs_set *set = arg;
    uintptr_t wrong = 0;
    for (int i = 0; i < 200; i++) {
        AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
        struct hbs_value items[] = {hbs_number(1), hbs_number(2)};
        struct hbs_map *root = hbs_map_new(arena);
        struct buf out;
        hbs_map_set(root, S("list"), hbs_list_of(arena, items, 2));
        buf_init(&out, arena, 1024);
        enum status st =
            hbs_render(set, S("main"),
                       &(struct hbs_page){.root = hbs_map_value(root), .arena = arena}, &out, NULL);
        wrong += st != ST_OK || !str_eq(buf_view(&out), S("1-2-"));
    }
    return (void *)wrong; // NOLINT(performance-no-int-to-ptr): a count, as a thread's result
}

static void test_threads(void)
{
    AUTO(hbs_set_freep) struct hbs_set *set = hbs_set_new(&themes);
    struct error err = ERROR_INIT;
    pthread_t threads[4];
    EXPECT_ST(compile(set, S("{{#each list as |n|}}{{concat n}}-{{/each}}"), &err), ST_OK, &err);
    for (size_t i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, render_many, set) == 0);
    for (size_t i = 0; i < 4; i++) {
        void *wrong;
        CHECK(pthread_join(threads[i], &wrong) == 0);
        EXPECT(wrong == NULL);
    }
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    test_sources(arena);
    test_pages();
    test_problems();
    test_late_problems();
    test_questions();
    test_threads();
    return test_done();
}
