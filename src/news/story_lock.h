/* news/story_lock.h -- who is writing at a story just now.
 *
 *     st = story_lock_beat(desk, id, false, &lock, err);       // each 20 seconds, while it is open
 *     if (lock.person.v != desk->person.v)
 *         ... lock.name has it since lock.since ...
 *     st = story_lock_beat(desk, id, true, &lock, err);        // take it over
 *     st = story_lock_leave(desk, id, err);
 *
 *                 beat                         beat, within STORY_LOCK_LIFE
 *     (nobody) ----------> held by one <------------------------------+
 *        ^                  |   |  |                                  |
 *        +--- leave --------+   |  +----------------------------------+
 *        +--- no beat for STORY_LOCK_LIFE: the next to come has it
 *                               +--- take: held by another
 *
 * A lock is a word among colleagues and guards no text: that versions do (story_draft.version). So a
 * browser that died costs a minute, and a clock that is wrong costs nothing.
 *
 * Memory and threads: as story.h. */
#pragma once
#include "news/news.h"

struct store_conn;

#define STORY_LOCK_LIFE (60 * TIME_SECOND)

struct story_lock {
    person_id person;
    str name;
    time_us since, seen_at;
};

/* ST_NOT_FOUND when nobody has it, or nobody was heard of for so long. */
MUST_USE enum status story_lock_find(struct store_conn *conn, story_id story, time_us now,
                                     struct arena *arena, struct story_lock *ret_lock,
                                     struct error *err);
/* desk->person is there: it is theirs if it was free, or if they `take` it. Whose it is now; when it
 * was taken from somebody, `ret_from` says who (person 0: from nobody). */
MUST_USE enum status story_lock_beat(struct newsroom *desk, story_id story, bool take,
                                     struct story_lock *ret_lock, struct story_lock *ret_from,
                                     struct error *err);
/* Gives it up, if it is desk->person's. */
MUST_USE enum status story_lock_leave(struct newsroom *desk, story_id story, struct error *err);
