/* site/pictures.h -- everything below /content/: pictures, their renditions, cards, other files.
 *
 *     address below /content/images/             answered from                    when it is not there yet
 *     2024/05/a.jpg                              media/2024/05/a.jpg              301 where it moved, 410, 404
 *     size/w600/format/webp/2024/05/a.jpg        media/.made/size/w600/...        made, if the size is declared,
 *                                                                                 else 302 to the picture
 *     og/STORY-HASH.png                          media/.made/og/STORY-HASH.png    drawn, if it is the story's card
 *                                                                                 still, else 302 to that
 *
 * What is there is sent by the loop (pictures_lookup, http/file.h). What is not is decided on a render thread
 * (file_media) and made by the thread of site/making.h; then the request is dispatched again. When it cannot be
 * made the picture itself answers, for a minute at a time.
 *
 * A path never has other bytes, so all of it may be kept for a year by anybody; but for a rendition that is
 * cropped (both width and height), which follows the focal point an editor sets: a day.
 *
 * Threads: pictures_lookup on loops; the rest any. */
#pragma once
#include "base/str.h"
#include "site/making.h"

struct http_ready;
struct http_request;
struct pictures;
struct site;
struct store_changes;

/* `maker` NULL, or a media folder that cannot be written to (logged): nothing is made, pictures answer for their
 * renditions. Without a media folder nothing is there. `site` needs its app, log and folder. */
MUST_USE enum status pictures_open(struct site *site, size_t loops,
                                   const struct picture_maker *maker, int64_t made_bytes_max,
                                   struct pictures **ret_pictures, struct error *err);
/* Renditions and cards are made. */
bool pictures_make(const struct pictures *pictures);
/* Nobody is dispatched any more. */
void pictures_close_begin(struct pictures *pictures); /* takes NULL, as the next */
void pictures_free(struct pictures *pictures);

bool pictures_lookup(struct pictures *pictures, const struct http_request *req,
                     struct http_ready *ret);
/* "media:PATH": what was made of it is forgotten. Takes NULL. */
void pictures_changed(struct pictures *pictures, const struct store_changes *changes);
