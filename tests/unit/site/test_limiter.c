/* SPDX-License-Identifier: MIT */
#include "site/limiter.h"

#include "http/address.h"
#include "tests/check.h"

static int allowed_of(struct limiter *limiter, const char *who, int tries, time_us now)
{
    struct http_address address;
    int allowed = 0;
    EXPECT(http_address_parse(str_from_c(who), &address));
    for (int i = 0; i < tries; i++)
        allowed += limiter_allow(limiter, &address, now);
    return allowed;
}

int main(void)
{
    const time_us noon = 1000 * TIME_DAY;
    struct limiter *limiter = limiter_new(10);
    EXPECT_INT(allowed_of(limiter, "192.0.2.1", 50, noon), 10);
    EXPECT_INT(allowed_of(limiter, "192.0.2.2", 5, noon), 5);
    EXPECT_INT(allowed_of(limiter, "192.0.2.1", 50, noon + 12 * TIME_SECOND), 2);
    EXPECT_INT(allowed_of(limiter, "192.0.2.1", 50, noon + TIME_HOUR), 10);
    /* one household's /64 is one network */
    EXPECT_INT(allowed_of(limiter, "2001:db8::1", 10, noon), 10);
    EXPECT_INT(allowed_of(limiter, "2001:db8::2", 10, noon), 0);
    EXPECT_INT(allowed_of(limiter, "2001:db8:0:1::1", 10, noon), 10);
    limiter_free(limiter);
    limiter = limiter_new(-1);
    EXPECT_INT(allowed_of(limiter, "192.0.2.1", 500, noon), 500);
    limiter_free(limiter);
    limiter_free(NULL);
    return test_done();
}
