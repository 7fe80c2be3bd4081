/* SPDX-License-Identifier: MIT
 *
 * A still picture is decoded once, into memory (at most 5,000 by 5,000 by 4 bytes), and the base, the
 * placeholder and the colour are made from there. A moving one may be far larger: it streams from the
 * file to the base, and its first frame is decoded a second time for the rest. */
#include "base/check.h"
#include "media/worker/credits.h"
#include "media/worker/job.h"
#include "media/worker/picture.h"
#include "media/worker/save.h"

#include <math.h>

enum { PLACEHOLDER_EDGE = 16, PLACEHOLDER_QUALITY = 30, COLOR_EDGE = 32 };

/* ---- what it looks like ---- */

/* The mean of the fullest of 512 equal boxes of colour; what can be seen through counts less. */
static void color_write(VipsImage *image, char ret[8])
{
    enum { SHIFT = 5, BOXES = 512 };
    struct box {
        uint32_t weight, r, g, b;
    } boxes[BOXES] = {{0}}, *fullest = &boxes[0];
    size_t size = 0;
    const uint8_t *pixels = vips_image_write_to_memory(image, &size);
    size_t bands = (size_t)image->Bands;
    for (size_t at = 0; pixels != NULL && at + bands <= size; at += bands) {
        const uint8_t *p = pixels + at;
        uint32_t r = p[0], g = bands >= 3 ? p[1] : r, b = bands >= 3 ? p[2] : r;
        uint32_t alpha = bands == 2 || bands == 4 ? p[bands - 1] : 255;
        struct box *box = &boxes[(r >> SHIFT) << 6 | (g >> SHIFT) << 3 | b >> SHIFT];
        box->weight += alpha;
        box->r += r * alpha;
        box->g += g * alpha;
        box->b += b * alpha;
        if (box->weight > fullest->weight)
            fullest = box;
    }
    uint32_t n = fullest->weight > 0 ? fullest->weight : 1;
    (void)snprintf(ret, 8, "#%02x%02x%02x", (fullest->r / n) & 0xff, (fullest->g / n) & 0xff,
                   (fullest->b / n) & 0xff);
    g_free((void *)(uintptr_t)pixels);
}

/* Too long for its place, or impossible: none, which is nothing lost. */
static void placeholder_write(VipsImage *image, char ret[MEDIA_PLACEHOLDER_MAX + 1])
{
    void *bytes = NULL;
    size_t len = 0;
    ret[0] = '\0';
    if (picture_webp(image, PLACEHOLDER_QUALITY, &bytes, &len) == 0) {
        char *text = g_base64_encode(bytes, len);
        int n = snprintf(ret, MEDIA_PLACEHOLDER_MAX + 1, "data:image/webp;base64,%s", text);
        if (n > MEDIA_PLACEHOLDER_MAX)
            ret[0] = '\0';
        g_free(text);
    }
    g_free(bytes);
    vips_error_clear();
}

static MUST_USE enum status look(VipsImage *image, enum media_kind kind, struct worker_answer *a,
                                 struct error *err)
{
    AUTO(image_unrefp) VipsImage *small = NULL;
    AUTO(image_unrefp) VipsImage *tiny = NULL;
    AUTO(image_unrefp) VipsImage *bare = NULL;
    if (vips_thumbnail_image(image, &small, COLOR_EDGE, "height", COLOR_EDGE, "size",
                             VIPS_SIZE_DOWN, NULL) != 0 ||
        vips_thumbnail_image(image, &tiny, PLACEHOLDER_EDGE, "height", PLACEHOLDER_EDGE, "size",
                             VIPS_SIZE_DOWN, NULL) != 0 ||
        picture_strip(tiny, &bare) != 0)
        return picture_failed(kind, err);
    color_write(small, a->color);
    placeholder_write(bare, a->placeholder);
    return ST_OK;
}

/* Alpha that hides nothing is dropped. */
static int alpha_drop(VipsImage *in, bool *ret_alpha, VipsImage **ret)
{
    AUTO(image_unrefp) VipsImage *alpha = NULL;
    double least = 255;
    *ret_alpha = false;
    if (vips_image_hasalpha(in)) {
        if (vips_extract_band(in, &alpha, in->Bands - 1, NULL) != 0 ||
            vips_min(alpha, &least, NULL) != 0)
            return -1;
        *ret_alpha = least < 255;
        if (!*ret_alpha)
            return vips_extract_band(in, ret, 0, "n", in->Bands - 1, NULL);
    }
    *ret = g_object_ref(in);
    return 0;
}

/* ---- what it says of itself ---- */

static str blob(VipsImage *image, const char *name)
{
    const void *data = NULL;
    size_t len = 0;
    if (vips_image_get_typeof(image, name) == 0 ||
        vips_image_get_blob(image, name, &data, &len) != 0)
        return STR_NONE;
    return (str){data, len};
}

