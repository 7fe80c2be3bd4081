/* desk/throttle.h -- how many wrong passwords and codes are taken, by account and by network.
 *
 *     struct throttle_subjects who = throttle_of(arena, email_key, network, known);
 *     st = throttle_ask(conn, &who, now, &wait, err);         // wait > 0: not even tried
 *     st = throttle_failed(room, &who, err);                  // in a write
 *
 * Failures are counted in the database, so a restart forgives nothing. A count begins with a first failure
 * and is forgotten THROTTLE_WINDOW later. An account is counted whether it exists or not.
 *
 * Whoever guesses at an editor's password from elsewhere must not be able to shut the editor out: a
 * network from which the account is signed in (`known`) has a count of its own for it.
 *
 * Whoever has the password and guesses at codes is held to THROTTLE_CODES in a day besides: ten in each
 * window would be one chance in 350 a day.
 *
 * Asking for a link by mail has counts of its own, of every try: throttle_of_lost, throttle_ask, throttle_failed.
 *
 * Memory and threads: as news/story.h. */
#pragma once
#include "news/news.h"

struct store_conn;

#define THROTTLE_WINDOW       (15 * TIME_MINUTE)
#define THROTTLE_CODES_WINDOW TIME_DAY
enum { THROTTLE_CODES = 30 };
enum { THROTTLE_LOST_ACCOUNT = 3, THROTTLE_LOST_NETWORK = 20 }; /* links asked for */
enum { THROTTLE_ACCOUNT = 10, THROTTLE_NETWORK = 50 /* an office behind one address */ };

struct throttle_subjects {
    str account;
    str network; /* empty: not counted (many may stand behind it) */
    str codes;   /* empty: it is not a code that is weighed */
    int64_t account_most, network_most;
};

/* `email` as typed; `network` may be empty. */
struct throttle_subjects throttle_of(struct arena *arena, str email, str network, bool known);
/* Of a link for a new password that is asked for. */
struct throttle_subjects throttle_of_lost(struct arena *arena, str email, str network);
/* The same, when a code is weighed and not a password. */
struct throttle_subjects throttle_of_code(struct arena *arena, struct throttle_subjects who);
MUST_USE enum status throttle_ask(struct store_conn *conn, const struct throttle_subjects *who,
                                  time_us now, time_us *ret_wait, struct error *err);
MUST_USE enum status throttle_failed(struct newsroom *room, const struct throttle_subjects *who,
                                     struct error *err);
/* The account's count is forgotten: it was them. */
MUST_USE enum status throttle_passed(struct newsroom *room, const struct throttle_subjects *who,
                                     struct error *err);
