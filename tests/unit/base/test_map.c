/* SPDX-License-Identifier: MIT */
#include "base/map.h"

#include "base/arena.h"
#include "tests/check.h"

int main(void)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct map map;
    static int values[1000];

    map_init(&map, arena);
    EXPECT(map_get(&map, S("a")) == NULL);
    for (int i = 0; i < 1000; i++)
        EXPECT(map_set(&map, str_format(arena, "key %d", i), &values[i]) == NULL);
    EXPECT(map_set(&map, S("key 7"), &values[8]) == &values[7]);
    EXPECT_INT(map_count(&map), 1000);
    EXPECT(map_get(&map, S("key 7")) == &values[8]);
    EXPECT(map_get(&map, S("key 999")) == &values[999]);
    EXPECT(map_get(&map, S("key 1000")) == NULL);
    EXPECT_STR(map_key(&map, 3), S("key 3"));
    EXPECT(map_set(&map, S(""), &values[0]) == NULL && map_get(&map, STR_NONE) == &values[0]);
    return test_done();
}
