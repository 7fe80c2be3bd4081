/* news/working_copy.h -- what somebody has written into a story and not saved.
 *
 *     st = working_copy_keep(desk, &(struct working_copy){.story = id, .name = me, .version = 5,
 *                            .title = title, .fields = json}, err);       // each few seconds
 *     st = working_copy_get(conn, id, me->id, arena, &copy, err);         // ST_NOT_FOUND: none
 *     st = story_save(desk, &ready, &id, err);
 *     st = working_copy_drop(desk, id, desk->person, err);                // in the same write
 *
 * There is one a story and person. It is no part of the story: readers, search, feeds and versions do not
 * see it, and keeping it raises no names. It says from which version of the story it began, so that
 * whoever saves it is told when the story is another by now. It ends with a save, when its writer throws it
 * away, or with the story; the end of a session, a lost lock and a save refused leave it.
 *
 * `fields` are the desk's own (desk/story_form.h): text to whoever keeps it.
 *
 * Memory and threads: as story.h. Cost: one statement each. */
#pragma once
#include "news/story.h"

enum {
    WORKING_COPY_BYTES_MAX = 2 * STORY_BODY_MAX, /* of fields: the text, escaped for JSON */
    WORKING_COPY_LIST_MAX = 50,
};

struct working_copy {
    story_id story;
    person_id person;
    str name;        /* theirs, when it was kept */
    int64_t version; /* of the story, from which it began */
    time_us kept_at;
    str title;
    str fields; /* not filled by working_copy_list */
};

/* desk->person's own, in the place of what they had. ST_TOO_BIG. */
MUST_USE enum status working_copy_keep(struct newsroom *desk, const struct working_copy *copy,
                                       struct error *err);
/* ST_NOT_FOUND when they have none. */
MUST_USE enum status working_copy_get(struct store_conn *conn, story_id story, person_id person,
                                      struct arena *arena, struct working_copy **ret_copy,
                                      struct error *err);
/* Everybody's of one story, by person; at most WORKING_COPY_LIST_MAX. */
MUST_USE enum status working_copy_list(struct store_conn *conn, story_id story, struct arena *arena,
                                       struct working_copy **ret_copies, size_t *ret_count,
                                       struct error *err);
/* ST_OK when there was none. */
MUST_USE enum status working_copy_drop(struct newsroom *desk, story_id story, person_id person,
                                       struct error *err);
