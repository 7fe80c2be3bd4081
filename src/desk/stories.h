/* desk/stories.h -- inside desk/: the list of stories, and what is done to many of them at once.
 *
 *     /desk/stories/?state=draft&tag=harbour&by=greta-novak&from=2026-05-01&q=sea+wall
 *
 * A list is its query: what is asked for stands in the address, goes back with every form as `back`, and from it
 * the same list is made again. Authors and contributors see what one of their bylines is on.
 *
 * Threads: as the errand. */
#pragma once
#include "desk/errand.h"
#include "news/story.h"

/* What was ticked when the form could not be done: shown again with its sentence. */
struct stories_again {
    str query; /* of the list's address, without '?' */
    const struct errand_form *form;
    const int64_t *ticked;
    size_t ticked_count;
};
MUST_USE enum status stories_page(struct errand *e, const struct stories_again *again,
                                  struct hbs_map *values, int code, struct error *err);
/* The list a form came from, as `back` says; the whole one when that is none of ours. */
str stories_back(struct errand *e);

/* By its name or slug, as somebody typed it. ST_NOT_FOUND. */
MUST_USE enum status stories_find_tag(struct errand *e, str typed, tag_id *ret_id,
                                      struct error *err);
MUST_USE enum status stories_find_byline(struct errand *e, str typed, byline_id *ret_id,
                                         struct error *err);
