/* SPDX-License-Identifier: MIT
 *
 * The disk is full; the Nth call of the store's fails; the Nth change of a file fails. Whatever it
 * was: what was acknowledged stays, what was refused is not half there, and afterwards, when the
 * cause is gone, writing goes on. */
#include "tests/integration/store/replies.h"
#include "tests/integration/store/shadow.h"

#include <sys/stat.h>

enum { WRITES = 12, CALLS_MAX = 2000 };

static struct replies replies;

static str new_site(const char *name)
{
    static char path[PATH_MAX];
    (void)snprintf(path, sizeof(path), "%s/%s", fixture_dir, name);
    CHECK(mkdir(path, 0700) == 0);
    shadow_start(path);
    (void)snprintf(path, sizeof(path), "%s/%s/site.db", fixture_dir, name);
    replies = (struct replies){0};
    return str_from_c(path);
}

static void send_and_wait(struct store *store, int first, int count)
{
    for (int i = 0; i < count; i++) {
        replies_send(&replies, store, first + i);
        if (i % 3 == 2) /* some alone, some together */
            replies_wait(&replies, first + i);
    }
    replies_wait(&replies, first + count - 1);
}

/* ---- a full disk ---- */

static void disk_full(int64_t bytes)
{
    char name[32];
    (void)snprintf(name, sizeof(name), "full-%lld", (long long)bytes);
    struct store_options options = fixture_options(new_site(name));
    struct store *store = fixture_open(&options);
    send_and_wait(store, 1, 5);
    shadow_bytes_left(bytes);
    send_and_wait(store, 6, 100);
    EXPECT(replies.failed > 0);
    EXPECT(replies.last.status == ST_IO);
    EXPECT(str_contains(str_from_c(replies.last.text), S("the disk is full")));
    (void)!store_checkpoint(store, NULL);
    EXPECT_INT(replies_lost(&replies, store), 0); /* readers still read */
    EXPECT_INT(replies_ghosts(&replies, store), 0);

    shadow_bytes_left(INT64_MAX);
    int before = replies.ok;
    send_and_wait(store, 106, 5);
    EXPECT_INT(replies.ok - before, 5);
    store_close(store);
    store = fixture_open(&options);
    EXPECT_INT(replies_lost(&replies, store), 0);
    EXPECT_INT(replies_ghosts(&replies, store), 0);
    store_close(store);
}

/* ---- calls ---- */

struct countdown {
    _Atomic int left;
};

static bool fail_nth(void *ctx, const char *call)
{
    (void)call;
    struct countdown *countdown = ctx;
    return --countdown->left == 0;
}

/* Opens, writes, tidies, closes. */
static enum status short_life(const struct store_options *options)
{
    struct error err = ERROR_INIT;
    struct store *store = NULL;
    enum status st = store_open(options, &store, &err);
    if (st != ST_OK)
        return st;
    send_and_wait(store, 1, WRITES);
    (void)!store_checkpoint(store, NULL);
    store_close(store);
    return replies.failed > 0 ? ST_IO : ST_OK;
}

static int calls_fail(void)
{
    for (int n = 1; n < CALLS_MAX; n++) {
        char name[32];
        (void)snprintf(name, sizeof(name), "call-%d", n);
        struct store_options options = fixture_options(new_site(name));
        struct countdown countdown = {.left = n};
        options.fault = fail_nth;
        options.fault_ctx = &countdown;
        (void)!short_life(&options);
        options.fault = NULL;
        AUTO(store_closep) struct store *store = fixture_open(&options);
        EXPECT_INT(replies_lost(&replies, store), 0);
        EXPECT_INT(replies_ghosts(&replies, store), 0);
        if (countdown.left > 0)
            return n - 1;
    }
    EXPECT_INT(CALLS_MAX, 0); /* there was no end */
    return 0;
}

/* As on a disk with a bad spot. A write refused because its sync failed may be there after a
 * restart all the same (nobody was told that it is, or that it is not): it is whole, then. */
static int files_fail(void)
{
    for (int n = 1; n < CALLS_MAX; n++) {
        char name[32];
        (void)snprintf(name, sizeof(name), "file-%d", n);
        struct store_options options = fixture_options(new_site(name));
        shadow_fail_nth(n);
        (void)!short_life(&options);
        bool failed = shadow_failed();
        shadow_fail_nth(0);
        AUTO(store_closep) struct store *store = fixture_open(&options);
        EXPECT_INT(replies_lost(&replies, store), 0);
        if (!failed)
            return n - 1;
    }
    EXPECT_INT(CALLS_MAX, 0); /* there was no end */
    return 0;
}

int main(void)
{
    fixture_start_in("/dev/shm");
    for (int64_t bytes = 0; bytes < 150000; bytes = bytes * 2 + 5000)
        disk_full(bytes);
    int calls = calls_fail();
    printf("each of %d calls failed once, and nothing was half done\n", calls);
    EXPECT(calls > 50);
    int changes = files_fail();
    printf("each of %d changes of files failed once, and nothing was lost\n", changes);
    EXPECT(changes > 50);
    return test_done();
}
