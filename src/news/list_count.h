/* news/list_count.h -- keeping list_count: how many stories of a list lie in a stretch of time.
 *
 *     st = list_count_add(desk, LIST_TAG, tag, published_at, +1, err);
 *
 * Inside news/ only; what it is for stands in news/list.h. */
#pragma once
#include "news/list.h"

MUST_USE enum status list_count_add(struct newsroom *desk, enum list_kind list, int64_t of,
                                    time_us at, int64_t stories, struct error *err);
