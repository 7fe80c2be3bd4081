/* site/limiter.h -- how often one network may do a thing: so many a minute, and that many at once.
 *
 *     if (!limiter_allow(limiter, &req->reader, now)) ... 429 ...
 *
 * A network is an IPv4 address or an IPv6 /64. Each has a bucket that holds a minute's worth and fills
 * evenly. Buckets are slots of a fixed table, found by a keyed hash; two networks that share a slot
 * push each other out, which forgets, never locks out.
 *
 * Threads: any. */
#pragma once
#include "base/clock.h"

struct http_address;
struct limiter;

enum { LIMITER_SLOTS = 4096 };

struct limiter *limiter_new(int64_t a_minute); /* negative: everything is allowed */
void limiter_free(struct limiter *limiter);    /* takes NULL */
bool limiter_allow(struct limiter *limiter, const struct http_address *who, time_us now);
