/* desk/plot.h -- a plot drawn on the server: bars, a line, or a line over bars, as SVG with its numbers beside it.
 *
 *     html plot = plot_draw(arena, &(struct plot){.id = S("hours"), .title = t, .desc = d, .kind = PLOT_BARS,
 *                                                 .points = points, .count = 24, ...});
 *
 * It is as wide as its place: across, everything is in percent; up, in pixels, so that letters keep their size on a
 * telephone and on a desk. Colours are the stylesheet's, by class, and so follow the dark: nothing is painted
 * here; the axis's numbers hang into the margin before it, which the stylesheet leaves. A screen reader gets title and description; the numbers stand in a table below, folded up.
 *
 * The axis ends at a round number (1, 2 or 5 times ten to the n, or a step of it), begins at nothing, and never
 * shows parts of a read.
 *
 * Memory: the arena. Threads: pure. */
#pragma once
#include "base/str.h"

struct arena;

enum { PLOT_POINTS_MAX = 400, PLOT_BYTES_MAX = 256 * 1024 };

struct plot_point {
    str name; /* in the table, and of the bar: "30 November" */
    str mark; /* below the axis; empty: none */
    int64_t value;
    int64_t before; /* of the line over the bars */
};

enum plot_kind {
    PLOT_BARS,
    PLOT_LINE,
    PLOT_BARS_AND_LINE, /* bars of `value`, a line of `before` */
};

struct plot {
    enum plot_kind kind;
    str id; /* of this page's own: letters and '-' */
    str title, desc;
    str table;                        /* what opens the table: "As a table" */
    str name_head, head, before_head; /* of its columns */
    const struct plot_point *points;
    size_t count; /* 1..PLOT_POINTS_MAX */
};
html plot_draw(struct arena *arena, const struct plot *plot);

/* The axis for values up to `most`: its end, and how far its lines are apart (both > 0, whole). */
struct plot_axis {
    int64_t end, step;
};
struct plot_axis plot_axis(int64_t most);
