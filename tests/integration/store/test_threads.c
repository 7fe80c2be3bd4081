/* SPDX-License-Identifier: MIT
 *
 * Readers beside the writer, a poller and checkpoints, all at once: for the thread sanitizer, and
 * for what a snapshot promises. */
#include "tests/integration/store/replies.h"

#include <pthread.h>

enum { READERS = 2, SENDERS = 2, WRITES_EACH = 300 };

struct scene {
    struct store *store;
    struct replies *replies;
    atomic_bool stop;
    atomic_int next;
    atomic_int heard;
    atomic_llong seen;
};

/* Between one statement and the next nothing changes, and stories have their replies. */
static void *read_on(void *arg)
{
    struct scene *scene = arg;
    struct error err = ERROR_INIT;
    AUTO(store_reader_freep) struct store_conn *conn = fixture_reader(scene->store);
    while (!scene->stop) {
        EXPECT_ST(store_read_begin(conn, &err), ST_OK, &err);
        store_conn_deadline(conn, clock_monotonic() + 10 * TIME_SECOND);
        int64_t stories = fixture_number(conn, SQL("SELECT count(*) FROM story"));
        int64_t replies = fixture_number(conn, SQL("SELECT count(*) FROM reply"));
        EXPECT_INT(stories, replies);
        scene->seen = stories;
        store_read_end(conn);
    }
    return NULL;
}

static void *send_on(void *arg)
{
    struct scene *scene = arg;
    for (int i = 0; i < WRITES_EACH; i++) {
        int number = ++scene->next;
        replies_send(scene->replies, scene->store, number);
        while (i % 8 == 7 && !scene->replies->acknowledged[number])
            (void)usleep(100);
    }
    return NULL;
}

static void *tidy_on(void *arg)
{
    struct scene *scene = arg;
    struct error err = ERROR_INIT;
    while (!scene->stop) {
        struct store_stats stats;
        EXPECT_ST(store_checkpoint(scene->store, &err), ST_OK, &err);
        store_stats(scene->store, &stats);
        EXPECT(stats.wal_bytes < STORE_WAL_HARD_BYTES);
        (void)usleep(2000);
    }
    return NULL;
}

static void hear(void *ctx, const struct store_changes *changes)
{
    struct scene *scene = ctx;
    scene->heard += (int)changes->count;
}

int main(void)
{
    fixture_start();
    static struct replies replies;
    struct store_options options = fixture_options(fixture_path("site.db"));
    struct scene scene = {.store = fixture_open(&options), .replies = &replies};
    store_on_change(scene.store, hear, &scene);

    /* Another program, which hears of everything too. */
    struct scene other = {.store = fixture_open(&options)};
    struct store_conn *poller = fixture_reader(other.store);
    struct store_changes_pos pos;
    struct error err = ERROR_INIT;
    EXPECT_ST(store_changes_start(poller, &pos, &err), ST_OK, &err);

    pthread_t busy[READERS + 1];
    pthread_t senders[SENDERS];
    for (int i = 0; i <= READERS; i++)
        CHECK(pthread_create(&busy[i], NULL, i < READERS ? read_on : tidy_on, &scene) == 0);
    for (int i = 0; i < SENDERS; i++)
        CHECK(pthread_create(&senders[i], NULL, send_on, &scene) == 0);
    while (replies.ok + replies.failed < SENDERS * WRITES_EACH) {
        EXPECT_ST(store_changes_poll(poller, &pos, hear, &other, &err), ST_OK, &err);
        (void)usleep(1000);
    }
    scene.stop = true;
    for (int i = 0; i < SENDERS; i++)
        (void)pthread_join(senders[i], NULL);
    for (int i = 0; i <= READERS; i++)
        (void)pthread_join(busy[i], NULL);
    EXPECT_ST(store_changes_poll(poller, &pos, hear, &other, &err), ST_OK, &err);

    EXPECT_INT(replies.failed, 0);
    EXPECT_INT(scene.heard, SENDERS * WRITES_EACH);
    EXPECT_INT(other.heard, SENDERS * WRITES_EACH);
    EXPECT(scene.seen > 0);
    EXPECT_INT(replies_lost(&replies, scene.store), 0);
    store_reader_free(poller);
    store_close(other.store);
    store_close(scene.store);
    return test_done();
}
