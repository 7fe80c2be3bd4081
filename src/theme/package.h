/* theme/package.h -- what a theme says of itself: package.json.
 *
 *     st = package_read(arena, json, &package, err);
 *     package->posts_per_page; package_image_size(package, S("m")); package_custom(package, key);
 *
 * Read leniently, as Ghost does: what is missing has its default, a custom setting that is
 * malformed is left out. What is malformed enough to be told to the theme's author is the matter
 * of `theme check`.
 *
 * Memory: the caller's arena. Threads: read-only once read. */
#pragma once
#include "base/str.h"

struct arena;

enum {
    PACKAGE_BYTES_MAX = 256 * 1024,
    PACKAGE_POSTS_PER_PAGE_MAX = 100,
    PACKAGE_IMAGE_SIZES_MAX = 32,
    PACKAGE_IMAGE_WIDTH_MAX = 4000,
    PACKAGE_CUSTOM_MAX = 20,
    PACKAGE_OPTIONS_MAX = 50,
};

struct package_image_size {
    str name;
    int width, height; /* 0: not given */
};

enum package_custom_type {
    PACKAGE_SELECT,
    PACKAGE_BOOLEAN,
    PACKAGE_COLOR,
    PACKAGE_IMAGE,
    PACKAGE_TEXT,
};

struct package_custom {
    str key;
    enum package_custom_type type;
    str value; /* the default as text; "true"/"false" for a boolean; empty: none */
    str *options;
    size_t options_count;
    str group; /* "homepage", "post" or empty */
    str description;
    str visibility; /* a filter over other settings; empty: always */
};

struct package {
    str name, version, description, author;
    int posts_per_page; /* 0: the theme names none */
    struct package_image_size *image_sizes;
    size_t image_sizes_count;
    bool card_assets; /* the engine's card style is wanted */
    struct package_custom *custom;
    size_t custom_count;
};

MUST_USE enum status package_read(struct arena *arena, str json, struct package **ret_package,
                                  struct error *err);

/* NULL: no such name. */
const struct package_image_size *package_image_size(const struct package *package, str name);
const struct package_custom *package_custom(const struct package *package, str key);

/* Whether a theme's setting may hold this text; an empty one takes it back to its default. ST_INVALID. */
MUST_USE enum status package_custom_check(const struct package_custom *custom, str value,
                                          struct error *err);
