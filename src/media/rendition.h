/* media/rendition.h -- the addresses of a picture's other sizes and formats: Ghost's.
 *
 *     /content/images/ size/w600h400/format/webp/ 2024/05/bridge.jpg
 *
 *     switch (rendition_parse(path, &r)) {              // what follows /content/images/
 *     case RENDITION_NONE:     the picture itself, at r.path
 *     case RENDITION_PLAIN:    r, spelled as rendition_print spells it
 *     case RENDITION_ODD:      r, spelled otherwise: 301 to rendition_print's
 *     case RENDITION_UNKNOWN:  no size or format we know: 302 to the picture, at r.path
 *     }
 *
 * One spelling each, so that each is made, kept and cached once: size before format, width before height, no
 * zero in front, "jpeg" not "jpg". Width and height are 1..RENDITION_PIXELS_MAX; one may be missing, and with
 * a format so may the size: "format/webp/..." is only another format.
 *
 * Anybody can ask for any address, so only what is declared is made: a size must be one of the theme's
 * (package.json, config.image_sizes) or of rendition_sizes, those Ghost itself and our stories' srcset use.
 *
 * `path` is empty when what is left cannot be a public file: a part that is empty or begins with a dot (the
 * folders .original and .made, and ".."), or another size/ or format/.
 *
 * Memory:  `path` is a slice of what was parsed.
 * Threads: pure functions.
 * Rules:   Ghost 5, core/frontend/web/middleware/handle-image-sizes.js as documented for themes
 *          (ghost.org/docs/themes/assets, "Responsive images"). */
#pragma once
#include "base/str.h"
#include "media/kind.h"

struct arena;

enum { RENDITION_PIXELS_MAX = 4000, RENDITION_ADDRESS_MAX = 600 };

struct rendition_size {
    int64_t width, height; /* 0: free */
};

struct rendition {
    int64_t width, height;  /* 0: free; both 0: only another format */
    enum media_kind format; /* MEDIA_UNKNOWN: as the picture */
    str path;               /* of the picture, below media/ */
};

enum rendition_spelling { RENDITION_NONE, RENDITION_PLAIN, RENDITION_ODD, RENDITION_UNKNOWN };

enum rendition_spelling rendition_parse(str address, struct rendition *ret);
/* The one spelling. */
str rendition_print(struct arena *arena, const struct rendition *r);

/* Whether it may be made: its size is declared and the picture is of a kind that has sizes. */
bool rendition_allowed(const struct rendition *r, const struct rendition_size *declared,
                       size_t count);

/* Declared by no theme and always there. */
extern const struct rendition_size rendition_sizes[];
extern const size_t rendition_sizes_count;

/* Whether a path below media/ may be asked for from outside. */
bool rendition_path_is_public(str path);
