/* base/random.h -- unguessable bytes (libsodium's), passed down so that tests can choose them.
 *
 *     str token = random_token(rng, arena, 16);      // 32 hex digits
 *
 * `struct rng` with a NULL fill is the system's; a test gives its own and gets the same every run.
 * Call random_start once in main before any thread.
 *
 * Threads: the system's, any; a test's, the test's. */
#pragma once
#include "base/str.h"

struct rng {
    void (*fill)(void *ctx, void *bytes, size_t len); /* NULL: the system's */
    void *ctx;
};
extern const struct rng rng_system;

void random_start(void);
void random_fill(const struct rng *rng, void *bytes, size_t len);
uint64_t random_u64(const struct rng *rng);
/* `bytes` random bytes as twice as many lower-case hex digits. */
str random_token(const struct rng *rng, struct arena *arena, size_t bytes);
/* A version 4 UUID, 36 characters (RFC 9562 §5.4). */
str random_uuid(const struct rng *rng, struct arena *arena);
