/* site/bans.h -- inside site/: the moderators' lists in force, as one immutable thing (news/ban.h).
 *
 *     v->bans_wanted = bans_wanted(site->bans);         // the number first, then the snapshot
 *     st = store_read_begin(v->conn, err);
 *     ...
 *     st = bans_current(site->bans, v->conn, v->bans_wanted, &list, err);
 *     ban_list_unref(list);
 *
 * A change of "bans" only raises a number; the next reply that sees it loads the lists anew, once. Why the
 * number is read before the snapshot is opened: site/edition.h.
 *
 * Threads: any. */
#pragma once
#include "base/scope.h"
#include "base/status.h"
#include <stdint.h>

struct ban_list;
struct bans;
struct store_conn;

struct bans *bans_new(void);
void bans_free(struct bans *bans); /* takes NULL */
uint64_t bans_wanted(struct bans *bans);
/* The lists are no longer what was loaded. */
void bans_changed(struct bans *bans);
/* `conn` is in a read transaction begun after `wanted` was read. A reference. */
MUST_USE enum status bans_current(struct bans *bans, struct store_conn *conn, uint64_t wanted,
                                  struct ban_list **ret_list, struct error *err);
