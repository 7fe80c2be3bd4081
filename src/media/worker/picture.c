/* SPDX-License-Identifier: MIT
 *
 * Two ways to pixels. Where the picture is made smaller, vips_thumbnail_source: a JPEG is then decoded at a
 * half, quarter or eighth by the DCT itself, a WebP scaled by its decoder. Where it keeps its size, a
 * plain load: nothing is resampled, so that a PNG stays what it was to the last bit.
 *
 * libvips' vector code is off: it writes machine code at run time, for which the sandbox would have to allow
 * executable memory. It costs some hundredths of a second in a 24-megapixel picture (bench/media). */
#include "media/worker/picture.h"

#include "base/check.h"
#include "media/worker.h"

#include <errno.h>
#include <gmodule.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vips/vector.h>

enum {
    EDGE_MAX = 65535,   /* no format of ours says more in good faith but PNG */
    CONCURRENCY_MAX = 4 /* more threads cost memory each, and readers their cores */
};

static const struct loader {
    enum media_kind kind;
    const char *name; /* libvips' class that loads it from a source */
    const char *base; /* the class whose children may run */
} loaders[] = {
    {MEDIA_JPEG, "VipsForeignLoadJpegSource", "VipsForeignLoadJpeg"},
    {MEDIA_PNG, "VipsForeignLoadPngSource", "VipsForeignLoadPng"},
    {MEDIA_GIF, "VipsForeignLoadNsgifSource", "VipsForeignLoadNsgif"},
    {MEDIA_WEBP, "VipsForeignLoadWebpSource", "VipsForeignLoadWebp"},
    {MEDIA_HEIC, "VipsForeignLoadHeifSource", "VipsForeignLoadHeif"},
};
static const char *const savers[] = {"VipsForeignSaveJpeg", "VipsForeignSaveSpng",
                                     "VipsForeignSavePng",  "VipsForeignSaveCgif",
                                     "VipsForeignSaveWebp", "VipsForeignSaveHeif"};

/* ---- the libraries ---- */

static void say_nothing(const gchar *domain, GLogLevelFlags level, const gchar *text, gpointer ctx)
{
    (void)domain, (void)level, (void)text,
        (void)ctx; /* a hostile file could fill the server's log */
}

enum status picture_libraries_start(const char *program, struct error *err)
{
    (void)g_log_set_default_handler(say_nothing, NULL);
    /* It would load every module of its folder: ImageMagick, poppler, OpenSlide. We take one, by name. */
    (void)setenv("VIPSHOME", "/nonexistent", 1);
    if (VIPS_INIT(program) != 0)
        return error_set(err, ST_IO, "cannot start libvips: %s", vips_error_buffer());
    GModule *heif = g_module_open(VIPS_MODULES "/vips-heif.so", G_MODULE_BIND_LOCAL);
    if (heif != NULL)
        g_module_make_resident(
            heif); /* absent: HEIF is built into libvips here, or not read at all */
    vips_block_untrusted_set(TRUE);
    vips_operation_block_set("VipsForeignLoad", TRUE);
    vips_operation_block_set("VipsForeignSave", TRUE);
    for (size_t i = 0; i < ARRAY_LEN(loaders); i++)
        vips_operation_block_set(loaders[i].base, FALSE);
    for (size_t i = 0; i < ARRAY_LEN(savers); i++)
        vips_operation_block_set(savers[i], FALSE);
    vips_vector_set_enabled(FALSE);
    vips_cache_set_max(0); /* a job never meets another's pictures */
    if (vips_concurrency_get() > CONCURRENCY_MAX)
        vips_concurrency_set(CONCURRENCY_MAX);
    return ST_OK;
}

/* ---- what went wrong ---- */

static char detail[256];

const char *picture_detail(void)
{
    return detail;
}

static void detail_keep(void)
{
    size_t n = 0;
    for (const char *c = vips_error_buffer(); *c != '\0' && n < sizeof(detail) - 1; c++)
        detail[n++] = *c >= ' ' && *c < 0x7f ? *c : ' ';
    detail[n] = '\0';
    vips_error_clear();
}

static bool detail_has_any(const char *const words[])
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (str_find_nocase(str_from_c(detail), str_from_c(words[i])) != STR_NPOS)
            return true;
    }
    return false;
}

