/* SPDX-License-Identifier: MIT
 *
 * bench_writes [DIR [SECONDS]] - durable small writes a second, beside what the disk itself can do.
 *
 * A write is a reply of 300 bytes with an index and the name of its story's page. The disk's own
 * rate is that of appending 4 KB and fdatasync, again and again. Both on the disk that DIR is on. */
#include "base/arena.h"
#include "base/embedded.h"
#include "base/parse.h"
#include "base/random.h"
#include "store/store.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

enum { SUBMITTERS_MAX = 64, SAMPLES_MAX = 1 << 20 };

static const char sql[] = "CREATE TABLE reply (id INTEGER PRIMARY KEY, story BIGINT NOT NULL,"
                          "                    body TEXT NOT NULL);"
                          "CREATE INDEX reply_story ON reply (story, id);";
static const struct embedded schema[] = {{"0001_reply.sql", sql, sql + sizeof(sql) - 1}};

struct run {
    struct store *store;
    atomic_bool stop;
    atomic_int count;
    time_us *samples; /* by the order of answers */
};

static double syncs_per_second(const char *path, time_us length)
{
    char page[4096];
    memset(page, 'x', sizeof(page));
    AUTO(fd_closep) int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    CHECK(fd >= 0);
    time_us began = clock_monotonic();
    int count = 0;
    while (clock_monotonic() - began < length) {
        CHECK(write(fd, page, sizeof(page)) == sizeof(page));
        CHECK(fdatasync(fd) == 0);
        count++;
    }
    double seconds = (double)(clock_monotonic() - began) / (double)TIME_SECOND;
    (void)unlink(path);
    return count / seconds;
}

static enum status reply_insert(struct store_tx *tx, void *arg, struct error *err)
{
    const int64_t *story = arg;
    char body[300];
    char name[32];
    memset(body, 'x', sizeof(body));
    (void)snprintf(name, sizeof(name), "story:%lld", (long long)*story);
    store_tx_changed(tx, str_from_c(name));
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(tx), SQL("INSERT INTO reply (story, body) VALUES ($1, $2)"));
    store_bind_int(q, 1, *story);
    store_bind_text(q, 2, (str){body, sizeof(body)});
    return store_run(q, err);
}

static void *submit(void *arg)
{
    struct run *run = arg;
    while (!run->stop) {
        int64_t story = (int64_t)(random_u64(&rng_system) % 1000);
        time_us began = clock_monotonic();
        enum status st = store_write_wait(run->store, reply_insert, &story, NULL);
        CHECK(st == ST_OK);
        int at = run->count++;
        if (at < SAMPLES_MAX)
            run->samples[at] = clock_monotonic() - began;
    }
    return NULL;
}

static int by_time(const void *a, const void *b)
{
    const time_us x = *(const time_us *)a;
    const time_us y = *(const time_us *)b;
    return (x > y) - (x < y);
}

static void measure(struct store *store, int submitters, time_us length, double syncs)
{
    struct run run = {.store = store, .samples = calloc(SAMPLES_MAX, sizeof(time_us))};
    CHECK(run.samples != NULL);
    pthread_t threads[SUBMITTERS_MAX];
    struct store_stats before;
    struct store_stats after;
    store_stats(store, &before);
    time_us began = clock_monotonic();
    for (int i = 0; i < submitters; i++)
        CHECK(pthread_create(&threads[i], NULL, submit, &run) == 0);
    while (clock_monotonic() - began < length) {
        (void)usleep(100000);
        enum status st = store_checkpoint(store, NULL); /* as the job thread does */
        CHECK(st == ST_OK);
    }
    run.stop = true;
    for (int i = 0; i < submitters; i++)
        (void)pthread_join(threads[i], NULL);
    double seconds = (double)(clock_monotonic() - began) / (double)TIME_SECOND;
    store_stats(store, &after);
    size_t count = (size_t)run.count < SAMPLES_MAX ? (size_t)run.count : SAMPLES_MAX;
    qsort(run.samples, count, sizeof(time_us), by_time);
    double rate = (double)(after.writes - before.writes) / seconds;
    printf("%10d  %10.0f  %12.2f  %13.1f  %7.2f  %7.2f\n", submitters, rate, rate / syncs,
           (double)(after.writes - before.writes) / (double)(after.commits - before.commits),
           (double)run.samples[count / 2] / 1000, (double)run.samples[count * 99 / 100] / 1000);
    free(run.samples);
}

int main(int argc, char **argv)
{
    const char *dir = argc > 1 ? argv[1] : ".";
    int64_t seconds = 3;
    if (argc > 2 && !str_to_i64(str_from_c(argv[2]), &seconds))
        return 2;
    random_start();
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    char *folder = str_copy_c(arena, str_format(arena, "%s/bench-XXXXXX", dir));
    CHECK(mkdtemp(folder) != NULL);
    const char *file = str_copy_c(arena, str_format(arena, "%s/site.db", folder));
    const char *sync_file = str_copy_c(arena, str_format(arena, "%s/sync", folder));
    struct store *store = NULL;
    struct error err = ERROR_INIT;
    enum status st = store_open(
        &(struct store_options){
            .path = str_from_c(file), .create = true, .migrations = schema, .migrations_count = 1},
        &store, &err);
    if (st != ST_OK) {
        (void)fprintf(stderr, "bench_writes: %s\n", err.text);
        return 1;
    }
    double syncs = syncs_per_second(sync_file, seconds * TIME_SECOND);
    printf("fdatasync of 4 KB appended: %.0f a second\n", syncs);
    printf("submitters    writes/s  per fdatasync  writes/commit   p50 ms   p99 ms\n");
    for (int submitters = 1; submitters <= SUBMITTERS_MAX; submitters *= 8)
        measure(store, submitters, seconds * TIME_SECOND, syncs);
    store_close(store);
    (void)unlink(file);
    (void)rmdir(folder);
    return 0;
}
