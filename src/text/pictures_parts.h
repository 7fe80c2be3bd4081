/* text/pictures_parts.h -- what pictures.c and pictures_write.c share. Inside text/ only. */
#pragma once
#include "text/pictures.h"

enum { PICTURE_PATHS_MAX = 5000 /* of one text; further ones are not seen */ };

/* "https://example.org/content/images/size/w600/2024/05/a%20b.jpg?v=1"
 *  before........................... steps..... path as "2024/05/a b.jpg"  after */
struct picture_address {
    str whole, before, steps, path, after;
    bool image;     /* below /content/images/ */
    bool rendition; /* has steps */
};
bool picture_address(struct arena *arena, str address, str site, struct picture_address *ret_parts);
/* src, href and poster hold one address each. */
bool picture_attr(str name);
/* One place for each path. */
MUST_USE enum status pictures_known(struct arena *arena, const struct picture_paths *paths,
                                    const struct picture_lookup *lookup, struct picture **ret_known,
                                    struct error *err);
const struct picture *picture_of(const struct picture_paths *paths, const struct picture *known,
                                 str path);
str picture_renamed(struct arena *arena, const struct picture_address *p, str moved_to);
