/* base/map.h -- a table from text to a pointer, in an arena.
 *
 *     struct map tags;
 *     map_init(&tags, arena);
 *     map_set(&tags, slug, tag);          // the key is copied into the arena
 *     struct tag *t = map_get(&tags, slug);
 *     for (size_t i = 0; i < map_count(&tags); i++) use(map_key(&tags, i), map_value(&tags, i));
 *
 * Keys may come from outside: the hash is keyed (SipHash-2-4 by libsodium) with a key drawn once a
 * process, so that nobody can choose keys that collide. Order of entry is kept. Values are never
 * NULL. No removal: what forgets keeps its own table.
 *
 * Threads: one at a time; reading a finished map, any. */
#pragma once
#include "base/str.h"

struct arena;
struct map_entry;

struct map {
    struct arena *arena;
    struct map_entry *entries;
    uint32_t *slots; /* index + 1 into entries, 0 is free */
    size_t count;
    size_t entries_cap;
    size_t slots_count; /* a power of two */
};

void map_init(struct map *map, struct arena *arena);
void *map_get(const struct map *map, str key); /* NULL: not there */
/* Returns what stood there before, or NULL. */
void *map_set(struct map *map, str key, void *value);
size_t map_count(const struct map *map);
str map_key(const struct map *map, size_t index);
void *map_value(const struct map *map, size_t index);

/* The keyed hash itself, for tables of another shape over keys from outside. */
uint64_t map_hash(str key);
