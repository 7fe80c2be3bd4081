/* desk/replies.h -- inside desk/: what the queue's pages and its changes share.
 *
 * Threads: a desk thread. */
#pragma once
#include "desk/errand.h"
#include "news/comment.h"

/* One reply's page, with what is in `values` already ("form" and "wrong" of errand_form). */
MUST_USE enum status reply_page(struct errand *e, const struct comment *comment,
                                struct hbs_map *values, int code, struct error *err);
/* Of the path, with its story's address and title; ST_NOT_FOUND in the desk's words. */
MUST_USE enum status reply_find(struct errand *e, struct comment **ret_comment, struct error *err);
