/* news/listing.h -- a story's places in lists: all stories, its tags', its bylines'.
 *
 *     st = listing_read(conn, id, arena, &l, err);
 *     st = listing_raise(desk, &l, err);      // while it is listed: names the lists it is in
 *     st = listing_leave(desk, &l, err);
 *
 * A published story (not a page) is listed. Entering and leaving keep every count that lists
 * have; whoever calls them keeps listed_at in step (listing_mark) and raises names before leaving
 * and after entering, when the lists still, or already, hold the story.
 *
 * Inside news/ only. Threads: as the newsroom. */
#pragma once
#include "news/list.h"

struct listing {
    story_id id;
    time_us at;
    int64_t *tags;
    size_t tags_count;
    int64_t *bylines;
    size_t bylines_count;
};

/* The ids in order of position; `at` is not filled. */
MUST_USE enum status listing_read(struct store_conn *conn, story_id id, struct arena *arena,
                                  struct listing *ret_listing, struct error *err);
MUST_USE enum status listing_enter(struct newsroom *desk, const struct listing *listing,
                                   struct error *err);
MUST_USE enum status listing_leave(struct newsroom *desk, const struct listing *listing,
                                   struct error *err);
/* at 0: not listed; then listing_desk says where the desk finds it. */
MUST_USE enum status listing_mark(struct newsroom *desk, story_id id, time_us at,
                                  struct error *err);
/* Of a story or page that is in no list: its state, and its time at the desk (news/desk_list.h). */
MUST_USE enum status listing_desk(struct newsroom *desk, story_id id, enum story_state state,
                                  time_us at, struct error *err);
/* list:posts, its tags' and bylines', latest and popular if it is in them, the stories whose
 * `related` or read-on lists hold it, and those before and after it in time. */
MUST_USE enum status listing_raise(struct newsroom *desk, const struct listing *listing,
                                   struct error *err);
/* The lists on which a count of replies may stand. */
void listing_raise_counts(struct newsroom *desk, const struct listing *listing);
