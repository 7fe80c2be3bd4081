/* news/comment_desk.h -- what a moderator wants to know of a reply besides its text.
 *
 *     st = comment_list_desk(conn, COMMENT_PENDING, before, 25, arena, &list, err);
 *     st = comment_context(conn, list.rows, list.count, arena, &contexts, err);
 *     ... contexts[i].parent, contexts[i].approved ...
 *
 * For a whole list at once. Counts are read by index, and end at a number: a list of 25 costs what it costs
 * however much its writers wrote.
 *
 * Memory and threads: as story.h. */
#pragma once
#include "news/comment.h"

enum {
    COMMENT_PENDING_COUNTED = 1000, /* no more are counted */
    COMMENT_WRITER_COUNTED = 1000,  /* of one writer, in each state */
    COMMENT_WRITER_LIST_MAX = 20,
};

struct comment_context {
    const struct comment *parent; /* the reply it answers; NULL: none, or it is gone */
    bool has_writer;              /* an email is known: the counts are of all that came under it */
    int64_t approved, pending, spam, trash; /* itself included */
};
MUST_USE enum status comment_context(struct store_conn *conn, struct comment **rows, size_t count,
                                     struct arena *arena, struct comment_context **ret_contexts,
                                     struct error *err);

/* How many are held, up to COMMENT_PENDING_COUNTED. */
MUST_USE enum status comment_count_pending(struct store_conn *conn, int64_t *ret_count,
                                           struct error *err);

/* What else came under this reply's email, binned, spam, held, then approved, newest first in each,
 * COMMENT_WRITER_LIST_MAX in all. Nothing when it has none. */
MUST_USE enum status comment_list_writer(struct store_conn *conn, const struct comment *comment,
                                         struct arena *arena, struct comment_list *ret_list,
                                         struct error *err);