/* libvips gives "TEXT (TEXT AS IT IS SHOWN, ASCII, 5 components, 5 bytes)"; what is shown begins with the text. */
static str exif(VipsImage *image, const char *name)
{
    const char *text = NULL;
    if (vips_image_get_typeof(image, name) == 0 || vips_image_get_string(image, name, &text) != 0)
        return STR_NONE;
    str all = str_from_c(text);
    for (size_t n = 1; 2 * n + 2 < all.len; n++) {
        str shown = str_from(all, n + 2);
        if (str_eq(str_sub(all, n, 2), S(" (")) && str_starts(shown, str_sub(all, 0, n)) &&
            str_contains(shown, S(", ASCII, ")))
            return str_sub(all, 0, n);
    }
    return STR_NONE;
}

/* libvips 8.14 does not know XMP in HEIF for what it is: "heif-mime-1". */
static void heif_credits_read(VipsImage *header, struct credits *c)
{
    char **fields = vips_image_get_fields(header);
    for (char **field = fields; *field != NULL; field++) {
        if (str_starts(str_from_c(*field), S("heif-mime-")))
            credits_from_xmp(c, blob(header, *field));
    }
    g_strfreev(fields);
}

static void credits_read(VipsImage *header, struct worker_answer *a)
{
    struct credits c;
    credits_init(&c);
    credits_from_xmp(&c, blob(header, VIPS_META_XMP_NAME));
    heif_credits_read(header, &c);
    credits_from_iptc(&c, blob(header, VIPS_META_IPTC_NAME));
    credits_from_exif(&c, exif(header, "exif-ifd0-Artist"),
                      exif(header, "exif-ifd0-ImageDescription"),
                      exif(header, "exif-ifd0-Copyright"));
    credits_write(&c, a);
    vips_error_clear();
}

/* ---- the job ---- */

static MUST_USE enum status clean_moving(const struct picture *p, int width, int height, int out_fd,
                                         struct worker_answer *a, struct error *err)
{
    AUTO(image_unrefp) VipsImage *frames = NULL;
    AUTO(image_unrefp) VipsImage *first = NULL;
    AUTO(image_unrefp) VipsImage *opaque = NULL;
    bool alpha = false;
    enum status st = picture_fit(p, width, height, false, &frames, err);
    if (st == ST_OK)
        st = picture_save(frames, p->kind, &(struct save){.use = SAVE_BASE}, out_fd, err);
    if (st == ST_OK)
        st = picture_fit(p, width, height, true, &first, err);
    if (st != ST_OK)
        return st;
    AUTO(image_unrefp) VipsImage *whole = vips_image_copy_memory(first);
    if (whole == NULL || alpha_drop(whole, &alpha, &opaque) != 0)
        return picture_failed(p->kind, err);
    a->alpha = alpha;
    return look(opaque, p->kind, a, err);
}

static MUST_USE enum status clean_still(const struct picture *p, int width, int height,
                                        enum media_kind kind, int out_fd, struct worker_answer *a,
                                        struct error *err)
{
    AUTO(image_unrefp) VipsImage *lazy = NULL;
    AUTO(image_unrefp) VipsImage *image = NULL;
    bool alpha = false;
    enum status st = picture_fit(p, width, height, true, &lazy, err);
    if (st != ST_OK)
        return st;
    AUTO(image_unrefp) VipsImage *whole = vips_image_copy_memory(lazy);
    if (whole == NULL || alpha_drop(whole, &alpha, &image) != 0)
        return picture_failed(p->kind, err);
    a->alpha = alpha && kind != MEDIA_JPEG;
    bool palette = p->palette && width == p->width;
    st = picture_save(image, kind, &(struct save){.use = SAVE_BASE, .palette = palette}, out_fd,
                      err);
    return st != ST_OK ? st : look(image, p->kind, a, err);
}

enum status job_clean(const struct worker_ask *ask, int in_fd, int out_fd, struct worker_answer *a,
                      struct error *err)
{
    struct picture p = {0};
    const struct picture_limits limits = {ask->pixels_max, ask->frames_max};
    enum media_kind kind = ask->kind == MEDIA_HEIC ? MEDIA_JPEG : (enum media_kind)ask->kind;
    enum status st = picture_open(in_fd, (enum media_kind)ask->kind, &limits, &p, err);
    if (st == ST_OK) {
        double scale = picture_scale_max(p.width, p.height, kind);
        a->kind = kind;
        a->width = (int64_t)fmax(1, round(p.width * scale));
        a->height = (int64_t)fmax(1, round(p.height * scale));
        a->frames = p.frames;
        a->duration_ms = p.duration_ms;
        credits_read(p.header, a);
        if (p.frames > 1)
            st = clean_moving(&p, (int)a->width, (int)a->height, out_fd, a, err);
        else
            st = clean_still(&p, (int)a->width, (int)a->height, kind, out_fd, a, err);
    }
    picture_close(&p);
    return st;
}
