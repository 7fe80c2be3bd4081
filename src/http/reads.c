/* SPDX-License-Identifier: MIT */
#include "http/reads.h"

#include "base/check.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

enum { READS_FIRST = 256 };

struct entry {
    int64_t id; /* 0: free */
    uint64_t count;
};

struct table {
    struct entry *entries;
    size_t cap; /* a power of two */
    size_t used;
};

struct http_reads {
    size_t count;
    _Atomic(struct table *) *places; /* NULL for the moment somebody counts */
};

static struct table *table_new(size_t cap)
{
    struct table *table = malloc(sizeof(*table));
    CHECK(table != NULL);
    *table = (struct table){.entries = calloc(cap, sizeof(struct entry)), .cap = cap};
    CHECK(table->entries != NULL);
    return table;
}

static void table_free(struct table *table)
{
    if (table != NULL)
        free(table->entries);
    free(table);
}

static struct entry *table_find(struct table *table, int64_t id)
{
    /* Ids are ours, and small: spread them by a multiplication (Knuth 6.4). */
    size_t at = (size_t)((uint64_t)id * 0x9E3779B97F4A7C15u >> 32) & (table->cap - 1);
    while (table->entries[at].id != 0 && table->entries[at].id != id)
        at = (at + 1) & (table->cap - 1);
    return &table->entries[at];
}

static void table_grow(struct table *table)
{
    struct table *bigger = table_new(table->cap * 2);
    for (size_t i = 0; i < table->cap; i++) {
        if (table->entries[i].id != 0)
            *table_find(bigger, table->entries[i].id) = table->entries[i];
    }
    free(table->entries);
    table->entries = bigger->entries;
    table->cap = bigger->cap;
    free(bigger);
}

struct http_reads *http_reads_new(size_t places)
{
    struct http_reads *reads = malloc(sizeof(*reads));
    CHECK(reads != NULL);
    reads->count = places;
    reads->places = calloc(places, sizeof(*reads->places));
    CHECK(reads->places != NULL);
    for (size_t i = 0; i < places; i++)
        atomic_init(&reads->places[i], table_new(READS_FIRST));
    return reads;
}

void http_reads_free(struct http_reads *reads)
{
    if (reads == NULL)
        return;
    for (size_t i = 0; i < reads->count; i++)
        table_free(atomic_load(&reads->places[i]));
    free(reads->places);
    free(reads);
}

void http_reads_add(struct http_reads *reads, size_t place, int64_t id)
{
    CHECK(place < reads->count);
    CHECK(id != 0);
    struct table *table;
    while ((table = atomic_exchange_explicit(&reads->places[place], NULL, memory_order_acquire)) ==
           NULL)
        (void)sched_yield();
    struct entry *entry = table_find(table, id);
    if (entry->id == 0 && table->used < HTTP_READS_IDS) {
        if (table->used * 2 >= table->cap) {
            table_grow(table);
            entry = table_find(table, id);
        }
        entry->id = id;
        table->used++;
    }
    if (entry->id == id)
        entry->count++;
    atomic_store_explicit(&reads->places[place], table, memory_order_release);
}

void http_reads_drain(struct http_reads *reads,
                      void (*each)(void *ctx, int64_t id, uint64_t reads_of_it), void *ctx)
{
    for (size_t i = 0; i < reads->count; i++) {
        struct table *fresh = table_new(READS_FIRST);
        struct table *table = atomic_load(&reads->places[i]);
        while (table == NULL || !atomic_compare_exchange_weak(&reads->places[i], &table, fresh)) {
            (void)sched_yield();
            if (table == NULL)
                table = atomic_load(&reads->places[i]);
        }
        for (size_t k = 0; k < table->cap; k++) {
            if (table->entries[k].id != 0)
                each(ctx, table->entries[k].id, table->entries[k].count);
        }
        table_free(table);
    }
}
