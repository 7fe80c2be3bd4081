/* news/term_words.h -- after a tag or byline has another name, or is gone, its stories are found by what
 * they have now.
 *
 *     tag_save, byline_save        ->  term_words_later(desk, LIST_TAG, id, err)    in the rename's write
 *     story_set_links              ->  term_words_story_later(desk, id, err)
 *     tag_delete, byline_delete    ->  term_words_forget(desk, LIST_TAG, id, err)   before the row goes
 *     the thread behind a site     ->  term_words_step(desk, &more, err)            a write each, until !more
 *
 * What search reads of a story holds the names of its tags and bylines (story_text, and the index over
 * it), so a rename touches as many rows as the term has stories. The rename leaves a job; each step
 * takes it up where the last one left it, does at most TERM_WORDS_A_STEP stories, and leaves it for the
 * next, all in its own write: a stop in between loses nothing, and no other write waits long. A rename
 * while that goes on begins anew. A deletion takes the term from its stories at once, so it
 * leaves a job for each of them.
 *
 * Threads: as the newsroom. */
#pragma once
#include "base/status.h"
#include "news/change.h"

struct store_conn;

enum { TERM_WORDS_A_STEP = 32 };

MUST_USE enum status term_words_later(struct newsroom *desk, enum list_kind list, int64_t of,
                                      struct error *err);
MUST_USE enum status term_words_forget(struct newsroom *desk, enum list_kind list, int64_t of,
                                       struct error *err);
/* One story has other tags or bylines than its words say. */
MUST_USE enum status term_words_story_later(struct newsroom *desk, story_id id, struct error *err);
MUST_USE enum status term_words_step(struct newsroom *desk, bool *ret_more, struct error *err);
/* Whether there is anything to step through: asked by reading. */
MUST_USE enum status term_words_due(struct store_conn *conn, time_us now, bool *ret_due,
                                    struct error *err);
