/* desk/audit.h -- who did what: a row for each thing, written in the write that does it.
 *
 *     st = audit_add(room, &(struct audit_entry){.person = me, .what = S("reply.approved"),
 *                    .subject = S("reply:12"), .detail = S("pending")}, &id, err);
 *
 * `what` is a noun and what became of it; the words that the desk prints for it are in its strings, as
 * "log.WHAT". Nothing secret goes in, nor what a reader wrote.
 *
 * Memory and threads: as news/story.h. */
#pragma once
#include "news/news.h"

struct store_conn;

enum { AUDIT_LIST_MAX = 200, AUDIT_BATCH_MAX = 1000 };

struct audit_entry {
    int64_t id;
    time_us at;
    person_id person;
    str name, what, subject, detail, network;
    int64_t batch; /* id of the first of those done at once; 0: itself */
};

/* `at` is now. */
MUST_USE enum status audit_add(struct newsroom *room, const struct audit_entry *entry,
                               int64_t *ret_id, struct error *err);
/* Newest first, from below `before` (0: the newest). */
MUST_USE enum status audit_list(struct store_conn *conn, int64_t before, size_t limit,
                                struct arena *arena, struct audit_entry **ret_entries,
                                size_t *ret_count, struct error *err);
/* What one person did at once, in order, AUDIT_BATCH_MAX at most. */
MUST_USE enum status audit_batch(struct store_conn *conn, int64_t batch, person_id person,
                                 struct arena *arena, struct audit_entry **ret_entries,
                                 size_t *ret_count, struct error *err);
