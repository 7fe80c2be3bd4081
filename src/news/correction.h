/* news/correction.h -- what a story got wrong, said on its page with the time it was put right.
 *
 *     st = correction_prepare(arena, S("An earlier version misspelt <em>Novak</em>."), &text, err);
 *     st = correction_add(desk, story, text, &id, err);        // in the write
 *     st = correction_list(conn, story, arena, &corrections, &count, err);
 *
 * Each is one line of HTML, sanitized. Adding, changing and removing one raise the story's page; its text and
 * version stay as they are. A story shows them in order of time (story_load_body brings them).
 *
 * Memory and threads: as story.h; correction_prepare, any. */
#pragma once
#include "news/story.h"

enum { CORRECTION_TEXT_MAX = 4000 /* bytes */, CORRECTIONS_MAX = 200 /* a story */ };

struct correction {
    int64_t id;
    time_us corrected_at;
    html text;
};

/* ST_INVALID: nothing in it, or no text; ST_TOO_BIG. */
MUST_USE enum status correction_prepare(struct arena *arena, str text, html *ret_text,
                                        struct error *err);
/* The oldest first. */
MUST_USE enum status correction_list(struct store_conn *conn, story_id story, struct arena *arena,
                                     struct correction **ret_corrections, size_t *ret_count,
                                     struct error *err);
/* Made now. ST_NOT_FOUND: no such story; ST_TOO_BIG: it has CORRECTIONS_MAX. */
MUST_USE enum status correction_add(struct newsroom *desk, story_id story, html text,
                                    int64_t *ret_id, struct error *err);
/* Other words; its time stays. ST_NOT_FOUND: the story has none of that number. */
MUST_USE enum status correction_edit(struct newsroom *desk, story_id story, int64_t id, html text,
                                     struct error *err);
MUST_USE enum status correction_remove(struct newsroom *desk, story_id story, int64_t id,
                                       struct error *err);
