/* news/waiting.h -- what waits for whoever comes in: what appears next, what appeared late, what is not saved.
 *
 *     st = waiting_scheduled(conn, 5, arena, &list, &count, err);
 *     st = waiting_unsaved(conn, me->id, WAITING_OTHERS, 5, arena, &list, &count, err);
 *
 * Each is a few rows from the beginning of an index, however many stories there are.
 *
 * Memory and threads: as story.h. */
#pragma once
#include "news/news.h"

struct store_conn;

enum { WAITING_MAX = 50 };

struct waiting {
    story_id story;
    str title;
    time_us at; /* due; appeared; last kept */
    str name;   /* of an unsaved one: who writes it */
};

/* The soonest first. One whose time is past is about to appear, or nobody publishes. */
MUST_USE enum status waiting_scheduled(struct store_conn *conn, size_t limit, struct arena *arena,
                                       struct waiting **ret_list, size_t *ret_count,
                                       struct error *err);
/* What the schedule published late since then, the last first. */
MUST_USE enum status waiting_late(struct store_conn *conn, time_us since, size_t limit,
                                  struct arena *arena, struct waiting **ret_list, size_t *ret_count,
                                  struct error *err);
/* Working copies of one person, or of everybody else; the last kept first. */
enum waiting_whose { WAITING_OWN, WAITING_OTHERS };
MUST_USE enum status waiting_unsaved(struct store_conn *conn, person_id person,
                                     enum waiting_whose whose, size_t limit, struct arena *arena,
                                     struct waiting **ret_list, size_t *ret_count,
                                     struct error *err);
