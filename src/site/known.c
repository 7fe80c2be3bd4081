/* SPDX-License-Identifier: MIT */
#include "site/known.h"

#include "base/map.h"
#include "store/store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    NAME_MAX_BYTES = 200, /* as in change_absent_name */
    BITS_A_NAME = 16,
    BITS_SET = 4, /* of each name: 16 bits and 4 of them set make one error in 420 */
    NAMES_MIN = 32768,
};

struct bits {
    struct bits *older;
    size_t names_max; /* beyond it errors become common */
    uint64_t mask;
    _Atomic uint64_t words[];
};

struct known {
    _Atomic(struct bits *) now; /* NULL before the first fill */
    atomic_bool ready;
    atomic_size_t count;
    pthread_mutex_t lock; /* guards filling and who adds; not who asks */
    struct bits *filling; /* NULL: nobody is */
    bool unsure;          /* `all` came while somebody was filling */
};

struct known *known_new(void)
{
    struct known *known = calloc(1, sizeof(*known));
    CHECK(known != NULL);
    CHECK(pthread_mutex_init(&known->lock, NULL) == 0);
    return known;
}

void known_free(struct known *known)
{
    if (known == NULL)
        return;
    struct bits *bits = atomic_load(&known->now);
    while (bits != NULL) {
        struct bits *older = bits->older;
        free(bits);
        bits = older;
    }
    (void)pthread_mutex_destroy(&known->lock);
    free(known);
}

/* ---- names ---- */

/* The last part of a path as change_absent_name has it, for a path of any form. */
static uint64_t name_hash(str path)
{
    char low[NAME_MAX_BYTES];
    while (path.len > 0 && path.ptr[path.len - 1] == '/')
        path.len--;
    size_t slash = str_rfind_char(path, '/');
    if (slash != STR_NPOS)
        path = str_from(path, slash + 1);
    path = str_sub(path, 0, sizeof(low));
    for (size_t i = 0; i < path.len; i++)
        low[i] = ascii_lower(path.ptr[i]);
    return map_hash((str){low, path.len});
}

/* Two halves of one good hash do for as many as are wanted (Kirsch and Mitzenmacher, 2006). */
static uint64_t bit_at(const struct bits *bits, uint64_t hash, uint64_t i)
{
    return ((hash & UINT32_MAX) + i * (hash >> 32 | 1)) & bits->mask;
}

static bool bits_have(const struct bits *bits, uint64_t hash)
{
    for (uint64_t i = 0; i < BITS_SET; i++) {
        uint64_t bit = bit_at(bits, hash, i);
        uint64_t word = atomic_load_explicit(&bits->words[bit / 64], memory_order_relaxed);
        if ((word >> (bit % 64) & 1) == 0)
            return false;
    }
    return true;
}

static void bits_add(struct bits *bits, uint64_t hash)
{
    for (uint64_t i = 0; i < BITS_SET; i++) {
        uint64_t bit = bit_at(bits, hash, i);
        (void)atomic_fetch_or(&bits->words[bit / 64], UINT64_C(1) << (bit % 64));
    }
}

static struct bits *bits_new(size_t names)
{
    size_t names_max = NAMES_MIN;
    while (names_max < size_mul(names, 2))
        names_max = size_mul(names_max, 2);
    size_t words = names_max * BITS_A_NAME / 64;
    struct bits *bits = calloc(1, sizeof(*bits) + size_mul(words, sizeof(uint64_t)));
    CHECK(bits != NULL);
    bits->names_max = names_max;
    bits->mask = names_max * BITS_A_NAME - 1;
    return bits;
}

/* ---- asking ---- */

/* The one form every address of ours has: lower case, no empty part, a slash at the end unless it is
 * a file's. And letters for which lower case is a table are better looked up. */
static bool form_is_plain(str path)
{
    bool dot = false;
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.ptr[i];
        if (c >= 0x80 || c == '%' || (c >= 'A' && c <= 'Z'))
            return false;
        if (c == '/' && i > 0 && path.ptr[i - 1] == '/')
            return false;
        dot = c == '.' || (c != '/' && dot);
    }
    return path.len > 1 && (dot || path.ptr[path.len - 1] == '/');
}

