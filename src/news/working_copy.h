/* news/working_copy.h -- what somebody has written into a story and not saved.
 *
 *     st = working_copy_keep(desk, &(struct working_copy){.story = id, .name = me, .tab = tab, .version = 5,
 *                            .title = title, .fields = json}, &held, err);     // each few seconds
 *     st = working_copy_get(conn, id, me->id, arena, &copy, err);              // ST_NOT_FOUND: none
 *     st = story_save(desk, &ready, &id, err);
 *     st = working_copy_drop(desk, id, tab, &held, err);                       // in the same write
 *
 * It is no part of the story: readers, search, feeds and versions do not see it, and keeping it raises no
 * names. It says from which version of the story it began, so that whoever saves it is told when the story is
 * another by now. It ends with a save, when its writer throws it away, or with the story; the end of a
 * session, a lost lock and a save refused leave it.
 *
 * There is one a story, person and page: somebody may have the story open twice, at the desk and on a telephone. Each
 * page keeps its own under its `tab`; a page that began from one that was there `held` it, and takes its place only if
 * it is still as it was then. So nothing that was told to be kept goes because of another page.
 *
 * `fields` are the desk's own (desk/story_form.h): text to whoever keeps it.
 *
 * Memory and threads: as story.h. Cost: a statement each, two for keeping what was held. */
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
    str tab;         /* empty: of a page that does not say */
    int64_t version; /* of the story, from which it began */
    time_us kept_at;
    str title;
    str fields; /* not filled by working_copy_list */
};

/* Of desk->person's: the one a page began from, as it was then. kept_at 0: none. */
struct working_copy_held {
    str tab;
    time_us kept_at;
};

/* desk->person's own, in the place of what this page had and held. ST_TOO_BIG. */
MUST_USE enum status working_copy_keep(struct newsroom *desk, const struct working_copy *copy,
                                       const struct working_copy_held *held, struct error *err);
/* The newest of theirs; ST_NOT_FOUND when they have none. */
MUST_USE enum status working_copy_get(struct store_conn *conn, story_id story, person_id person,
                                      struct arena *arena, struct working_copy **ret_copy,
                                      struct error *err);
/* That of one page. */
MUST_USE enum status working_copy_of(struct store_conn *conn, story_id story, person_id person,
                                     str tab, struct arena *arena, struct working_copy **ret_copy,
                                     struct error *err);
/* Everybody's of one story, by person; at most WORKING_COPY_LIST_MAX. */
MUST_USE enum status working_copy_list(struct store_conn *conn, story_id story, struct arena *arena,
                                       struct working_copy **ret_copies, size_t *ret_count,
                                       struct error *err);
/* desk->person's of this page, and what it held. ST_OK when there was none. */
MUST_USE enum status working_copy_drop(struct newsroom *desk, story_id story, str tab,
                                       const struct working_copy_held *held, struct error *err);
