/* news/free_slug.h -- an address nobody else has: "a", else "a-2", "a-3", ...
 *
 *     st = free_slug(desk, SLUG_OF_TAG, S("harbour"), tag.v, &slug, err);
 *
 * After FREE_SLUG_NUMBERED numbers a random end is tried, so that ten thousand stories without a
 * headline do not try each other's numbers. Inside news/ only. */
#pragma once
#include "news/news.h"

enum { FREE_SLUG_NUMBERED = 50, FREE_SLUG_TRIES_MAX = 100 };
enum slug_of { SLUG_OF_STORY, SLUG_OF_TAG, SLUG_OF_BYLINE };

/* `self` (0: none) may have it already. ST_CONFLICT when no try was free. */
MUST_USE enum status free_slug(struct newsroom *desk, enum slug_of of, str wished, int64_t self,
                               str *ret_slug, struct error *err);
