/* media/worker/save.h -- writes an image as a file of a kind, with nothing beside its pixels.
 *
 *     st = picture_save(image, MEDIA_WEBP, &(struct save){.quality = 0, .use = SAVE_RENDITION}, out_fd, err);
 *
 * Bases are what renditions are made from, so they lose little; renditions are what readers wait for.
 * JPEG has no alpha: it stands on white there.
 *
 * Threads: one. */
#pragma once
#include "base/status.h"
#include "media/kind.h"

#include <vips/vips.h>

/* The same pixels without any field that came with them but how frames follow each other. -1: libvips failed. */
MUST_USE int picture_strip(VipsImage *image, VipsImage **ret);

/* A WebP in memory, to be given back with g_free. -1: libvips failed. */
MUST_USE int picture_webp(VipsImage *image, int quality, void **ret_bytes, size_t *ret_len);

enum save_use { SAVE_BASE, SAVE_RENDITION };

struct save {
    enum save_use use;
    int quality;  /* 0: the table's */
    bool palette; /* PNG: in at most 256 colours, as it came */
};

MUST_USE enum status picture_save(VipsImage *image, enum media_kind kind, const struct save *how,
                                  int out_fd, struct error *err);
