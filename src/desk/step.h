/* desk/step.h -- inside desk/: the first steps of a new desk, each ticked by a fact and not by a click.
 *
 *     st = steps_read(conn, &steps, err);
 *     if (steps.news) st = errand_write(e, ... steps_keep(room, &steps, err));
 *
 *     name      somebody has set the paper's title
 *     stories   an import brought stories; the demo's are nobody's
 *     write     a story came from no import
 *     mail      the mail server took a test
 *     backup    a copy was made at the desk
 *
 * A fact that was seen once is kept as a row: it is not asked for again, and does not go with the story or
 * the copy that was it. Looking costs a few rows each, however many stories there are.
 *
 * Threads: as news/story.h. */
#pragma once
#include "news/news.h"

struct store_conn;

enum step { STEP_NAME, STEP_STORIES, STEP_WRITE, STEP_MAIL, STEP_BACKUP, STEPS_COUNT };
str step_name(enum step step); /* "stories" */

struct steps {
    bool done[STEPS_COUNT];
    bool kept[STEPS_COUNT]; /* it is on record */
    bool put_away;          /* nobody wants to see the list */
    bool all_done;
    bool news; /* one is done and not on record */
};

MUST_USE enum status steps_read(struct store_conn *conn, struct steps *ret_steps,
                                struct error *err);
/* What is done goes on record. */
MUST_USE enum status steps_keep(struct newsroom *room, const struct steps *steps,
                                struct error *err);
/* The list out of sight, or back. */
MUST_USE enum status steps_put_away(struct newsroom *room, bool away, struct error *err);
