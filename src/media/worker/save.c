/* SPDX-License-Identifier: MIT
 *
 * Nothing but pixels is kept twice over: every field libvips carries along with the image is taken off first,
 * but for the few that say how frames follow each other; then savers are told to strip. Only the second
 * would not do: libvips 8.14's webpsave keeps EXIF all the same (webp_bare.h). */
#include "media/worker/save.h"

#include "base/check.h"
#include "media/worker/picture.h"
#include "media/worker/webp_bare.h"

/* By eye and by size on the photographs that bench/media makes; AVIF's scale is its own. */
static const struct quality {
    enum media_kind kind;
    int base, rendition;
} qualities[] = {
    {MEDIA_JPEG, 90, 80},  {MEDIA_WEBP, 90, 80},  {MEDIA_AVIF, 72, 55},
    {MEDIA_PNG, 100, 100}, {MEDIA_GIF, 100, 100},
};

/* AV1 is slow to write. libvips' own choice, 4 of 9, takes 4 to 10 s of CPU for 2400 x 1600, and 2 takes 0.5 to 1.2 for a file
 * as large (1% more to 12% less) with 5% more error, 1 half of that again: nobody waits 2 s for any. */
enum {
    AVIF_EFFORT = 2,
    AVIF_EFFORT_LARGE = 1, /* over so many pixels */
    AVIF_LARGE = 4 * 1000 * 1000,
    WEBP_EFFORT = 4,
    PNG_COMPRESSION = 6,
};

static int quality_of(enum media_kind kind, const struct save *how)
{
    for (size_t i = 0; i < ARRAY_LEN(qualities); i++) {
        if (qualities[i].kind == kind && how->quality == 0)
            return how->use == SAVE_BASE ? qualities[i].base : qualities[i].rendition;
    }
    return how->quality;
}

static int on_white(VipsImage *in, VipsImage **ret)
{
    double white[] = {255};
    if (!vips_image_hasalpha(in)) { /* vips_flatten would take blue for alpha */
        *ret = g_object_ref(in);
        return 0;
    }
    VipsArrayDouble *background = vips_array_double_new(white, 1);
    int failed = vips_flatten(in, ret, "background", background, NULL);
    vips_area_unref(VIPS_AREA(background));
    return failed;
}

static int save_jpeg(VipsImage *image, VipsTarget *target, const struct save *how, int quality)
{
    AUTO(image_unrefp) VipsImage *flat = NULL;
    if (on_white(image, &flat) != 0)
        return -1;
    /* A base is decoded again and again, which costs twice as much when it is progressive. */
    return vips_jpegsave_target(flat, target, "Q", quality, "strip", TRUE, "optimize_coding", TRUE,
                                "interlace", how->use == SAVE_RENDITION, NULL);
}

static int save_png(VipsImage *image, VipsTarget *target, const struct save *how)
{
    if (how->palette)
        return vips_pngsave_target(image, target, "strip", TRUE, "palette", TRUE, "Q", 100,
                                   "dither", 0.0, "compression", PNG_COMPRESSION, NULL);
    return vips_pngsave_target(image, target, "strip", TRUE, "compression", PNG_COMPRESSION,
                               "filter", VIPS_FOREIGN_PNG_FILTER_ALL, NULL);
}

int picture_webp(VipsImage *image, int quality, void **ret_bytes, size_t *ret_len)
{
    if (vips_webpsave_buffer(image, ret_bytes, ret_len, "Q", quality, "strip", TRUE, "effort",
                             WEBP_EFFORT, NULL) != 0)
        return -1;
    *ret_len = webp_bare(*ret_bytes, *ret_len);
    return 0;
}

static int save_webp(VipsImage *image, VipsTarget *target, int quality)
{
    void *bytes = NULL;
    size_t len = 0;
    if (picture_webp(image, quality, &bytes, &len) != 0)
        return -1;
    int failed = vips_target_write(target, bytes, len);
    g_free(bytes);
    if (failed == 0)
        failed = vips_target_end(target);
    return failed;
}

/* libheif 1.15 keeps to itself that its encoder ran out of memory, and writes a file without a picture: so
 * what was written is opened again. */
static int save_avif(VipsImage *image, VipsTarget *target, int quality)
{
    bool large = (double)image->Xsize * image->Ysize > AVIF_LARGE;
    void *bytes = NULL;
    size_t len = 0;
    if (vips_heifsave_buffer(image, &bytes, &len, "Q", quality, "strip", TRUE, "compression",
                             VIPS_FOREIGN_HEIF_COMPRESSION_AV1, "effort",
                             large ? AVIF_EFFORT_LARGE : AVIF_EFFORT, NULL) != 0)
        return -1;
    AUTO(image_unrefp) VipsImage *header = NULL;
    int failed = vips_heifload_buffer(bytes, len, &header, NULL);
    if (failed != 0)
        vips_error("avif", "out of memory");
    else
        failed = vips_target_write(target, bytes, len);
    if (failed == 0)
        failed = vips_target_end(target);
    g_clear_object(&header);
    g_free(bytes);
    return failed;
}

static int save_as(VipsImage *image, enum media_kind kind, const struct save *how,
                   VipsTarget *target)
{
    int quality = quality_of(kind, how);
    bool base = how->use == SAVE_BASE;
    if (kind == MEDIA_JPEG)
        return save_jpeg(image, target, how, quality);
    if (kind == MEDIA_PNG)
        return save_png(image, target, how);
    if (kind == MEDIA_WEBP)
        return save_webp(image, target, quality);
    if (kind == MEDIA_GIF)
        return vips_gifsave_target(image, target, "strip", TRUE, "reuse", base, "dither",
                                   base ? 0.0 : 1.0, NULL);
    CHECK(kind == MEDIA_AVIF);
    return save_avif(image, target, quality);
}

int picture_strip(VipsImage *in, VipsImage **ret)
{
    static const char *const kept[] = {VIPS_META_N_PAGES, VIPS_META_PAGE_HEIGHT, "delay", "loop",
                                       "gif-palette"};
    if (vips_copy(in, ret, NULL) != 0)
        return -1;
    char **fields = vips_image_get_fields(*ret);
    for (char **field = fields; *field != NULL; field++) {
        bool keep = false;
        for (size_t i = 0; i < ARRAY_LEN(kept); i++)
            keep = keep || strcmp(*field, kept[i]) == 0;
        if (!keep)
            (void)vips_image_remove(
                *ret, *field); /* width, format and such are no fields to be removed */
    }
    g_strfreev(fields);
    return 0;
}

enum status picture_save(VipsImage *image, enum media_kind kind, const struct save *how, int out_fd,
                         struct error *err)
{
    AUTO(image_unrefp) VipsImage *bare = NULL;
    VipsTarget *target = vips_target_new_to_descriptor(out_fd);
    int failed =
        target == NULL || picture_strip(image, &bare) != 0 ? -1 : save_as(bare, kind, how, target);
    if (target != NULL)
        g_object_unref(target);
    return failed != 0 ? picture_failed(kind, err) : ST_OK;
}
