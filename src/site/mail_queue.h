/* site/mail_queue.h -- mails that wait to be sent, in the database: nothing is lost when the process ends.
 *
 *     st = mail_queue_add(room, key, &(struct mail_queued){.kind = S("reset"), .to = address,
 *                                                          .message = bytes, .good_until = at}, err);
 *     ...
 *     st = mail_queue_claim(room, key, &mail, err);        // ST_NOT_FOUND: none is due
 *     hand it to the server, outside of the write;
 *     st = mail_queue_sent(room, &mail, err);   or mail_queue_failed(room, &mail, why, for_good, err)
 *
 *              add            claim                 sent
 *     (nothing) --> waiting(due) --> claimed(lease) --> (gone)
 *                      ^  failed: later  |   |  failed for good, or too old
 *                      +-----------------+   +--> given up --> (gone after MAIL_GIVEN_UP_KEPT)
 *
 * A mail is sent at least once, and by one process at a time: the claim is a job's (news/job.h), taken in a write,
 * with a lease that is longer than any sending may take. It is sent twice only if the process dies after the server took
 * it and before that is written; both then carry the same Message-ID.
 *
 * Tries come 1, 2, 4, ... 128 minutes after each other, then daily; after MAIL_TRIED_FOR it is given up.
 *
 * What stands in a mail may open a door (a link for a new password), and doors are kept as hashes only: so a mail waits
 * sealed by the site's secret.key, which is in no backup. A database brought back from a copy therefore sends nothing
 * that was sent before: what it cannot open it gives up.
 *
 * Memory and threads: as news/story.h. */
#pragma once
#include "news/job.h"
#include "news/news.h"

struct store_conn;

#define MAIL_TRIED_FOR     (2 * TIME_DAY)
#define MAIL_LEASE         (3 * TIME_MINUTE) /* longer than MAIL_SEND_MS and closing take */
#define MAIL_GIVEN_UP_KEPT (30 * TIME_DAY)
enum { MAIL_LIST_MAX = 100, MAIL_COUNTED = 1000, MAIL_KEY_BYTES = 32, MAIL_ANSWER_MAX = 500 };

struct mail_queued {
    int64_t id;
    str kind;
    str to;      /* an address, as mail_message.h has it */
    str message; /* whole; empty in a list */
    time_us created_at, good_until;
    int64_t tries;
    str answer; /* of the last try */
    time_us given_up_at;
    struct job job; /* of a claimed one */
};

MUST_USE enum status mail_queue_add(struct newsroom *room, const unsigned char key[MAIL_KEY_BYTES],
                                    const struct mail_queued *mail, struct error *err);
/* The one that is due first. One that is too old, or cannot be opened, comes without its message: it is for
 * mail_queue_failed, for good. */
MUST_USE enum status mail_queue_claim(struct newsroom *room,
                                      const unsigned char key[MAIL_KEY_BYTES],
                                      struct mail_queued **ret_mail, struct error *err);
MUST_USE enum status mail_queue_sent(struct newsroom *room, const struct mail_queued *mail,
                                     struct error *err);
/* *ret_given_up: it will not be tried again. */
MUST_USE enum status mail_queue_failed(struct newsroom *room, const struct mail_queued *mail,
                                       str why, bool for_good, bool *ret_given_up,
                                       struct error *err);
/* Removes those given up long ago. */
MUST_USE enum status mail_queue_sweep(struct newsroom *room, struct error *err);

/* Whether one is due. */
MUST_USE enum status mail_queue_due(struct store_conn *conn, time_us now, bool *ret_due,
                                    struct error *err);
/* How many wait, and how many were given up: up to MAIL_COUNTED of each. */
MUST_USE enum status mail_queue_count(struct store_conn *conn, int64_t *ret_waiting,
                                      int64_t *ret_given_up, struct error *err);
/* Those that wait or were given up, newest first. */
MUST_USE enum status mail_queue_list(struct store_conn *conn, struct arena *arena,
                                     struct mail_queued **ret_mails, size_t *ret_count,
                                     struct error *err);
/* The newest to this address of that kind; ST_NOT_FOUND: it was sent, or there was none. */
MUST_USE enum status mail_queue_of(struct store_conn *conn, str kind, str to, struct arena *arena,
                                   struct mail_queued *ret_mail, struct error *err);

/* The last test by which `server` (mail.h says what is written there) took a mail: 0, none. */
MUST_USE enum status mail_test_read(struct store_conn *conn, str server, time_us *ret_at,
                                    struct error *err);
MUST_USE enum status mail_test_passed(struct newsroom *room, str server, struct error *err);