bool known_absent(const struct known *known, str path)
{
    if (!atomic_load(&known->ready) || !form_is_plain(path))
        return false;
    return !bits_have(atomic_load(&known->now), name_hash(path));
}

/* ---- adding ---- */

static void add_locked(struct known *known, uint64_t hash)
{
    struct bits *now = atomic_load(&known->now);
    if (now != NULL)
        bits_add(now, hash);
    if (known->filling != NULL)
        bits_add(known->filling, hash);
    (void)atomic_fetch_add(&known->count, 1);
}

void known_add_changes(struct known *known, const struct store_changes *changes)
{
    static const str absent = STR_INIT("absent:");
    pthread_mutex_lock(&known->lock);
    if (changes->all) {
        atomic_store(&known->ready, false);
        known->unsure = true;
    }
    for (size_t i = 0; !changes->all && i < changes->count; i++) {
        if (str_starts(changes->names[i], absent))
            add_locked(known, name_hash(str_from(changes->names[i], absent.len)));
    }
    pthread_mutex_unlock(&known->lock);
}

bool known_wants(const struct known *known)
{
    const struct bits *now = atomic_load(&known->now);
    return !atomic_load(&known->ready) || atomic_load(&known->count) > now->names_max;
}

/* ---- filling ---- */

/* The ends of addresses that are patterns and have no row (site/old_address.c). */
static const str patterns[] = {STR_INIT("feed"), STR_INIT("atom"), STR_INIT("rss2"),
                               STR_INIT("amp")};

static enum status count_rows(struct store_conn *conn, size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT (SELECT COUNT(*) FROM story) + (SELECT COUNT(*) FROM tag)"
                  " + (SELECT COUNT(*) FROM byline) + (SELECT COUNT(*) FROM redirect)"));
    enum status st = store_step(q, err);
    if (st == ST_OK)
        *ret_count = (size_t)store_column_int(q, 0);
    return st;
}

static enum status add_rows(struct store_conn *conn, store_sql sql, struct bits *bits,
                            size_t *count, struct error *err)
{
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, sql);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        bits_add(bits, name_hash(store_column_text(q, 0)));
        (*count)++;
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status fill(struct store_conn *conn, struct bits *bits, size_t *count,
                        struct error *err)
{
    const store_sql all[] = {SQL("SELECT slug FROM story"), SQL("SELECT slug FROM tag"),
                             SQL("SELECT slug FROM byline"), SQL("SELECT path FROM redirect")};
    enum status st = ST_OK;
    for (size_t i = 0; i < ARRAY_LEN(patterns); i++)
        bits_add(bits, name_hash(patterns[i]));
    for (size_t i = 0; i < ARRAY_LEN(all) && st == ST_OK; i++)
        st = add_rows(conn, all[i], bits, count, err);
    return st;
}

enum status known_fill(struct known *known, struct store_conn *conn, struct error *err)
{
    size_t count = 0;
    enum status st = count_rows(conn, &count, err);
    if (st != ST_OK)
        return st;
    /* From here on commits add to it: what the rows read below do not show is told by them. */
    pthread_mutex_lock(&known->lock);
    struct bits *now = atomic_load(&known->now);
    struct bits *bits = now != NULL && now->names_max >= count + count / 2 ? now : bits_new(count);
    known->filling = bits;
    known->unsure = false;
    pthread_mutex_unlock(&known->lock);
    count = 0;
    st = fill(conn, bits, &count, err);
    pthread_mutex_lock(&known->lock);
    known->filling = NULL;
    if (st == ST_OK && !known->unsure) {
        if (bits != now) {
            bits->older = now;
            atomic_store(&known->now, bits);
        }
        atomic_store(&known->count, count);
        atomic_store(&known->ready, true);
    }
    if (atomic_load(&known->now) != bits)
        free(bits);
    pthread_mutex_unlock(&known->lock);
    return st;
}
