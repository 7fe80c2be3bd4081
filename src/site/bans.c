/* SPDX-License-Identifier: MIT */
#include "site/bans.h"

#include "base/check.h"
#include "news/ban.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct bans {
    _Atomic uint64_t wanted;
    pthread_mutex_t lock; /* guards everything below */
    uint64_t loaded;      /* the number that `list` was loaded at */
    struct ban_list *list;
};

struct bans *bans_new(void)
{
    struct bans *bans = calloc(1, sizeof(*bans));
    CHECK(bans != NULL);
    CHECK(pthread_mutex_init(&bans->lock, NULL) == 0);
    atomic_init(&bans->wanted, 1);
    return bans;
}

void bans_free(struct bans *bans)
{
    if (bans == NULL)
        return;
    ban_list_unref(bans->list);
    (void)pthread_mutex_destroy(&bans->lock);
    free(bans);
}

uint64_t bans_wanted(struct bans *bans)
{
    return atomic_load(&bans->wanted);
}

void bans_changed(struct bans *bans)
{
    (void)atomic_fetch_add(&bans->wanted, 1);
}

/* Loading is done under the lock: replies that come meanwhile wait for the one load, a few ms at most. */
enum status bans_current(struct bans *bans, struct store_conn *conn, uint64_t wanted,
                         struct ban_list **ret_list, struct error *err)
{
    enum status st = ST_OK;
    pthread_mutex_lock(&bans->lock);
    if (bans->loaded < wanted) {
        struct ban_list *fresh = NULL;
        st = ban_list_load(conn, &fresh, err);
        if (st == ST_OK) {
            ban_list_unref(bans->list);
            bans->list = fresh;
            bans->loaded = wanted;
        }
    }
    if (st == ST_OK)
        *ret_list = ban_list_ref(bans->list);
    pthread_mutex_unlock(&bans->lock);
    return st;
}
