/* SPDX-License-Identifier: MIT */
#include "desk/plot.h"

#include "base/buf.h"

/* In pixels, from above: the plot's own part, then the line of marks. */
enum { TOP = 16, GROUND = 156, HEIGHT = 180, MARK_AT = 174, UNSEEN_LEAST = 1 };
enum { LINES_MOST = 4 };

struct plot_axis plot_axis(int64_t most)
{
    static const int64_t steps[] = {1, 2, 5};
    for (int64_t ten = 1;; ten *= 10) {
        for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
            int64_t step = steps[i] * ten;
            int64_t lines = most <= 0 ? 1 : (most - 1) / step + 1;
            if (lines <= LINES_MOST || ten > INT64_MAX / 100)
                return (struct plot_axis){lines * step, step};
        }
    }
}

/* ---- places ---- */

static double across(const struct plot *plot, double i)
{
    return 100.0 * i / (double)plot->count;
}

/* Anything at all is seen: one read among thousands is a pixel. */
static double up(int64_t value, struct plot_axis axis)
{
    double height = (double)(GROUND - TOP) * (double)value / (double)axis.end;
    return value > 0 && height < UNSEEN_LEAST ? UNSEEN_LEAST : height;
}

static int64_t most_of(const struct plot *plot)
{
    int64_t most = 0;
    for (size_t i = 0; i < plot->count; i++) {
        const struct plot_point *p = &plot->points[i];
        most = p->value > most ? p->value : most;
        if (plot->kind == PLOT_BARS_AND_LINE && p->before > most)
            most = p->before;
    }
    return most;
}

/* ---- drawing ---- */

static void draw_axis(struct buf *b, struct plot_axis axis)
{
    for (int64_t at = 0; at <= axis.end; at += axis.step) {
        double y = GROUND - (at == 0 ? 0 : up(at, axis));
        buf_addf(b, "<line class=\"%s\" x1=\"0\" x2=\"100%%\" y1=\"%.1f\" y2=\"%.1f\"/>",
                 at == 0 ? "plot-ground" : "plot-rule", y, y);
        if (at > 0)
            buf_addf(b,
                     "<text class=\"plot-number\" x=\"-8\" y=\"%.1f\" text-anchor=\"end\">"
                     "%lld</text>",
                     y + 4, (long long)at);
    }
}

static void draw_bars(struct buf *b, const struct plot *plot, struct plot_axis axis)
{
    double wide = across(plot, 1) * (plot->count > 60 ? 0.9 : 0.72);
    for (size_t i = 0; i < plot->count; i++) {
        const struct plot_point *p = &plot->points[i];
        if (p->value <= 0)
            continue;
        double height = up(p->value, axis);
        buf_addf(
            b, "<rect class=\"plot-bar\" x=\"%.3f%%\" width=\"%.3f%%\" y=\"%.1f\" height=\"%.1f\">",
            across(plot, (double)i + 0.5) - wide / 2, wide, GROUND - height, height);
        buf_add(b, S("<title>"));
        buf_add_html(b, p->name);
        buf_addf(b, ": %lld</title></rect>", (long long)p->value);
    }
}

/* A line's points cannot be in percent: it stands in a drawing of its own, stretched to the width. */
static void draw_line(struct buf *b, const struct plot *plot, struct plot_axis axis)
{
    buf_addf(b,
             "<svg x=\"0\" y=\"0\" width=\"100%%\" height=\"%d\" viewBox=\"0 0 %zu %d\" "
             "preserveAspectRatio=\"none\"><polyline class=\"plot-line\" "
             "vector-effect=\"non-scaling-stroke\" points=\"",
             HEIGHT, plot->count * 10, HEIGHT);
    for (size_t i = 0; i < plot->count; i++) {
        const struct plot_point *p = &plot->points[i];
        int64_t value = plot->kind == PLOT_LINE ? p->value : p->before;
        buf_addf(b, "%s%zu,%.1f", i == 0 ? "" : " ", i * 10 + 5, GROUND - up(value, axis));
    }
    buf_add(b, S("\"/></svg>"));
}

static void draw_marks(struct buf *b, const struct plot *plot)
{
    for (size_t i = 0; i < plot->count; i++) {
        if (plot->points[i].mark.len == 0)
            continue;
        double x = across(plot, (double)i + 0.5);
        const char *anchor = x < 6 ? "start" : x > 94 ? "end" : "middle";
        double at = x < 6 ? across(plot, (double)i) : x > 94 ? across(plot, (double)i + 1) : x;
        buf_addf(b, "<text class=\"plot-mark\" x=\"%.3f%%\" y=\"%d\" text-anchor=\"%s\">", at,
                 MARK_AT, anchor);
        buf_add_html(b, plot->points[i].mark);
        buf_add(b, S("</text>"));
    }
}

static void add_head(struct buf *b, str text)
{
    buf_add(b, S("<th scope=\"col\">"));
    buf_add_html(b, text);
    buf_add(b, S("</th>"));
}

static void draw_table(struct buf *b, const struct plot *plot)
{
    bool both = plot->kind == PLOT_BARS_AND_LINE;
    buf_add(b, S("<details class=\"plot-table\"><summary>"));
    buf_add_html(b, plot->table);
    buf_add(b, S("</summary><table><caption class=\"unseen\">"));
    buf_add_html(b, plot->title);
    buf_add(b, S("</caption><thead><tr>"));
    add_head(b, plot->name_head);
    add_head(b, plot->head);
    if (both)
        add_head(b, plot->before_head);
    buf_add(b, S("</tr></thead><tbody>"));
    for (size_t i = 0; i < plot->count; i++) {
        const struct plot_point *p = &plot->points[i];
        buf_add(b, S("<tr><th scope=\"row\">"));
        buf_add_html(b, p->name);
        buf_addf(b, "</th><td>%lld</td>", (long long)p->value);
        if (both)
            buf_addf(b, "<td>%lld</td>", (long long)p->before);
        buf_add(b, S("</tr>"));
    }
    buf_add(b, S("</tbody></table></details>"));
}

html plot_draw(struct arena *arena, const struct plot *plot)
{
    struct buf b;
    html drawn;
    struct error err = ERROR_INIT;
    CHECK(plot->count > 0 && plot->count <= PLOT_POINTS_MAX);
    struct plot_axis axis = plot_axis(most_of(plot));
    buf_init(&b, arena, PLOT_BYTES_MAX);
    buf_addf(&b,
             "<svg class=\"plot\" role=\"img\" aria-labelledby=\"%.*s-title %.*s-desc\" "
             "width=\"100%%\" height=\"%d\"><title id=\"%.*s-title\">",
             STR_ARG(plot->id), STR_ARG(plot->id), HEIGHT, STR_ARG(plot->id));
    buf_add_html(&b, plot->title);
    buf_addf(&b, "</title><desc id=\"%.*s-desc\">", STR_ARG(plot->id));
    buf_add_html(&b, plot->desc);
    buf_add(&b, S("</desc>"));
    draw_axis(&b, axis);
    if (plot->kind != PLOT_LINE)
        draw_bars(&b, plot, axis);
    if (plot->kind != PLOT_BARS)
        draw_line(&b, plot, axis);
    draw_marks(&b, plot);
    buf_add(&b, S("</svg>"));
    draw_table(&b, plot);
    enum status st = buf_finish(&b, &drawn.raw, &err);
    CHECK(st == ST_OK); /* PLOT_POINTS_MAX short names have room */
    return drawn;
}
