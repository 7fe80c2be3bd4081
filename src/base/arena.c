/* SPDX-License-Identifier: MIT
 *
 * A chain of blocks, each twice the last until BLOCK_MAX; big pieces get a block of their own size.
 * Blocks are zeroed when handed out, not when made, so a reset costs nothing. Under the address
 * sanitizer what is not handed out is poisoned. */
#include "base/arena.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(ptr, len)   ASAN_POISON_MEMORY_REGION((ptr), (len))
#define UNPOISON(ptr, len) ASAN_UNPOISON_MEMORY_REGION((ptr), (len))
#else
#define POISON(ptr, len)   ((void)0)
#define UNPOISON(ptr, len) ((void)0)
#endif

enum { BLOCK_MAX = 1024 * 1024 };

struct block {
    struct block *older;
    size_t size;
    size_t used;
    _Alignas(max_align_t) char data[];
};

struct arena {
    struct block *newest;
    size_t bytes;      /* of all blocks */
    size_t next_block; /* size of the next one */
};

static struct block *block_new(struct arena *arena, size_t size)
{
    struct block *block = malloc(size_add(sizeof(*block), size));
    CHECK(block != NULL);
    block->older = arena->newest;
    block->size = size;
    block->used = 0;
    POISON(block->data, size);
    arena->newest = block;
    arena->bytes += size + sizeof(*block);
    return block;
}

static void block_drop_newest(struct arena *arena)
{
    struct block *block = arena->newest;
    arena->newest = block->older;
    arena->bytes -= block->size + sizeof(*block);
    UNPOISON(block->data, block->size);
    free(block);
}

struct arena *arena_new(size_t first_block_bytes)
{
    CHECK(first_block_bytes > 0);
    struct arena *arena = calloc(1, sizeof(*arena));
    CHECK(arena != NULL);
    arena->next_block = first_block_bytes;
    block_new(arena, first_block_bytes);
    return arena;
}

void arena_free(struct arena *arena)
{
    if (arena == NULL)
        return;
    while (arena->newest != NULL)
        block_drop_newest(arena);
    free(arena);
}

void arena_reset(struct arena *arena)
{
    while (arena->newest->older != NULL)
        block_drop_newest(arena);
    arena->newest->used = 0;
    arena->next_block = arena->newest->size;
    POISON(arena->newest->data, arena->newest->size);
}

void *arena_alloc(struct arena *arena, size_t bytes, size_t align)
{
    CHECK(align != 0 && (align & (align - 1)) == 0 && align <= _Alignof(max_align_t));
    struct block *block = arena->newest;
    size_t at = size_add(block->used, align - 1) & ~(align - 1);
    if (at > block->size || bytes > block->size - at) {
        if (arena->next_block < BLOCK_MAX)
            arena->next_block *= 2;
        block = block_new(arena, bytes > arena->next_block ? bytes : arena->next_block);
        at = 0;
    }
    block->used = at + bytes;
    UNPOISON(block->data + at, bytes);
    return memset(block->data + at, 0, bytes);
}

void *arena_grow(struct arena *arena, void *old, size_t old_bytes, size_t new_bytes, size_t align)
{
    CHECK(new_bytes >= old_bytes);
    struct block *block = arena->newest;
    bool newest = old != NULL && (char *)old + old_bytes == block->data + block->used;
    if (newest && new_bytes - old_bytes <= block->size - block->used) {
        UNPOISON(block->data + block->used, new_bytes - old_bytes);
        memset(block->data + block->used, 0, new_bytes - old_bytes);
        block->used += new_bytes - old_bytes;
        return old;
    }
    void *grown = arena_alloc(arena, new_bytes, align);
    if (old_bytes > 0)
        memcpy(grown, old, old_bytes);
    return grown;
}

size_t arena_bytes(const struct arena *arena)
{
    return arena->bytes + sizeof(*arena);
}

struct arena_mark arena_mark(const struct arena *arena)
{
    return (struct arena_mark){arena->newest, arena->newest->used};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    while (arena->newest != mark.block)
        block_drop_newest(arena);
    arena->newest->used = mark.used;
    POISON(arena->newest->data + mark.used, arena->newest->size - mark.used);
}
