/* media/media_uses.h -- pictures that are shown by something other than stories. Inside media/ only.
 *
 * Tags, bylines and settings are some thousands at most and name few pictures: they are read as they
 * stand, so nothing has to be kept in step. */
#pragma once
#include "media/media.h"

/* A text that names pictures, of which record, and where it is kept. */
struct media_place {
    enum media_user user;
    int64_t id;
    str slug, title;
    str column; /* of tag or byline */
    str text;
};
typedef enum status media_place_fn(void *ctx, const struct media_place *place, struct error *err);
/* Every one that is not empty. What `fn` is given is lent for the call. It must not write: gather first. */
MUST_USE enum status media_places_each(struct store_conn *conn, media_place_fn *fn, void *ctx,
                                       struct error *err);
