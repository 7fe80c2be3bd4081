/* SPDX-License-Identifier: MIT
 *
 * Ghost's ids are those of MongoDB, which it once used: four bytes of time, then eight that are
 * unlike. Themes and API clients only compare them. */
#include "base/arena.h"
#include "base/buf.h"
#include "base/random.h"
#include "news/news.h"

str ghost_id_new(const struct rng *rng, struct arena *arena, time_us made)
{
    uint32_t seconds = (uint32_t)((uint64_t)(made / TIME_SECOND) & UINT32_MAX);
    return str_format(arena, "%08x%016llx", seconds, (unsigned long long)random_u64(rng));
}

bool ghost_id_valid(str text)
{
    if (text.len != GHOST_ID_LEN)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (!ascii_is_digit(c) && !(c >= 'a' && c <= 'f'))
            return false;
    }
    return true;
}
