/* SPDX-License-Identifier: MIT
 *
 * The power goes at every sync. From making the database to its last write, each time something is
 * about to be synced, the disk is imagined as it might be found afterwards: with nothing of what
 * was not synced, with all of it, with the first so many writes, with sectors at random. Each image
 * is opened as the program would open it after a restart: it must be whole, and hold every write
 * that had been acknowledged by then. */
#include "tests/integration/store/replies.h"
#include "tests/integration/store/shadow.h"

#include <pthread.h>
#include <sys/stat.h>

enum { THREADS = 4, WRITES_EACH = 60, RANDOM_IMAGES = 2 };

struct watch {
    struct replies *replies;
    bool lie; /* only what was sure: the rest would be damage, and is not asked about */
    int syncs;
    int images;
    int lost;
};

static void empty_folder(const char *dir)
{
    (void)nftw(dir, fixture_unlink, 8, FTW_DEPTH | FTW_PHYS);
    CHECK(mkdir(dir, 0700) == 0);
}

static void image_check(struct watch *watch, enum shadow_keep keep, uint64_t seed)
{
    char dir[PATH_MAX];
    char path[PATH_MAX];
    (void)snprintf(dir, sizeof(dir), "%s/image", fixture_dir);
    (void)snprintf(path, sizeof(path), "%s/image/site.db", fixture_dir);
    empty_folder(dir);
    shadow_image(dir, keep, seed);
    struct store_options options = fixture_options(str_from_c(path));
    struct error err = ERROR_INIT;
    AUTO(store_closep) struct store *store = NULL;
    EXPECT_ST(store_open(&options, &store, &err), ST_OK, &err);
    if (store == NULL) {
        watch->lost++;
        return;
    }
    watch->lost += replies_lost(watch->replies, store);
    watch->images++;
}

static void on_sync(void *ctx)
{
    struct watch *watch = ctx;
    uint64_t seed = (uint64_t)++watch->syncs;
    image_check(watch, SHADOW_NONE, seed);
    if (watch->lie)
        return;
    image_check(watch, SHADOW_ALL, seed);
    image_check(watch, SHADOW_PREFIX, seed);
    for (uint64_t i = 0; i < RANDOM_IMAGES; i++)
        image_check(watch, SHADOW_RANDOM, seed * 1000 + i);
}

struct sender {
    struct replies *replies;
    struct store *store;
    int first;
};

static void *send_all(void *arg)
{
    const struct sender *sender = arg;
    for (int i = 0; i < WRITES_EACH; i++) {
        const int number = sender->first + i;
        replies_send(sender->replies, sender->store, number);
        while (i % 4 != 3 && !sender->replies->acknowledged[number] &&
               !sender->replies->refused[number])
            (void)usleep(100);
    }
    return NULL;
}

static void *checkpoint_often(void *arg)
{
    struct sender *sender = arg;
    struct error err = ERROR_INIT;
    while (sender->replies->ok + sender->replies->failed < THREADS * WRITES_EACH) {
        EXPECT_ST(store_checkpoint(sender->store, &err), ST_OK, &err);
        (void)usleep(20000);
    }
    return NULL;
}

static struct watch life(const char *name, bool lie)
{
    static struct replies replies;
    replies = (struct replies){0};
    struct watch watch = {.replies = &replies, .lie = lie};
    char dir[PATH_MAX];
    char path[PATH_MAX];
    (void)snprintf(dir, sizeof(dir), "%s/%s", fixture_dir, name);
    (void)snprintf(path, sizeof(path), "%s/%s/site.db", fixture_dir, name);
    empty_folder(dir);
    shadow_start(dir);
    shadow_on_sync(lie ? NULL : on_sync, &watch);

    struct store_options options = fixture_options(str_from_c(path));
    struct store *store = fixture_open(&options);
    if (lie) {
        shadow_lie(true);
        shadow_on_sync(on_sync, &watch);
    }
    pthread_t threads[THREADS + 1];
    struct sender senders[THREADS + 1];
    for (int i = 0; i <= THREADS; i++) {
        senders[i] = (struct sender){&replies, store, 1 + i * WRITES_EACH};
        CHECK(pthread_create(&threads[i], NULL, i < THREADS ? send_all : checkpoint_often,
                             &senders[i]) == 0);
    }
    for (int i = 0; i <= THREADS; i++)
        (void)pthread_join(threads[i], NULL);
    replies_wait(&replies, THREADS * WRITES_EACH);
    EXPECT_INT(replies.failed, 0);
    store_close(store);
    shadow_on_sync(NULL, NULL);
    return watch;
}

int main(void)
{
    fixture_start_in("/dev/shm");
    struct watch honest = life("honest", false);
    printf("%d syncs, %d images, %d acknowledged writes lost\n", honest.syncs, honest.images,
           honest.lost);
    EXPECT_INT(honest.lost, 0);
    EXPECT(honest.syncs > 60);

    /* That the test can see a loss: on a disk that only says it has synced, there are some. */
    struct watch lying = life("lying", true);
    printf("on a disk that lies: %d lost\n", lying.lost);
    EXPECT(lying.lost > 0);
    return test_done();
}
