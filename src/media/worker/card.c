/* SPDX-License-Identifier: MIT
 *
 *     +--------------------------------------------------+
 *     | ====                                             |   a bar of the accent
 *     | KICKER                                           |
 *     | A headline as large as it                        |   the largest of some sizes at which it fits, lines as long
 *     | can be and still fit                             |   as each other; at the smallest, words are dropped from its end
 *     |                                                  |
 *     | Site name                                        |
 *     +--------------------------------------------------+
 *
 * pango shapes and orders the text by Unicode's rules, so Arabic joins and Hebrew runs leftwards; what `rtl`
 * decides is the side things stand on. */
#include "base/check.h"
#include "base/parse.h"
#include "media/worker/job.h"
#include "media/worker/picture.h"
#include "media/worker/save.h"

enum {
    MARGIN = 80,
    BAR_WIDTH = 120,
    BAR_HEIGHT = 12,
    BAR_TOP = 72,
    KICKER_TOP = 108,
    HEADLINE_TOP = 176,
    HEADLINE_HEIGHT = 300,
    SITE_TOP = 530,
    TEXT_WIDTH = MEDIA_CARD_WIDTH - 2 * MARGIN,
    LINE_HEIGHT = 60,
    BALANCE_STEP = 8, /* pixels: nobody sees less */
    DPI = 72,
    MARKUP_MAX = 6 * MEDIA_CARD_TEXT_MAX + 64,
};

struct rgb {
    double v[3];
};

static struct rgb rgb_of(const char color[8])
{
    uint64_t n = 0;
    (void)str_to_hex_u64(str_from(str_from_c(color), 1), 0xffffff, &n);
    return (struct rgb){{(double)(n >> 16 & 0xff), (double)(n >> 8 & 0xff), (double)(n & 0xff)}};
}

/* The card so far, replaced by each thing drawn on it. */
struct canvas {
    VipsImage *image;
    bool rtl;
};

static int canvas_take(struct canvas *canvas, VipsImage *image)
{
    g_object_unref(canvas->image);
    canvas->image = image;
    return 0;
}

static int plain(int width, int height, struct rgb color, VipsImage **ret)
{
    AUTO(image_unrefp) VipsImage *black = NULL;
    AUTO(image_unrefp) VipsImage *filled = NULL;
    AUTO(image_unrefp) VipsImage *bytes = NULL;
    double one[] = {1, 1, 1};
    if (vips_black(&black, width, height, "bands", 3, NULL) != 0 ||
        vips_linear(black, &filled, one, color.v, 3, NULL) != 0 ||
        vips_cast(filled, &bytes, VIPS_FORMAT_UCHAR, NULL) != 0)
        return -1;
    return vips_copy(bytes, ret, "interpretation", VIPS_INTERPRETATION_sRGB, NULL);
}

/* `mask` says how much of `color` each pixel takes; it stands at the reading side's margin. */
static int draw_mask(struct canvas *canvas, VipsImage *mask, int top, struct rgb color)
{
    AUTO(image_unrefp) VipsImage *ink = NULL;
    AUTO(image_unrefp) VipsImage *placed = NULL;
    VipsImage *drawn = NULL;
    int left = canvas->rtl ? MEDIA_CARD_WIDTH - MARGIN - mask->Xsize : MARGIN;
    if (vips_embed(mask, &placed, left, top, MEDIA_CARD_WIDTH, MEDIA_CARD_HEIGHT, NULL) != 0 ||
        plain(MEDIA_CARD_WIDTH, MEDIA_CARD_HEIGHT, color, &ink) != 0 ||
        vips_ifthenelse(placed, ink, canvas->image, &drawn, "blend", TRUE, NULL) != 0)
        return -1;
    return canvas_take(canvas, drawn);
}

static int draw_bar(struct canvas *canvas, struct rgb color)
{
    AUTO(image_unrefp) VipsImage *bar = NULL;
    AUTO(image_unrefp) VipsImage *mask = NULL;
    if (vips_black(&bar, BAR_WIDTH, BAR_HEIGHT, NULL) != 0 || vips_invert(bar, &mask, NULL) != 0)
        return -1;
    return draw_mask(canvas, mask, BAR_TOP, color);
}

/* ---- text ---- */

struct type {
    const char *weight;
    int size, width; /* of a line at most */
    VipsTextWrap wrap;
};

static int set_text(const struct canvas *canvas, str text, const struct type *type, VipsImage **ret)
{
    char font[64], markup[MARKUP_MAX];
    char plain_text[MEDIA_CARD_TEXT_MAX + 8];
    if (text.len >= sizeof(plain_text))
        return -1;
    memcpy(plain_text, text.ptr, text.len);
    plain_text[text.len] = '\0';
    char *escaped = g_markup_escape_text(plain_text, (gssize)text.len);
    int n = snprintf(markup, sizeof(markup), "%s", escaped);
    g_free(escaped);
    if (n < 0 || (size_t)n >= sizeof(markup))
        return -1;
    (void)snprintf(font, sizeof(font), "Sans %s %d", type->weight, type->size);
    return vips_text(ret, markup, "font", font, "width", type->width, "dpi", DPI, "align",
                     canvas->rtl ? VIPS_ALIGN_HIGH : VIPS_ALIGN_LOW, "spacing", type->size / 8,
                     "wrap", type->wrap, NULL);
}

