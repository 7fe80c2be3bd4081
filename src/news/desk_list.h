/* news/desk_list.h -- the desk's list of stories and pages: by state, kind, tag, byline and time.
 *
 *     struct desk_query q = {.states = DESK_STATE(STORY_DRAFT), .tag = harbour, .limit = 50};
 *     st = desk_list_get(conn, &q, arena, &list, err);
 *     ...
 *     q.before = list.next;                                  // older ones; or looking further
 *
 * The newest first, by the time that a story's state is about (desk_time): when it was last saved for a
 * draft and a trashed one, when it is due for a scheduled one, when it appeared for a published one. `from`
 * and `until` are of that time too.
 *
 * How. Each state, and of the published ones stories and pages, is an index in that order: of all, of a
 * tag, of a byline (schema/0008_desk_lists.sql; published stories stand in the readers' own). A query
 * walks those it wants side by side and takes the newest of their heads, so that any choice of states is
 * as exact as one. The tag or byline with the fewest stories is walked; what else is asked for (the other of the
 * two, "one of my own", the kind) is seen to row by row. Such a walk may pass over many to find few, so it
 * gives up after DESK_LOOKED_MAX: `unfinished`, and `next` is where to look further. It costs the same at a
 * thousand stories and at a million.
 *     Tried and dropped: an index for each pair of tag and byline (as many rows as all stories' pairs);
 * the shorter of two lists in memory (a section has a hundred thousand).
 *
 * Memory: results live in the caller's arena. Threads: one connection a thread. */
#pragma once
#include "news/list.h"

enum {
    DESK_LIST_MAX = 100,
    DESK_LOOKED_MAX = 4000, /* rows that a walk passes over */
    DESK_OWN_MAX = 16,      /* bylines of one person */
};

#define DESK_STATE(state) (1u << (state))
#define DESK_KIND(kind)   (1u << (kind))

struct desk_query {
    unsigned states; /* DESK_STATE of each; 0: all */
    unsigned kinds;  /* DESK_KIND of each; 0: both */
    tag_id tag;
    byline_id byline;
    person_id own;           /* only where one of the bylines is theirs */
    time_us from, until;     /* of desk_time, in [from, until); 0: no bound */
    struct story_key before; /* older than this place; {0}: the start */
    size_t limit;            /* at most DESK_LIST_MAX */
};

struct desk_row {
    struct story *story;
    int64_t reads; /* in all */
    /* With desk_list_writing: */
    str writing;    /* who has it open (news/story_lock.h); empty: nobody, or oneself */
    str unsaved_of; /* another one, who has text in it that is not saved (news/working_copy.h) */
    bool unsaved_own;
};

struct desk_list {
    struct desk_row *rows;
    size_t count;
    bool more;       /* there is at least one after the last row */
    bool unfinished; /* there may be: the walk gave up before the list was full */
    struct story_key next;
};

MUST_USE enum status desk_list_get(struct store_conn *conn, const struct desk_query *query,
                                   struct arena *arena, struct desk_list *ret_list,
                                   struct error *err);
/* Who is at each of them just now, as `me` sees it: one statement. */
MUST_USE enum status desk_list_writing(struct store_conn *conn, struct desk_list *list,
                                       person_id me, time_us now, struct arena *arena,
                                       struct error *err);
/* Whatever their state, in the order of `ids`; what is gone is left out. For a search's hits. */
MUST_USE enum status desk_list_by_ids(struct store_conn *conn, const int64_t *ids, size_t count,
                                      struct arena *arena, struct desk_list *ret_list,
                                      struct error *err);

/* Of these states (DESK_STATE of each), those whose slug begins so, by slug: while a headline is typed. */
MUST_USE enum status desk_list_by_slug(struct store_conn *conn, str beginning, unsigned states,
                                       size_t limit, struct arena *arena,
                                       struct desk_list *ret_list, struct error *err);

/* The time by which the desk lists it. */
time_us desk_time(enum story_state state, time_us updated_at, time_us published_at);
/* Whether one of a story's bylines is theirs. */
MUST_USE enum status desk_is_own(struct store_conn *conn, story_id story, person_id person,
                                 bool *ret_own, struct error *err);
