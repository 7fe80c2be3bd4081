/* site/known.h -- the last parts of every address that may answer, so that a loop can tell, without the
 * database, that one has never been anybody's.
 *
 *     known_add_changes(site->known, changes);      // "absent:rain": something answers at .../rain/
 *     st = known_fill(site->known, conn, err);      // the thread behind, at start and when asked
 *     if (known_absent(site->known, path))
 *         ...                                       // certainly nobody's: the shared 404 page
 *
 * A flood of addresses that nobody has (a scanner, a broken crawler) would else be a queue of look-ups
 * in front of the pages readers wait for. This is a Bloom filter over what news/change.h calls NAME in
 * `absent:NAME`: the slugs of stories, tags and bylines and the last parts of old addresses. It says
 * "certainly not" or "perhaps", about one time in 500 wrongly; nothing is ever taken out. What comes to
 * be is added by the write that makes it, before that write is answered (another process's: when it is
 * noticed, as with all its changes). Where the form of a path is not the one form addresses have, the
 * answer is "perhaps": it may lead to one that has (site/old_address.c).
 *
 * Memory:  two to four bytes a name, 64 KB at least. Outgrown arrays are kept until the end, as loops
 *          may be reading them; each is at most half of the next.
 * Threads: any; known_fill from one at a time. */
#pragma once
#include "base/status.h"
#include "base/str.h"

struct known;
struct store_changes;
struct store_conn;

struct known *known_new(void);
void known_free(struct known *known); /* takes NULL */

/* True: no story, tag, byline or old address ends so, and none ever did. False: perhaps. Always false
 * until it is filled. */
bool known_absent(const struct known *known, str path);
/* What a commit made. `all` (too much at once, or nobody knows what): nothing is certain until the
 * next known_fill. */
void known_add_changes(struct known *known, const struct store_changes *changes);
/* Does it want filling: at the start, after `all`, when it has become too full? */
bool known_wants(const struct known *known);
MUST_USE enum status known_fill(struct known *known, struct store_conn *conn, struct error *err);