/* Set in the narrowest column that takes no more lines: no last line of one word, no first line that runs away
 * from the second. Halving is enough: what fits in a column fits in a wider one. */
static int set_balanced(const struct canvas *canvas, str text, struct type type, VipsImage **mask)
{
    int narrow = 0,
        most = (*mask)->Ysize + type.size / 2; /* lines differ in ink, by less than that */
    while (type.width - narrow > BALANCE_STEP) {
        AUTO(image_unrefp) VipsImage *tried = NULL;
        struct type half = type;
        half.width = narrow + (type.width - narrow) / 2;
        if (set_text(canvas, text, &half, &tried) != 0)
            return -1;
        if (tried->Ysize > most || tried->Xsize > half.width) {
            narrow = half.width;
        } else {
            type.width = half.width;
            g_object_unref(*mask);
            *mask = TAKE(tried);
        }
    }
    return 0;
}

static bool is_blank(str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] > ' ')
            return false;
    }
    return true;
}

/* The last word off, an ellipsis on; false when there is only one word. */
static bool word_drop(str whole, size_t *len, char out[MEDIA_CARD_TEXT_MAX + 8], str *ret)
{
    size_t space = str_rfind_char(str_sub(whole, 0, *len), ' ');
    if (space == STR_NPOS || space == 0)
        return false;
    *len = space;
    memcpy(out, whole.ptr, space);
    memcpy(out + space, "\xe2\x80\xa6", 3);
    *ret = (str){out, space + 3};
    return true;
}

/* Nothing of it is drawn (an empty mask is what vips_text makes of characters no font has). */
static int draw_text(struct canvas *canvas, str text, const char *weight, const int *sizes,
                     size_t size_count, int top, int height, struct rgb color)
{
    char shortened[MEDIA_CARD_TEXT_MAX + 8];
    str whole = text;
    size_t kept = text.len, at = 0;
    if (is_blank(text))
        return 0;
    for (;;) {
        AUTO(image_unrefp) VipsImage *mask = NULL;
        bool smallest = at + 1 == size_count;
        struct type type = {.weight = weight,
                            .size = sizes[at],
                            .width = TEXT_WIDTH, /* a word is broken only when no size is left */
                            .wrap = smallest ? VIPS_TEXT_WRAP_WORD_CHAR : VIPS_TEXT_WRAP_WORD};
        if (set_text(canvas, text, &type, &mask) != 0)
            return -1;
        bool fits = mask->Ysize <= height && mask->Xsize <= TEXT_WIDTH;
        if (fits && set_balanced(canvas, text, type, &mask) != 0)
            return -1;
        if (fits)
            return draw_mask(canvas, mask, top, color);
        if (!smallest) {
            at++;
        } else if (!word_drop(whole, &kept, shortened, &text)) {
            AUTO(image_unrefp) VipsImage *cut = NULL; /* one endless word */
            int width = mask->Xsize < TEXT_WIDTH ? mask->Xsize : TEXT_WIDTH;
            if (vips_crop(mask, &cut, 0, 0, width, mask->Ysize < height ? mask->Ysize : height,
                          NULL) != 0)
                return -1;
            return draw_mask(canvas, cut, top, color);
        }
    }
}

static int draw(struct canvas *canvas, const struct worker_ask *ask)
{
    static const int headline_sizes[] = {84, 76, 68, 60, 54, 48, 42, 36};
    static const int small_size[] = {30};
    struct rgb ink = rgb_of(ask->ink), accent = rgb_of(ask->accent);
    int failed = draw_bar(canvas, accent);
    if (failed == 0)
        failed = draw_text(canvas, str_from_c(ask->kicker), "Bold", small_size, 1, KICKER_TOP,
                           LINE_HEIGHT, accent);
    if (failed == 0)
        failed = draw_text(canvas, str_from_c(ask->headline), "Bold", headline_sizes,
                           ARRAY_LEN(headline_sizes), HEADLINE_TOP, HEADLINE_HEIGHT, ink);
    if (failed == 0)
        failed =
            draw_text(canvas, str_from_c(ask->site), "", small_size, 1, SITE_TOP, LINE_HEIGHT, ink);
    return failed;
}

enum status job_card(const struct worker_ask *ask, int out_fd, struct worker_answer *a,
                     struct error *err)
{
    struct canvas canvas = {.rtl = ask->rtl != 0};
    enum status st = ST_OK;
    if (plain(MEDIA_CARD_WIDTH, MEDIA_CARD_HEIGHT, rgb_of(ask->background), &canvas.image) != 0 ||
        draw(&canvas, ask) != 0)
        st = picture_failed(MEDIA_PNG, err);
    if (st == ST_OK)
        st = picture_save(canvas.image, MEDIA_PNG,
                          &(struct save){.use = SAVE_BASE, .palette = true}, out_fd, err);
    image_unrefp(&canvas.image);
    a->kind = MEDIA_PNG;
    a->width = MEDIA_CARD_WIDTH;
    a->height = MEDIA_CARD_HEIGHT;
    return st;
}
