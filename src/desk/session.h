/* desk/session.h -- who is signed in: one row a browser, found by the hash of its cookie.
 *
 *     st = session_find(conn, token, now, arena, &session, err);      // ST_NOT_FOUND: nobody
 *     st = session_begin(room, &(struct session){.person = id, .half = true, ...}, token, err);
 *
 * A session ends by itself after SESSION_IDLE without a request, and SESSION_LIFE after it began. A half
 * one is of somebody whose password was right and whose code is owed: it lives for SESSION_HALF, opens
 * nothing but the page that asks for the code, and is replaced, with another token, once that is given.
 *
 * Every sign-in draws a new token: what stood in the cookie before is never made to mean more.
 *
 * Memory and threads: as news/story.h. */
#pragma once
#include "news/news.h"

struct store_conn;

#define SESSION_IDLE (14 * TIME_DAY)
#define SESSION_LIFE (90 * TIME_DAY)
#define SESSION_HALF (10 * TIME_MINUTE)
#define SESSION_SEEN (5 * TIME_MINUTE) /* how old `seen_at` may become before it is written again */
enum { SESSION_LIST_MAX = 100, SESSION_AGENT_MAX = 300 };

struct session {
    int64_t id;
    person_id person;
    bool half;
    time_us created_at, seen_at;
    str network, agent;
};

/* ST_NOT_FOUND: none, or one that has ended. */
MUST_USE enum status session_find(struct store_conn *conn, str token, time_us now,
                                  struct arena *arena, struct session **ret_session,
                                  struct error *err);
/* One person's whole ones, newest first, SESSION_LIST_MAX at most. */
MUST_USE enum status session_list(struct store_conn *conn, person_id person, time_us now,
                                  struct arena *arena, struct session ***ret_sessions,
                                  size_t *ret_count, struct error *err);
/* Whether this person has been signed in from this network, in a session that still stands. */
MUST_USE enum status session_known(struct store_conn *conn, person_id person, str network,
                                   time_us now, bool *ret_known, struct error *err);

/* Takes person, half, network and agent of `session`. Removes what has expired. */
MUST_USE enum status session_begin(struct newsroom *room, const struct session *session, str token,
                                   struct error *err);
MUST_USE enum status session_seen(struct newsroom *room, const struct session *session,
                                  struct error *err);
/* ST_OK also when there is no such session of theirs. */
MUST_USE enum status session_end(struct newsroom *room, person_id person, int64_t id,
                                 struct error *err);
/* All of theirs but one (0: all). */
MUST_USE enum status session_end_others(struct newsroom *room, person_id person, int64_t but,
                                        struct error *err);
