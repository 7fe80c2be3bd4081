/* media/worker/picture.h -- opens a picture from a descriptor, and refuses it before it is decoded.
 *
 *     st = picture_open(in_fd, MEDIA_JPEG, &limits, &picture, err);    // header read, limits held
 *     st = picture_fit(&picture, width, height, &image, err);          // decoded: upright, sRGB, 8 bits
 *     ...
 *     picture_close(&picture);
 *
 * libvips picks a loader by content; the loader must be the one that belongs to the kind, and the loaders
 * for anything else are blocked in this process (picture_libraries_start). Any error or early end in the
 * file fails the load: half a picture is not published.
 *
 * Memory:  images are libvips', counted by reference; AUTO(image_unrefp).
 * Errors:  ST_INVALID with a sentence for the editor. What the library said is in picture_detail.
 * Threads: one. */
#pragma once
#include "base/scope.h"
#include "base/str.h"
#include "media/kind.h"

#include <vips/vips.h>

static inline void image_unrefp(VipsImage **slot)
{
    if (*slot != NULL)
        g_object_unref(*slot);
}

struct picture_limits {
    int64_t pixels_max; /* all frames together */
    int64_t frames_max;
};

struct picture {
    VipsSource *source;
    VipsImage *header; /* nothing of it is decoded yet */
    enum media_kind kind;
    int width, height; /* one frame, upright */
    int frames;        /* of a GIF or WebP that moves; 1 else */
    int64_t duration_ms;
    bool palette; /* a PNG of at most 256 colours */
};

/* Loads libvips and its HEIF module, and no other; blocks all loaders and savers but those of our kinds. */
MUST_USE enum status picture_libraries_start(const char *program, struct error *err);

/* `kind` MEDIA_UNKNOWN: any of the raster kinds. */
MUST_USE enum status picture_open(int fd, enum media_kind kind, const struct picture_limits *limits,
                                  struct picture *ret, struct error *err);
void picture_close(struct picture *picture); /* takes one that was never opened, zeroed */

/* How far it is at least made smaller before it is written as `kind`: to MEDIA_BASE_EDGE_MAX, and an AVIF to
 * PICTURE_AVIF_PIXELS_MAX, since its encoder holds some fifty bytes a pixel. At most 1. */
enum { PICTURE_AVIF_PIXELS_MAX = 17 * 1000 * 1000 };
double picture_scale_max(double width, double height, enum media_kind kind);

/* Decodes it at exactly this size, at most its own: upright, sRGB (or grey), 8 bits, with alpha if it has
 * any. All frames, one below the other (libvips' page-height), or the first alone. */
MUST_USE enum status picture_fit(const struct picture *picture, int width, int height, bool still,
                                 VipsImage **ret, struct error *err);

/* The sentence for what libvips has just failed at. */
enum status picture_failed(enum media_kind kind, struct error *err);
const char *picture_detail(void); /* what it said, printable; until the next picture_open */