enum status picture_failed(enum media_kind kind, struct error *err)
{
    static const char *const early_end[] = {"premature end", "truncat",     "end of stream",
                                            "end of file",   "eof",         "ended early",
                                            "end-of-buffer", "end of data", NULL};
    static const char *const no_room[] = {"file too large", "error writing", "write error",
                                          "out of memory", NULL};
    static const char *const no_space[] = {"no space left", "quota exceeded", NULL};
    detail_keep();
    const str name = media_kind_name(kind);
    if (detail_has_any(no_space))
        return error_set(err, ST_IO, "cannot write the picture: no space left on the disk");
    if (detail_has_any(no_room))
        return error_set(err, ST_INVALID,
                         "This %.*s becomes too large when it is read; export it again, smaller.",
                         STR_ARG(name));
    if (detail_has_any(early_end))
        return error_set(err, ST_INVALID, "This %.*s ends in the middle; export it again.",
                         STR_ARG(name));
    return error_set(err, ST_INVALID, "This %.*s is damaged and cannot be read; export it again.",
                     STR_ARG(name));
}

/* ---- opening ---- */

static MUST_USE enum status kind_find(struct picture *p, enum media_kind kind, struct error *err)
{
    const char *name = vips_foreign_find_load_source(p->source);
    const struct loader *found = NULL;
    for (size_t i = 0; name != NULL && i < ARRAY_LEN(loaders); i++) {
        if (strcmp(name, loaders[i].name) == 0)
            found = &loaders[i];
    }
    vips_error_clear();
    p->kind = found == NULL ? MEDIA_UNKNOWN : found->kind;
    if (p->kind == MEDIA_HEIC && kind == MEDIA_AVIF)
        p->kind = MEDIA_AVIF; /* one container, one loader */
    if (kind == MEDIA_UNKNOWN && p->kind != MEDIA_UNKNOWN)
        return ST_OK;
    if (p->kind != kind || kind == MEDIA_UNKNOWN)
        return error_set(err, ST_INVALID,
                         "This %.*s is damaged and cannot be read; export it again.",
                         STR_ARG(media_kind_name(kind)));
    return ST_OK;
}

static int meta_int(VipsImage *image, const char *name, int absent)
{
    int n = absent;
    if (vips_image_get_typeof(image, name) == G_TYPE_INT &&
        vips_image_get_int(image, name, &n) != 0)
        n = absent;
    return n;
}

/* GIF's own frames last a hundredth of a second at least; ten are what browsers give to less. */
static int64_t duration(VipsImage *image, int frames)
{
    int *delay = NULL;
    int count = 0;
    int64_t sum = 0;
    if (frames <= 1 || vips_image_get_typeof(image, "delay") == 0 ||
        vips_image_get_array_int(image, "delay", &delay, &count) != 0)
        return 0;
    for (int i = 0; i < frames; i++)
        sum += i < count && delay[i] > 10 ? delay[i] : 100;
    return sum;
}

static MUST_USE enum status limits_hold(const struct picture *p,
                                        const struct picture_limits *limits, struct error *err)
{
    const str name = media_kind_name(p->kind);
    int64_t pixels = (int64_t)p->width * p->height;
    if (p->width < 1 || p->height < 1 || p->frames < 1)
        return error_set(err, ST_INVALID, "This %.*s has no pixels; export it again.",
                         STR_ARG(name));
    if (p->width > EDGE_MAX || p->height > EDGE_MAX || pixels > limits->pixels_max)
        return error_set(
            err, ST_INVALID,
            "This %.*s is %d by %d pixels; at most %lld million are taken. Export it smaller.",
            STR_ARG(name), p->width, p->height, (long long)(limits->pixels_max / 1000000));
    if (p->frames > limits->frames_max)
        return error_set(
            err, ST_INVALID,
            "This %.*s has %d frames; at most %lld are taken. A film (MP4) suits it better.",
            STR_ARG(name), p->frames, (long long)limits->frames_max);
    if (pixels * p->frames > limits->pixels_max)
        return error_set(
            err, ST_INVALID,
            "This %.*s has %d frames of %d by %d pixels, more than %lld million in all. A film (MP4) suits it better.",
            STR_ARG(name), p->frames, p->width, p->height,
            (long long)(limits->pixels_max / 1000000));
    return ST_OK;
}

enum status picture_open(int fd, enum media_kind kind, const struct picture_limits *limits,
                         struct picture *p, struct error *err)
{
    detail[0] = '\0';
    p->kind = kind;
    if (lseek(fd, 0, SEEK_SET) != 0)
        return error_set(err, ST_IO, "The picture's file cannot be read (%s).", strerror(errno));
    p->source = vips_source_new_from_descriptor(fd);
    if (p->source == NULL)
        return picture_failed(kind, err);
    enum status st = kind_find(p, kind, err);
    if (st != ST_OK)
        return st;
    p->header = vips_image_new_from_source(p->source, "", "access", VIPS_ACCESS_SEQUENTIAL,
                                           "fail_on", VIPS_FAIL_ON_ERROR, NULL);
    if (p->header == NULL)
        return picture_failed(p->kind, err);
    bool turned = vips_image_get_orientation_swap(p->header);
    p->width = turned ? p->header->Ysize : p->header->Xsize;
    p->height = turned ? p->header->Xsize : p->header->Ysize;
    p->frames =
        p->kind == MEDIA_GIF || p->kind == MEDIA_WEBP ? meta_int(p->header, "n-pages", 1) : 1;
    p->duration_ms = duration(p->header, p->frames);
    p->palette = p->kind == MEDIA_PNG && vips_image_get_typeof(p->header, "palette-bit-depth") != 0;
    return limits_hold(p, limits, err);
}

