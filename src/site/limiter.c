/* SPDX-License-Identifier: MIT */
#include "site/limiter.h"

#include "base/map.h"
#include "http/address.h"

#include <pthread.h>
#include <stdlib.h>

struct bucket {
    uint64_t network; /* hash; 0: free */
    time_us full_at;  /* when it will hold a minute's worth again */
};

struct limiter {
    int64_t a_minute;     /* read-only */
    pthread_mutex_t lock; /* guards buckets */
    struct bucket buckets[LIMITER_SLOTS];
};

struct limiter *limiter_new(int64_t a_minute)
{
    struct limiter *limiter = calloc(1, sizeof(*limiter));
    CHECK(limiter != NULL);
    limiter->a_minute = a_minute;
    CHECK(pthread_mutex_init(&limiter->lock, NULL) == 0);
    return limiter;
}

void limiter_free(struct limiter *limiter)
{
    if (limiter == NULL)
        return;
    (void)pthread_mutex_destroy(&limiter->lock);
    free(limiter);
}

static uint64_t network_hash(const struct http_address *who)
{
    static const uint8_t mapped[12] = {[10] = 0xFF, [11] = 0xFF};
    bool v4 = __builtin_memcmp(who->ip, mapped, sizeof(mapped)) == 0;
    return map_hash((str){(const char *)who->ip, v4 ? 16 : 8}) | 1;
}

bool limiter_allow(struct limiter *limiter, const struct http_address *who, time_us now)
{
    if (limiter->a_minute < 0 || who->kind != HTTP_ADDRESS_IP)
        return true;
    uint64_t network = network_hash(who);
    time_us each = TIME_MINUTE / limiter->a_minute;

    pthread_mutex_lock(&limiter->lock);
    struct bucket *bucket = &limiter->buckets[(network >> 1) % LIMITER_SLOTS];
    if (bucket->network != network || bucket->full_at < now)
        *bucket = (struct bucket){network, now};
    bool allowed = bucket->full_at + each <= now + TIME_MINUTE;
    if (allowed)
        bucket->full_at += each;
    pthread_mutex_unlock(&limiter->lock);
    return allowed;
}
