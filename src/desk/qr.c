/* SPDX-License-Identifier: MIT */
#include "desk/qr.h"

#include "base/arena.h"
#include "base/buf.h"

#include <qrencode.h>

enum { QUIET = 4 /* modules of white around it: ISO 18004 */, SVG_MAX = 512 * 1024 };

/* A run of dark modules is one rectangle of the path. */
static void add_row(struct buf *b, const unsigned char *row, int width, int y)
{
    for (int x = 0; x < width;) {
        int from = x;
        while (x < width && (row[x] & 1) != 0)
            x++;
        if (x > from)
            buf_addf(b, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET, x - from, x - from);
        else
            x++;
    }
}

html qr_svg(struct arena *arena, str text, str label)
{
    html svg = {STR_NONE};
    struct buf b;
    QRcode *code = QRcode_encodeString(str_copy_c(arena, text), 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (code == NULL)
        return svg;
    int side = code->width + 2 * QUIET;
    buf_init(&b, arena, SVG_MAX);
    buf_addf(&b,
             "<svg class=\"qr\" role=\"img\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\"",
             side, side);
    buf_add(&b, S(" aria-label=\""));
    buf_add_html(&b, label);
    buf_addf(&b, "\"><path fill=\"#fff\" d=\"M0 0h%dv%dh-%dz\"/><path fill=\"#000\" d=\"", side,
             side, side);
    for (int y = 0; y < code->width; y++)
        add_row(&b, code->data + (ptrdiff_t)y * code->width, code->width, y);
    buf_add(&b, S("\"/></svg>"));
    QRcode_free(code);
    if (buf_finish(&b, &svg.raw, NULL) != ST_OK)
        return (html){STR_NONE};
    return svg;
}
