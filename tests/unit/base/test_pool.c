/* SPDX-License-Identifier: MIT */
#include "base/pool.h"

#include "tests/check.h"

#include <pthread.h>
#include <stdatomic.h>

static atomic_int done;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void count_one(void *arg, size_t thread_index)
{
    (void)arg;
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    if (thread_index < 3)
        atomic_fetch_add(&done, 1);
}

int main(void)
{
    struct pool *pool = pool_new("test", 3, 1000);
    for (int i = 0; i < 1000; i++)
        EXPECT(pool_add(pool, count_one, NULL));
    pool_stop(pool); /* what is queued is still done */
    EXPECT_INT(atomic_load(&done), 1000);

    pool = pool_new("test", 1, 2);
    pthread_mutex_lock(&gate);
    int taken = 0;
    for (int i = 0; i < 10; i++)
        taken += pool_add(pool, count_one, NULL);
    EXPECT(taken == 2 || taken == 3); /* two queued, perhaps one begun */
    pthread_mutex_unlock(&gate);
    pool_stop(pool);
    EXPECT_INT(atomic_load(&done), 1000 + taken);
    return test_done();
}
