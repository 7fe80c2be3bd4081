/* SPDX-License-Identifier: MIT */
#include "site/referrers.h"

#include "http/request.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = REFERRERS_HELD * 2 };
static_assert((SLOTS & (SLOTS - 1)) == 0, "a power of two");

struct entry {
    int64_t story; /* 0: free */
    uint32_t reads;
    uint8_t host_len;
    char host[REFERRER_HOST_MAX];
};

struct table {
    size_t used;
    struct entry entries[SLOTS];
};

struct referrers {
    size_t count;
    _Atomic(struct table *) *places; /* NULL for the moment somebody counts */
};

static struct table *table_new(void)
{
    struct table *table = calloc(1, sizeof(*table));
    CHECK(table != NULL);
    return table;
}

struct referrers *referrers_new(size_t places)
{
    struct referrers *referrers = malloc(sizeof(*referrers));
    CHECK(referrers != NULL);
    referrers->count = places;
    referrers->places = calloc(places, sizeof(*referrers->places));
    CHECK(referrers->places != NULL);
    for (size_t i = 0; i < places; i++)
        atomic_init(&referrers->places[i], table_new());
    return referrers;
}

void referrers_free(struct referrers *referrers)
{
    if (referrers == NULL)
        return;
    for (size_t i = 0; i < referrers->count; i++)
        free(atomic_load(&referrers->places[i]));
    free(referrers->places);
    free(referrers);
}

/* ---- the host ---- */

static str without_port(str host)
{
    size_t colon = str_find_char(host, ':');
    return colon == STR_NPOS ? host : str_sub(host, 0, colon);
}

static str without_www(str host)
{
    return str_starts_nocase(host, S("www.")) ? str_from(host, 4) : host;
}

/* A name of letters, digits, '-', '.' and '_', with a dot inside and not all digits. */
static bool is_name(str host)
{
    bool dot = false, letter = false;
    for (size_t i = 0; i < host.len; i++) {
        char c = host.ptr[i];
        dot |= c == '.' && i > 0 && i + 1 < host.len;
        letter |= ascii_is_alpha(c);
        if (!ascii_is_alnum(c) && c != '-' && c != '.' && c != '_')
            return false;
    }
    return dot && letter && host.len <= REFERRER_HOST_MAX;
}

bool referrer_host(str referer, str own, char space[REFERRER_HOST_MAX], str *ret_host)
{
    size_t at = str_find(referer, S("://"));
    if (at == STR_NPOS)
        return false;
    str scheme = str_sub(referer, 0, at);
    if (!str_eq_nocase(scheme, S("https")) && !str_eq_nocase(scheme, S("http")) &&
        !str_eq_nocase(scheme, S("android-app")))
        return false;
    str host = str_from(referer, at + 3);
    for (size_t i = 0; i < host.len; i++) {
        if (host.ptr[i] == '/' || host.ptr[i] == '?' || host.ptr[i] == '#')
            host.len = i;
    }
    size_t user = str_rfind_char(host, '@');
    if (user != STR_NPOS)
        host = str_from(host, user + 1);
    host = without_www(without_port(host));
    if (host.len == 0 || str_eq_nocase(host, without_www(without_port(own))))
        return false;
    *ret_host = STR_NONE;
    if (!is_name(host))
        return true;
    for (size_t i = 0; i < host.len; i++)
        space[i] = ascii_lower(host.ptr[i]);
    *ret_host = (str){space, host.len};
    return true;
}

/* ---- counting ---- */

static struct entry *find(struct table *table, int64_t story, str host)
{
    uint64_t hash = ((uint64_t)story ^ str_hash(host)) * 0x9E3779B97F4A7C15u;
    size_t at = (size_t)(hash >> 32) & (SLOTS - 1);
    for (;;) {
        struct entry *entry = &table->entries[at];
        if (entry->story == 0 ||
            (entry->story == story && str_eq((str){entry->host, entry->host_len}, host)))
            return entry;
        at = (at + 1) & (SLOTS - 1);
    }
}

static void count(struct table *table, int64_t story, str host)
{
    struct entry *entry = find(table, story, host);
    if (entry->story == 0 && table->used >= REFERRERS_HELD && host.len > 0) {
        host = STR_NONE;
        entry = find(table, story, host);
    }
    if (entry->story == 0) {
        if (table->used >= REFERRERS_HELD)
            return;
        table->used++;
        entry->story = story;
        entry->host_len = (uint8_t)host.len;
        if (host.len > 0)
            memcpy(entry->host, host.ptr, host.len);
    }
    entry->reads++;
}

void referrers_note(struct referrers *referrers, size_t place, int64_t story,
                    const struct http_request *req)
{
    char space[REFERRER_HOST_MAX];
    str host;
    if (story == 0 || !http_request_has(req, HTTP_REFERER) ||
        !referrer_host(http_request_header(req, HTTP_REFERER), req->host, space, &host))
        return;
    CHECK(place < referrers->count);
    struct table *table;
    while ((table = atomic_exchange_explicit(&referrers->places[place], NULL,
                                             memory_order_acquire)) == NULL)
        (void)sched_yield();
    count(table, story, host);
    atomic_store_explicit(&referrers->places[place], table, memory_order_release);
}

void referrers_drain(struct referrers *referrers,
                     void (*each)(void *ctx, int64_t story, str host, int64_t reads), void *ctx)
{
    for (size_t i = 0; i < referrers->count; i++) {
        struct table *fresh = table_new();
        struct table *table = atomic_load(&referrers->places[i]);
        while (table == NULL ||
               !atomic_compare_exchange_weak(&referrers->places[i], &table, fresh)) {
            (void)sched_yield();
            if (table == NULL)
                table = atomic_load(&referrers->places[i]);
        }
        for (size_t k = 0; table->used > 0 && k < SLOTS; k++) {
            const struct entry *entry = &table->entries[k];
            if (entry->story != 0)
                each(ctx, entry->story, (str){entry->host, entry->host_len}, entry->reads);
        }
        free(table);
    }
}
