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

/* What follows the scheme, of those that readers come by; empty: another, or none. This and the next run for
 * every page that somebody came to from another: nothing is looked at twice. */
static str after_scheme(str referer)
{
    static const str schemes[] = {STR_INIT("https://"), STR_INIT("http://"),
                                  STR_INIT("android-app://")};
    for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
        if (str_starts(referer, schemes[i])) /* as browsers write them */
            return str_from(referer, schemes[i].len);
    }
    return STR_NONE;
}

/* Most readers come from a page of this site, named as the request names it. */
static bool begins_with_own(str rest, str own)
{
    return own.len > 0 && rest.len >= own.len && memcmp(rest.ptr, own.ptr, own.len) == 0 &&
           (rest.len == own.len || rest.ptr[own.len] == '/');
}

/* "ida:secret@www.rain.example:443/a" -> "rain.example". */
static str host_of(str rest)
{
    size_t from = 0, end = 0, port = STR_NPOS;
    for (; end < rest.len; end++) {
        char c = rest.ptr[end];
        if (c == '/' || c == '?' || c == '#')
            break;
        if (c == ':' && port == STR_NPOS)
            port = end;
        if (c == '@') {
            from = end + 1;
            port = STR_NPOS;
        }
    }
    str host = str_sub(rest, from, (port == STR_NPOS ? end : port) - from);
    return str_starts_nocase(host, S("www.")) ? str_from(host, 4) : host;
}

/* A name of letters, digits, '-', '.' and '_', with a dot inside and a letter: copied in small letters. */
static str copy_name(str host, char space[REFERRER_HOST_MAX])
{
    bool dot = false, letter = false;
    if (host.len > REFERRER_HOST_MAX)
        return STR_NONE;
    for (size_t i = 0; i < host.len; i++) {
        char c = ascii_lower(host.ptr[i]);
        if (c >= 'a' && c <= 'z')
            letter = true;
        else if (c == '.')
            dot |= i > 0 && i + 1 < host.len;
        else if (!ascii_is_digit(c) && c != '-' && c != '_')
            return STR_NONE;
        space[i] = c;
    }
    return dot && letter ? (str){space, host.len} : STR_NONE;
}

bool referrer_host(str referer, str own, char space[REFERRER_HOST_MAX], str *ret_host)
{
    str rest = after_scheme(referer);
    if (rest.len == 0 || begins_with_own(rest, own))
        return false;
    str host = host_of(rest);
    if (host.len == 0 || str_eq_nocase(host, host_of(own)))
        return false;
    *ret_host = copy_name(host, space);
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
