/* SPDX-License-Identifier: MIT
 *
 * The site's icon. /favicon.ico answers with the icon of the settings (a redirect), else the theme's
 * own file, else a drawn one, as browsers and feed readers ask for it whatever a page says. Drawn is
 * the first letter of the site's name on its accent colour, at /favicon.svg; in the .ico, for those
 * who take nothing else, the colour alone: letters would need a font. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/parse.h"
#include "news/setting.h"
#include "site/visit.h"
#include "text/utf8.h"
#include "theme/theme.h"

#define CACHE_DAY "public, max-age=86400"

enum {
    ICON_SIDE = 32,
    ICON_ROUND = 6, /* of its corners */
    ICON_DIR_BYTES = 6 + 16,
    ICON_HEAD_BYTES = 40,
    ICON_PIXEL_BYTES = ICON_SIDE * ICON_SIDE * 4,
    ICON_MASK_BYTES = ICON_SIDE * ICON_SIDE / 8,
    ICON_BYTES = ICON_HEAD_BYTES + ICON_PIXEL_BYTES + ICON_MASK_BYTES,
    SVG_BYTES_MAX = 4096,
};

static const str icon_names[] = {STR_INIT("settings"), STR_INIT("theme")};

/* ---- colours ---- */

/* "#7a1f1f" or "#711" */
static uint32_t accent(const struct visit *v)
{
    str hex = str_from(v->edition->settings->accent_color, 1);
    uint64_t n = 0x7a1f1f;
    if (hex.len == 6)
        (void)str_to_hex_u64(hex, 0xffffff, &n);
    else if (hex.len == 3 && str_to_hex_u64(hex, 0xfff, &n))
        n = (n >> 8) * 0x110000 + (n >> 4 & 15) * 0x1100 + (n & 15) * 0x11;
    return (uint32_t)n;
}

/* By the brightness that Ghost's contrast_text_color goes by (W3C's, of 1000). */
static bool is_light(uint32_t color)
{
    return ((color >> 16) * 299 + (color >> 8 & 255) * 587 + (color & 255) * 114) / 255 > 500;
}

/* ---- the drawn ones ---- */

static str initial(struct visit *v)
{
    str title = str_trim(v->edition->settings->title);
    while (title.len > 0) {
        str rest = title;
        if (utf8_is_word(utf8_next(&rest)))
            break;
        title = rest;
    }
    return utf8_cut_graphemes(title, 1);
}

static enum status draw_svg(struct visit *v, struct error *err)
{
    uint32_t color = accent(v);
    struct buf b;
    str text;
    buf_init(&b, v->arena, SVG_BYTES_MAX);
    buf_addf(&b,
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\">"
             "<rect width=\"32\" height=\"32\" rx=\"%d\" fill=\"#%06x\"/>"
             "<text x=\"16\" y=\"23.5\" text-anchor=\"middle\" font-size=\"22\" font-weight=\"700\""
             " font-family=\"Georgia,'Times New Roman',serif\" fill=\"%s\">",
             ICON_ROUND, (unsigned)color, is_light(color) ? "#000" : "#fff");
    buf_add_html(&b, initial(v));
    buf_add(&b, S("</text></svg>\n"));
    enum status st = buf_finish(&b, &text, err);
    if (st != ST_OK)
        return st;
    visit_made(v, S("image/svg+xml"), text, CACHE_DAY, icon_names, ARRAY_LEN(icon_names));
    v->content.headers = str_join2(v->arena, v->content.headers,
                                   S("Content-Security-Policy: default-src 'none'; sandbox\r\n"));
    return ST_OK;
}

static void add_le(struct buf *b, uint32_t n, int bytes)
{
    for (int i = 0; i < bytes; i++)
        buf_add_char(b, (char)(n >> (8 * i) & 255));
}

/* Outside of the rounded corner? Coordinates are doubled: pixels have their centres. */
static bool is_corner(int x, int y)
{
    int far = ICON_SIDE - 1;
    int dx = 2 * ICON_ROUND - 1 - 2 * (x < far - x ? x : far - x);
    int dy = 2 * ICON_ROUND - 1 - 2 * (y < far - y ? y : far - y);
    return dx > 0 && dy > 0 && dx * dx + dy * dy > 4 * ICON_ROUND * ICON_ROUND;
}

/* One picture: a bitmap as in a .bmp, its height doubled for the mask behind it (all zero: the
 * pixels say themselves what is transparent). */
static enum status draw_ico(struct visit *v, struct error *err)
{
    uint32_t color = accent(v);
    struct buf b;
    str bytes;
    buf_init(&b, v->arena, ICON_DIR_BYTES + ICON_BYTES);
    add_le(&b, 0, 2);
    add_le(&b, 1, 2); /* an icon, */
    add_le(&b, 1, 2); /* of one picture: */
    add_le(&b, ICON_SIDE, 1);
    add_le(&b, ICON_SIDE, 1);
    add_le(&b, 0, 2);
    add_le(&b, 1, 2);
    add_le(&b, 32, 2);
    add_le(&b, ICON_BYTES, 4);
    add_le(&b, ICON_DIR_BYTES, 4);
    add_le(&b, ICON_HEAD_BYTES, 4);
    add_le(&b, ICON_SIDE, 4);
    add_le(&b, 2 * ICON_SIDE, 4);
    add_le(&b, 1, 2);
    add_le(&b, 32, 2);
    add_le(&b, 0, 4);
    add_le(&b, ICON_PIXEL_BYTES + ICON_MASK_BYTES, 4);
    for (int i = 0; i < 4; i++)
        add_le(&b, 0, 4);
    for (int i = 0; i < ICON_SIDE * ICON_SIDE; i++)
        add_le(&b, is_corner(i % ICON_SIDE, i / ICON_SIDE) ? 0 : color | 0xff000000, 4);
    for (int i = 0; i < ICON_MASK_BYTES; i++)
        buf_add_char(&b, 0);
    enum status st = buf_finish(&b, &bytes, err);
    if (st == ST_OK)
        visit_made(v, S("image/x-icon"), bytes, CACHE_DAY, icon_names, ARRAY_LEN(icon_names));
    return st;
}

/* ---- the answer ---- */

enum status icon_show(struct visit *v, const struct http_route_match *match, struct error *err)
{
    static const str ghost_url = STR_INIT("__GHOST_URL__");
    struct theme_asset asset;
    str own = v->edition->settings->icon;
    (void)match;
    if (str_starts(own, ghost_url))
        own = str_from(own, ghost_url.len);
    if (str_eq(v->req->path, S("/favicon.svg")))
        return draw_svg(v, err);
    if (own.len > 0 && !str_eq(own, v->req->path)) {
        http_response_redirect(v->res, 302, own);
        http_response_header(v->res, S("Cache-Control"), S(CACHE_DAY));
        return ST_OK;
    }
    if (!theme_asset_find(v->edition->theme, v->req->path, &asset))
        return draw_ico(v, err);
    visit_made(v, asset.content_type, asset.bytes, CACHE_DAY, icon_names, ARRAY_LEN(icon_names));
    return ST_OK;
}
