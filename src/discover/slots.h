/* discover/slots.h -- the lists beside a story: related, latest, popular, you may also like.
 *
 *     struct story_slots slots;
 *     st = slots_fill(conn, story, SLOT_ALL, now, arena, &slots, err);
 *     if (slots.related.count > 0) heading, rows ...
 *
 *     slot        shows                                              absent
 *     related     up to 4: picks, then likeness above a floor         without any
 *     latest      the 5 newest                                        if there is no other story
 *     popular     5 by faded reads                                    until 3 stories qualify
 *     also_like   up to 4 that none of the three above shows          below 2
 *
 * The story being read is in none of them. Latest and popular are facts: apart from that they are never
 * altered and may overlap; related ignores them. An absent slot has count 0. Absence of popular
 * is judged before the current story is dropped from it: two others stay two.
 *
 * Also-like blends what readers of this story went on to read, likeness beyond the shown related, and
 * popularity (discover/also_like.h). It leaves out what the other three hold at their full lengths, whether or not the theme
 * prints them: the same story gives the same slots, whatever the theme asks for and in which order.
 *
 * Four statements for the lists and one for all their tags and bylines, whatever their lengths.
 * Memory: the caller's arena. Threads: one connection a thread, inside store_read_begin. */
#pragma once
#include "news/list.h"

enum {
    SLOT_RELATED_MAX = 4,
    SLOT_LATEST_MAX = 5,
    SLOT_POPULAR_MAX = 5,
    SLOT_ALSO_LIKE_MAX = 4,
    SLOT_ALSO_LIKE_MIN = 2,
};

enum slot {
    SLOT_RELATED = 1,
    SLOT_LATEST = 2,
    SLOT_POPULAR = 4,
    SLOT_ALSO_LIKE = 8,
    SLOT_TERMS = 16, /* tags and bylines of the rows */
    SLOT_ALL = 31,
};

struct story_slots {
    struct story_list related, latest, popular, also_like;
};

/* `wanted`: a sum of enum slot. `story` NULL: a page that is no story's (front page, tag page): latest
 * and popular only, at their shown lengths. */
MUST_USE enum status slots_fill(struct store_conn *conn, const struct story *story, unsigned wanted,
                                time_us now, struct arena *arena, struct story_slots *ret_slots,
                                struct error *err);