void picture_close(struct picture *p)
{
    g_clear_object(&p->header);
    g_clear_object(&p->source);
}

/* ---- pixels ---- */

double picture_scale_max(double width, double height, enum media_kind kind)
{
    double scale = fmin(1, MEDIA_BASE_EDGE_MAX / fmax(width, height));
    return kind == MEDIA_AVIF ? fmin(scale, sqrt(PICTURE_AVIF_PIXELS_MAX / (width * height)))
                              : scale;
}

/* To sRGB, or grey, of 8 bits. A profile that lies is passed over: the numbers are then taken as they are. */
static int to_srgb(VipsImage *in, VipsImage **ret)
{
    bool profile = vips_image_get_typeof(in, VIPS_META_ICC_NAME) != 0;
    bool ink = vips_image_get_interpretation(in) == VIPS_INTERPRETATION_CMYK;
    if (profile && vips_icc_transform(in, ret, "srgb", "embedded", TRUE, "intent",
                                      VIPS_INTENT_PERCEPTUAL, "depth", 8, NULL) == 0)
        return 0;
    vips_error_clear();
    if (ink)
        return vips_icc_transform(in, ret, "srgb", "input_profile", "cmyk", "intent",
                                  VIPS_INTENT_PERCEPTUAL, "depth", 8, NULL);
    bool grey = vips_image_guess_interpretation(in) == VIPS_INTERPRETATION_B_W ||
                vips_image_guess_interpretation(in) == VIPS_INTERPRETATION_GREY16;
    return vips_colourspace(in, ret, grey ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB,
                            NULL);
}

static VipsImage *load(const struct picture *p, bool all_frames)
{
    VipsAccess access = VIPS_ACCESS_SEQUENTIAL;
    return vips_image_new_from_source(p->source, all_frames ? "[n=-1]" : "", "access", access,
                                      "fail_on", VIPS_FAIL_ON_ERROR, NULL);
}

/* Turning needs every row at once, so the pixels are kept in memory first; turned they are lazy again. */
static int upright(VipsImage *in, VipsImage **ret)
{
    AUTO(image_unrefp) VipsImage *whole = NULL;
    if (vips_image_get_orientation(in) <= 1) {
        *ret = g_object_ref(in);
        return 0;
    }
    whole = vips_image_copy_memory(in);
    return whole == NULL ? -1 : vips_autorot(whole, ret, NULL);
}

static int keep_size(const struct picture *p, bool all_frames, VipsImage **ret)
{
    AUTO(image_unrefp) VipsImage *raw = load(p, all_frames);
    AUTO(image_unrefp) VipsImage *srgb = NULL;
    if (raw == NULL || to_srgb(raw, &srgb) != 0)
        return -1;
    return upright(srgb, ret);
}

/* Given a profile to go to, libvips 8.14 goes there by way of Lab from pixels that are in sRGB already, and 20 grey
 * becomes 8. So only where there is something to come from; else it takes the numbers as they are. */
static int thumbnail(const struct picture *p, int width, int height, const char *how,
                     VipsImage **ret)
{
    bool ink = vips_image_get_interpretation(p->header) == VIPS_INTERPRETATION_CMYK;
    if (ink || vips_image_get_typeof(p->header, VIPS_META_ICC_NAME) != 0)
        return vips_thumbnail_source(p->source, ret, width, "height", height, "size",
                                     VIPS_SIZE_FORCE, "option_string", how, "export_profile",
                                     "srgb", "intent", VIPS_INTENT_PERCEPTUAL, "fail_on",
                                     VIPS_FAIL_ON_ERROR, NULL);
    return vips_thumbnail_source(p->source, ret, width, "height", height, "size", VIPS_SIZE_FORCE,
                                 "option_string", how, "fail_on", VIPS_FAIL_ON_ERROR, NULL);
}

enum status picture_fit(const struct picture *p, int width, int height, bool still, VipsImage **ret,
                        struct error *err)
{
    bool all_frames = p->frames > 1 && !still;
    int failed;
    CHECK(width >= 1 && height >= 1);
    if (width >= p->width && height >= p->height)
        failed = keep_size(p, all_frames, ret);
    else
        failed = thumbnail(p, width, height,
                           all_frames ? "[n=-1,fail_on=error]" : "[fail_on=error]", ret);
    return failed != 0 ? picture_failed(p->kind, err) : ST_OK;
}
