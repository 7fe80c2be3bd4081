/* SPDX-License-Identifier: MIT */
#include "text/compare.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "tests/check.h"
#include "text/html.h"

/* Rows as "= left" for the same, "~ left | right", "- left", "+ right", parted by line ends. */
static const struct {
    const char *left, *right, *rows;
} cases[] = {
    {"", "", ""},
    {"<p>a</p>", "<p>a</p>", "= <p>a</p>"},
    {"<p>Rain fell.</p><p>It stopped.</p>", "<p>Rain fell.</p><p>It never stopped.</p>",
     "= <p>Rain fell.</p>\n~ <p>It stopped.</p> | <p>It <ins>never</ins> stopped.</p>"},
    {"<p>one</p><p>two</p>", "<p>two</p><p>three</p>",
     "- <p>one</p>\n= <p>two</p>\n+ <p>three</p>"},
    /* Paired by likeness, in order: not the first with the first. */
    {"<p>a short one of no kin</p><p>the harbour wall is old</p>", "<p>the harbour wall is new</p>",
     "- <p>a short one of no kin</p>\n"
     "~ <p>the harbour wall is <del>old</del></p> | <p>the harbour wall is <ins>new</ins></p>"},
    /* Markup is never inside a mark; ids are left out; elements within elements are one block. */
    {"<p>we <em>saw it</em> there</p>", "<p>we <em>heard</em> it there</p>",
     "~ <p>we <em><del>saw</del> it</em> there</p> | "
     "<p>we <em><ins>heard</ins></em> it there</p>"},
    {"<h2 id=\"h-a\">Tide</h2>", "<h2 id=\"h-b\" class=\"x\">Tide</h2>",
     "~ <h2>Tide</h2> | <h2 class=\"x\">Tide</h2>"},
    {"<ul><li>a</li><li>b</li></ul>", "<ul><li>a</li></ul>",
     "~ <ul><li>a</li><li><del>b</del></li></ul> | <ul><li>a</li></ul>"},
    {"<p><img src=\"/a.jpg\" alt=\"id=\"></p><hr>text", "<hr>text",
     "- <p><img src=\"/a.jpg\" alt=\"id=\"></p>\n= <hr>\n= text"},
    {"<p>a</p><!--members-only--><p>b</p>", "<p>a</p><p>b</p>",
     "= <p>a</p>\n- <code>&lt;!--members-only--&gt;</code>\n= <p>b</p>"},
    {"<p>Tom &amp; Ann</p>", "<p>Tom &lt; Ann</p>",
     "~ <p>Tom <del>&amp;</del> Ann</p> | <p>Tom <ins>&lt;</ins> Ann</p>"},
    {"<table><tbody><tr><td>a word here</td></tr></tbody></table>",
     "<table><tbody> <tr><td>a word there</td></tr></tbody></table>",
     "~ <table><tbody><tr><td>a word <del>here</del></td></tr></tbody></table> | "
     "<table><tbody> <tr><td>a word <ins>there</ins></td></tr></tbody></table>"},
    {"<p>東京は雨</p>", "<p>東京は雪</p>",
     "~ <p>東京は<del>雨</del></p> | <p>東京は<ins>雪</ins></p>"},
};

static str shown(struct arena *arena, const struct compare_row *rows, size_t count)
{
    static const char marks[] = {'=', '~', '-', '+'};
    struct buf b;
    buf_init(&b, arena, 64 * 1024);
    for (size_t i = 0; i < count; i++) {
        const struct compare_row *row = &rows[i];
        buf_addf(&b, "%s%c %.*s%s%.*s", i > 0 ? "\n" : "", marks[row->kind],
                 STR_ARG(row->kind == COMPARE_NEW ? STR_NONE : row->left.raw),
                 row->kind == COMPARE_CHANGED ? " | " : "",
                 STR_ARG(row->kind == COMPARE_CHANGED || row->kind == COMPARE_NEW ? row->right.raw
                                                                                  : STR_NONE));
    }
    return buf_view(&b);
}

static void test_cases(struct arena *arena)
{
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct error err = ERROR_INIT;
        struct compare_row *rows;
        size_t count;
        EXPECT_ST(html_compare(arena, (html){str_from_c(cases[i].left)},
                               (html){str_from_c(cases[i].right)}, &rows, &count, &err),
                  ST_OK, &err);
        EXPECT_STR(shown(arena, rows, count), str_from_c(cases[i].rows));
    }
    html left, right;
    text_compare(arena, S("Rain stops <play>"), S("Rain halts <play>"), &left, &right);
    EXPECT_STR(left.raw, S("Rain <del>stops</del> &lt;play&gt;"));
    EXPECT_STR(right.raw, S("Rain <ins>halts</ins> &lt;play&gt;"));
}

/* Two long texts that share nothing, and one paragraph of them alone, take no more than a moment. */
static void test_cost(struct arena *arena)
{
    struct buf a, b;
    struct error err = ERROR_INIT;
    struct compare_row *rows;
    size_t count;
    buf_init(&a, arena, 4 * 1024 * 1024);
    buf_init(&b, arena, 4 * 1024 * 1024);
    for (int i = 0; i < 9000; i++) {
        buf_addf(&a, "<p>left %d of many words %d that say little</p>", i, i * 7);
        buf_addf(&b, "<p>right %d of many words %d which say little</p>", i, i * 13);
    }
    time_us begin = clock_monotonic();
    EXPECT_ST(html_compare(arena, (html){buf_view(&a)}, (html){buf_view(&b)}, &rows, &count, &err),
              ST_OK, &err);
    EXPECT_INT(count, 18000);
    buf_init(&a, arena, 4 * 1024 * 1024);
    buf_init(&b, arena, 4 * 1024 * 1024);
    for (int i = 0; i < 100000; i++) {
        buf_addf(&a, "l%d ", i);
        buf_addf(&b, "r%d ", i);
    }
    EXPECT_ST(html_compare(arena, (html){buf_view(&a)}, (html){buf_view(&b)}, &rows, &count, &err),
              ST_OK, &err);
    EXPECT(clock_monotonic() - begin < 5 * TIME_SECOND);
    buf_init(&a, arena, 4 * 1024 * 1024);
    for (int i = 0; i <= COMPARE_BLOCKS_MAX; i++)
        buf_add(&a, S("<hr>"));
    EXPECT_ST(html_compare(arena, (html){buf_view(&a)}, html_none(), &rows, &count, &err),
              ST_TOO_BIG, &err);
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    test_cases(arena);
    test_cost(arena);
    return test_done();
}
