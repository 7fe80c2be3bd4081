/* SPDX-License-Identifier: MIT
 *
 * Open addressing over indexes, entries in a row beside them: order is kept and a grow moves
 * four bytes a key. */
#include "base/map.h"

#include "base/arena.h"

#include <pthread.h>
#include <sodium.h>

struct map_entry {
    str key;
    void *value;
    uint64_t hash;
};

static unsigned char hash_key[crypto_shorthash_KEYBYTES];
static pthread_once_t hash_key_once = PTHREAD_ONCE_INIT;

static void hash_key_draw(void)
{
    CHECK(sodium_init() >= 0);
    randombytes_buf(hash_key, sizeof(hash_key));
}

uint64_t map_hash(str key)
{
    uint64_t hash;
    static_assert(crypto_shorthash_BYTES == sizeof(hash), "one word");
    (void)pthread_once(&hash_key_once, hash_key_draw);
    (void)crypto_shorthash((unsigned char *)&hash, (const unsigned char *)key.ptr, key.len,
                           hash_key);
    return hash;
}

void map_init(struct map *map, struct arena *arena)
{
    *map = (struct map){.arena = arena};
}

/* The slot that holds the key, or the free one where it would go. */
static uint32_t *slot_of(const struct map *map, str key, uint64_t hash)
{
    size_t mask = map->slots_count - 1;
    for (size_t i = (size_t)hash & mask;; i = (i + 1) & mask) {
        uint32_t *slot = &map->slots[i];
        if (*slot == 0)
            return slot;
        const struct map_entry *e = &map->entries[*slot - 1];
        if (e->hash == hash && str_eq(e->key, key))
            return slot;
    }
}

void *map_get(const struct map *map, str key)
{
    if (map->count == 0)
        return NULL;
    const uint32_t *slot = slot_of(map, key, map_hash(key));
    return *slot == 0 ? NULL : map->entries[*slot - 1].value;
}

static void grow(struct map *map)
{
    size_t slots = map->slots_count == 0 ? 16 : size_mul(map->slots_count, 2);
    size_t cap = slots / 2;
    map->entries =
        arena_grow(map->arena, map->entries, size_mul(map->entries_cap, sizeof(*map->entries)),
                   size_mul(cap, sizeof(*map->entries)), _Alignof(struct map_entry));
    map->entries_cap = cap;
    map->slots = arena_new_array(map->arena, uint32_t, slots);
    map->slots_count = slots;
    for (size_t i = 0; i < map->count; i++) {
        const struct map_entry *e = &map->entries[i];
        *slot_of(map, e->key, e->hash) = u32_from_size(i + 1);
    }
}

void *map_set(struct map *map, str key, void *value)
{
    CHECK(value != NULL);
    if (map->count == map->entries_cap)
        grow(map);
    uint64_t hash = map_hash(key);
    uint32_t *slot = slot_of(map, key, hash);
    if (*slot != 0) {
        struct map_entry *e = &map->entries[*slot - 1];
        void *before = e->value;
        e->value = value;
        return before;
    }
    map->entries[map->count] =
        (struct map_entry){.key = str_copy(map->arena, key), .value = value, .hash = hash};
    map->count++;
    *slot = u32_from_size(map->count);
    return NULL;
}

size_t map_count(const struct map *map)
{
    return map->count;
}

str map_key(const struct map *map, size_t index)
{
    CHECK(index < map->count);
    return map->entries[index].key;
}

void *map_value(const struct map *map, size_t index)
{
    CHECK(index < map->count);
    return map->entries[index].value;
}
