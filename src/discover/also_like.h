/* discover/also_like.h -- you may also like: what the page does not list already.
 *
 *     st = also_like_fill(conn, &(struct also_like_query){.story = story, .like = rows, ...},
 *                         arena, &list, err);
 *
 * Three signs, blended: what readers of this story went on to read (read_on), likeness (the rest of
 * the related list), and heat. The more readers went on from here, the more their steps count:
 * with n steps known their share is n / (n + ALSO_LIKE_STEPS_HALF). A hot story needs
 * ALSO_LIKE_HEAT_MIN faded reads to be suggested to everyone. One statement. Inside discover/
 * only: discover/slots.h knows what the page lists. */
#pragma once
#include "news/list.h"

enum {
    ALSO_LIKE_STEPS_HALF = 20,
    ALSO_LIKE_HEAT_MIN = 3,
    ALSO_LIKE_CANDIDATES = 24, /* of each sign */
};

struct also_like_query {
    const struct story *story;
    struct story **likes; /* related stories, shown or not, best first */
    const int64_t *likes_score;
    size_t likes_count;
    struct story *const *taken; /* what the page lists */
    size_t taken_count;
    size_t limit;
    time_us now;
};

MUST_USE enum status also_like_fill(struct store_conn *conn, const struct also_like_query *query,
                                    struct arena *arena, struct story_list *ret_list,
                                    struct error *err);
