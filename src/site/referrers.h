/* site/referrers.h -- inside site/: which other sites the readers of each story come from, counted in passing.
 *
 *     referrers_note(referrers, place, story_id, req);       // where a read is counted: http/page_cache.h
 *     referrers_drain(referrers, each, ctx);                 // every 10 s
 *
 * Of the Referer header its host alone is looked at, and nothing of it is kept with anything else of the
 * request: no path, no query, no address, no time but the day. A read without one, or from a page of this site,
 * is not counted here. Whoever is counted as a reader is counted here too, and nobody else: robots, HEAD and 304
 * are not (page_cache_get).
 *
 * A table for each place that counts, as in http/reads.h: who counts takes it out of its place for that
 * moment, so that loops meet at no lock. A table holds REFERRERS_HELD hosts and stories; what comes when it is
 * full is added to the story's unnamed rest, or to nothing.
 *
 * Threads: note: any (one thread a place is fastest); drain: one at a time. */
#pragma once
#include "base/str.h"

struct http_request;
struct referrers;

enum { REFERRERS_HELD = 1024, REFERRER_HOST_MAX = 60 };

struct referrers *referrers_new(size_t places);
void referrers_free(struct referrers *referrers); /* takes NULL */
void referrers_note(struct referrers *referrers, size_t place, int64_t story,
                    const struct http_request *req);
/* Calls `each` for what was counted since the last drain; `host` is lent. "": could not be told. */
void referrers_drain(struct referrers *referrers,
                     void (*each)(void *ctx, int64_t story, str host, int64_t reads), void *ctx);

/* "https://www.Example.org:443/a?b" -> "example.org", written into `space`. False: no referrer, or of the site
 * at `own` (a request's host, with or without a port). Empty: a host that is none that can be told, as an
 * address in digits is. */
bool referrer_host(str referer, str own, char space[REFERRER_HOST_MAX], str *ret_host);
