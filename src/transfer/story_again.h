/* transfer/story_again.h -- inside transfer/: a stored story as a draft, to be saved with one thing changed.
 *
 *     struct story_again again;
 *     st = story_again(conn, id, 0, arena, &again, err);
 *     again.draft.image = found;
 *     st = story_prepare(arena, &again.draft, &ready, err);
 *
 * All else stays as it is, the time of its last change too.
 *
 * Memory: in the arena. Threads: as the connection. */
#pragma once
#include "news/story.h"

struct story_again {
    struct story_draft draft;
    tag_id *tags; /* the draft's, with room for `tags_more` */
    str body;     /* sanitized; the draft has it as it was written */
};

/* ST_NOT_FOUND. */
MUST_USE enum status story_again(struct store_conn *conn, story_id id, size_t tags_more,
                                 struct arena *arena, struct story_again *ret_again,
                                 struct error *err);
