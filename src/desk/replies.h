/* desk/replies.h -- inside desk/: what the queue's pages and its changes share.
 *
 * Threads: a desk thread. */
#pragma once
#include "desk/errand.h"
#include "news/comment.h"

struct comment_list;

/* One reply's page, with what is in `values` already ("form" and "wrong" of errand_form). */
MUST_USE enum status reply_page(struct errand *e, const struct comment *comment,
                                struct hbs_map *values, int code, struct error *err);
/* Rows of a list, each with what surrounds it: "replies" of the values. */
MUST_USE enum status replies_rows(struct errand *e, struct hbs_map *values,
                                  const struct comment_list *list, struct error *err);
/* The state of "?state="; held ones without. */
enum comment_state replies_state(struct errand *e);

enum { REPLIES_FIND_MAX = 200 };  /* bytes that are looked for */
enum { REPLIES_BULK_MAX = 1000 }; /* of one writer, decided at once, and undone at once */
/* Decides on all of them as `word` says ("approve", "spam", "bin", "hold"), some at a time, and goes to `back`, which
 * has a query already, with the line that says so. */
MUST_USE enum status replies_decide_all(struct errand *e, str word, const comment_id *ids,
                                        size_t count, str back, struct error *err);

/* Of the path, with its story's address and title; ST_NOT_FOUND in the desk's words. */
MUST_USE enum status reply_find(struct errand *e, struct comment **ret_comment, struct error *err);
