/* base/arena.h -- memory that is given piece by piece and taken back all at once.
 *
 *     AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
 *     struct story *list = arena_new_array(arena, struct story, n);
 *     arena_reset(arena);          // the next request; keeps the first block
 *
 * What a request needs comes from its arena and goes when the request ends. Long-lived things that
 * own memory (a compiled template, the site's settings) own an arena of their own.
 *
 * arena_alloc and arena_new* return zeroed memory, never NULL: running out of memory aborts, as
 * input met a limit long before. arena_bytes tells what an arena holds, for caches that count.
 *
 * Threads: an arena belongs to one thread at a time. */
#pragma once
#include "base/check.h"
#include "base/scope.h"
#include <stddef.h>

struct arena;

enum {
    ARENA_SMALL = 1024,
    ARENA_REQUEST = 16 * 1024, /* first block of a request's arena: most pages fit in a few */
};

struct arena *arena_new(size_t first_block_bytes);
void arena_free(struct arena *arena);
DEFINE_FREEP(struct arena *, arena_free)

/* Takes everything back but the first block. Pointers into the arena are dead. */
void arena_reset(struct arena *arena);

void *arena_alloc(struct arena *arena, size_t bytes, size_t align);

/* Grows the arena's newest piece in place when it can, else copies. New bytes are zero. */
void *arena_grow(struct arena *arena, void *old, size_t old_bytes, size_t new_bytes, size_t align);

size_t arena_bytes(const struct arena *arena);

/* To give back what was taken since: p = arena_mark(a); ...; arena_rewind(a, p). */
struct arena_mark {
    void *block;
    size_t used;
};
struct arena_mark arena_mark(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);

#define arena_new_one(arena, type) ((type *)arena_alloc((arena), sizeof(type), _Alignof(type)))
#define arena_new_array(arena, type, n)                                                            \
    ((type *)arena_alloc((arena), size_mul(sizeof(type), (n)), _Alignof(type)))
