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
    COMMENT_LOOKED_MAX = 2000, /* of a search or a story's list, at a time */
    COMMENT_WORDS_MAX = 8,
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

/* One state's, newest first, as comment_list_desk; of one story alone, or with these words in text, name, email or
 * website: each must begin a word there, without regard to case and accents. It looks at COMMENT_LOOKED_MAX replies
 * at a time and no more: where it stopped for that, `stopped` is set, and list.next goes on from there. */
struct comment_filter {
    enum comment_state state;
    story_id story; /* 0: of all */
    str words;      /* empty: whatever it says */
};
struct comment_found {
    struct comment_list list;
    bool stopped;
};
MUST_USE enum status comment_search(struct store_conn *conn, const struct comment_filter *filter,
                                    struct story_key before, size_t limit, struct arena *arena,
                                    struct comment_found *ret_found, struct error *err);

/* All in one state that came under this reply's email, newest first, from before the reply `before_id` (0: the
 * newest). Nothing when it has none. */
MUST_USE enum status comment_list_writer_state(struct store_conn *conn,
                                               const struct comment *comment,
                                               enum comment_state state, int64_t before_id,
                                               size_t limit, struct arena *arena,
                                               struct comment_list *ret_list, struct error *err);

/* What else came under this reply's email, binned, spam, held, then approved, newest first in each,
 * COMMENT_WRITER_LIST_MAX in all. Nothing when it has none. */
MUST_USE enum status comment_list_writer(struct store_conn *conn, const struct comment *comment,
                                         struct arena *arena, struct comment_list *ret_list,
                                         struct error *err);
