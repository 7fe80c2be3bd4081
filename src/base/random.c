/* SPDX-License-Identifier: MIT */
#include "base/random.h"

#include "base/arena.h"

#include <sodium.h>

const struct rng rng_system = {.fill = NULL};

void random_start(void)
{
    CHECK(sodium_init() >= 0);
}

void random_fill(const struct rng *rng, void *bytes, size_t len)
{
    if (rng->fill != NULL)
        rng->fill(rng->ctx, bytes, len);
    else
        randombytes_buf(bytes, len);
}

uint64_t random_u64(const struct rng *rng)
{
    uint64_t n;
    random_fill(rng, &n, sizeof(n));
    return n;
}

static str to_hex(struct arena *arena, const unsigned char *bytes, size_t len)
{
    char *text = arena_alloc(arena, size_add(size_mul(len, 2), 1), 1);
    sodium_bin2hex(text, len * 2 + 1, bytes, len);
    return (str){text, len * 2};
}

str random_token(const struct rng *rng, struct arena *arena, size_t bytes)
{
    unsigned char raw[64];
    CHECK(bytes <= sizeof(raw));
    random_fill(rng, raw, bytes);
    return to_hex(arena, raw, bytes);
}

str random_uuid(const struct rng *rng, struct arena *arena)
{
    unsigned char raw[16];
    random_fill(rng, raw, sizeof(raw));
    raw[6] = (unsigned char)((raw[6] & 0x0F) | 0x40);
    raw[8] = (unsigned char)((raw[8] & 0x3F) | 0x80);
    str h = to_hex(arena, raw, sizeof(raw));
    return str_format(arena, "%.8s-%.4s-%.4s-%.4s-%.12s", h.ptr, h.ptr + 8, h.ptr + 12, h.ptr + 16,
                      h.ptr + 20);
}
