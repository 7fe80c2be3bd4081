/* SPDX-License-Identifier: MIT */
#include "desk/plot.h"

#include "base/arena.h"
#include "tests/check.h"

static const struct {
    int64_t most, end, step;
} axes[] = {
    {0, 1, 1},
    {1, 1, 1},
    {3, 3, 1},
    {4, 4, 1},
    {5, 6, 2},
    {8, 8, 2},
    {9, 10, 5},
    {20, 20, 5},
    {21, 30, 10},
    {99, 100, 50},
    {100, 100, 50},
    {101, 150, 50},
    {12345, 15000, 5000},
    {1000000, 1000000, 500000},
};

static void test_axis(void)
{
    for (size_t i = 0; i < ARRAY_LEN(axes); i++) {
        struct plot_axis axis = plot_axis(axes[i].most);
        EXPECT_INT(axis.end, axes[i].end);
        EXPECT_INT(axis.step, axes[i].step);
    }
    for (int64_t most = 0; most < INT64_MAX / 3; most = most * 3 + 1) {
        struct plot_axis axis = plot_axis(most);
        EXPECT(axis.end >= most && axis.step > 0 && axis.end % axis.step == 0);
    }
}

static size_t times(str text, str needle)
{
    size_t count = 0;
    for (size_t at; (at = str_find(text, needle)) != STR_NPOS; count++)
        text = str_from(text, at + needle.len);
    return count;
}

static void test_drawing(struct arena *arena)
{
    const struct plot_point points[] = {
        {S("00:00"), S("00:00"), 0, 7}, {S("<01:00>"), S(""), 12, 0}, {S("02:00"), S("&"), 1, 3}};
    struct plot plot = {.kind = PLOT_BARS,
                        .id = S("hours"),
                        .title = S("Today & <now>"),
                        .desc = S("13 reads"),
                        .table = S("As a table"),
                        .name_head = S("When"),
                        .head = S("Reads"),
                        .before_head = S("Before"),
                        .points = points,
                        .count = ARRAY_LEN(points)};
    str svg = plot_draw(arena, &plot).raw;
    EXPECT(str_contains(svg, S("<title id=\"hours-title\">Today &amp; &lt;now&gt;</title>")));
    EXPECT(str_contains(svg, S("aria-labelledby=\"hours-title hours-desc\"")));
    EXPECT_INT(times(svg, S("class=\"plot-bar\"")), 2); /* nothing is no bar */
    EXPECT_INT(times(svg, S("plot-line")), 0);
    EXPECT_INT(times(svg, S("class=\"plot-mark\"")), 2);
    EXPECT_INT(times(svg, S("<tr>")), 4);
    EXPECT(!str_contains(svg, S("<01:00>")));
    EXPECT(!str_contains(svg, S("style=")));
    /* 12 of an axis to 15 is 112 of its 140 pixels, upwards from 156. */
    EXPECT(str_contains(svg, S("y=\"44.0\" height=\"112.0\"")));

    plot.kind = PLOT_BARS_AND_LINE;
    svg = plot_draw(arena, &plot).raw;
    EXPECT_INT(times(svg, S("class=\"plot-bar\"")), 2);
    EXPECT_INT(times(svg, S("<polyline")), 1);
    EXPECT_INT(times(svg, S("<td>")), 6);
    plot.kind = PLOT_LINE;
    svg = plot_draw(arena, &plot).raw;
    EXPECT_INT(times(svg, S("class=\"plot-bar\"")), 0);
    EXPECT(str_contains(svg, S("5,156.0 15,44.0 25,")));

    /* A long row, and one read among a million: seen. */
    struct plot_point *many = arena_new_array(arena, struct plot_point, PLOT_POINTS_MAX);
    for (size_t i = 0; i < PLOT_POINTS_MAX; i++)
        many[i] =
            (struct plot_point){.name = S("Monday, 30 November"), .value = i == 0 ? 1000000 : 1};
    plot =
        (struct plot){.kind = PLOT_BARS, .id = S("many"), .points = many, .count = PLOT_POINTS_MAX};
    svg = plot_draw(arena, &plot).raw;
    EXPECT_INT(times(svg, S("height=\"1.0\"")), PLOT_POINTS_MAX - 1);
}

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    test_axis();
    test_drawing(arena);
    return test_done();
}
