/* SPDX-License-Identifier: MIT */
#include "base/file.h"
#include "tests/unit/store/fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

static enum status add_many(struct store_tx *tx, void *arg, struct error *err)
{
    const int *count = arg;
    char filler[1000];
    memset(filler, 'x', sizeof(filler));
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(tx),
                    SQL("INSERT INTO story (slug, title) SELECT 'n' || coalesce(max(id), 0), "
                        "$1 FROM story"));
    for (int i = 0; i < *count; i++) {
        store_stmt_reset(q);
        store_bind_text(q, 1, (str){filler, sizeof(filler)});
        enum status st = store_run(q, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static void add(struct store *store, int count)
{
    struct error err = ERROR_INIT;
    EXPECT_ST(store_write_wait(store, add_many, &count, &err), ST_OK, &err);
}

static void checked(struct store *store, size_t problems_want)
{
    struct error err = ERROR_INIT;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    str *problems = NULL;
    size_t count = 0;
    EXPECT_ST(store_check(store, arena, &problems, &count, &err), ST_OK, &err);
    EXPECT_INT(count > 0, problems_want > 0);
}

/* ---- copies ---- */

struct busy {
    struct store *store;
    atomic_bool stop;
};

static void *write_on(void *arg)
{
    struct busy *busy = arg;
    while (!busy->stop)
        add(busy->store, 3);
    return NULL;
}

static void backup(struct store *store)
{
    struct error err = ERROR_INIT;
    struct busy busy = {.store = store};
    pthread_t thread;
    add(store, 3);
    CHECK(pthread_create(&thread, NULL, write_on, &busy) == 0);
    (void)usleep(20000);
    EXPECT_ST(store_backup(store, fixture_path("copy.db"), &err), ST_OK, &err);
    busy.stop = true;
    (void)pthread_join(thread, NULL);

    EXPECT_ST(store_backup(store, fixture_path("copy.db"), &err), ST_CONFLICT, &err);
    EXPECT_ST(store_backup(store, fixture_path("no/folder.db"), &err), ST_IO, &err);
    EXPECT(!file_exists(fixture_path("copy.db.part")));
    EXPECT(!file_exists(fixture_path("copy.db-wal")));
    struct store_options options = fixture_options(fixture_path("copy.db"));
    AUTO(store_closep) struct store *copy = fixture_open(&options);
    AUTO(store_reader_freep) struct store_conn *conn = fixture_reader(copy);
    EXPECT(fixture_number(conn, SQL("SELECT count(*) FROM story")) > 0);
    EXPECT_INT(fixture_number(conn, SQL("SELECT count(*) % 3 FROM story")), 0); /* of a moment */
    checked(copy, 0);
}

/* ---- the log ---- */

static void log_length(void)
{
    struct store_options options = fixture_options(fixture_path("log.db"));
    AUTO(store_closep) struct store *store = fixture_open(&options);
    struct error err = ERROR_INIT;
    struct store_stats stats;
    add(store, 100);
    store_stats(store, &stats);
    EXPECT(stats.wal_bytes > 100 * 1000);
    EXPECT_ST(store_checkpoint(store, &err), ST_OK, &err);
    add(store, 1);
    store_stats(store, &stats);
    EXPECT(stats.wal_bytes < 100 * 1000); /* it began again */
    EXPECT_INT(stats.checkpoints, 1);

    /* With nobody calling store_checkpoint, and a reader always there. */
    AUTO(store_reader_freep) struct store_conn *reader = fixture_reader(store);
    for (int i = 0; i < 50; i++) {
        store_read_end(reader);
        EXPECT_ST(store_read_begin(reader, &err), ST_OK, &err);
        (void)fixture_number(reader, SQL("SELECT count(*) FROM story WHERE id = 1"));
        add(store, 1000);
    }
    store_read_end(reader);
    add(store, 1000);
    store_stats(store, &stats);
    EXPECT(stats.checkpoints > 1);
    EXPECT(stats.wal_bytes < STORE_WAL_HARD_BYTES);
}

/* ---- damage ---- */

static void damaged(void)
{
    struct store_options options = fixture_options(fixture_path("damaged.db"));
    struct store *store = fixture_open(&options);
    add(store, 400);
    checked(store, 0);
    store_close(store);
    AUTO(fd_closep) int fd = open(fixture_path("damaged.db").ptr, O_RDWR | O_CLOEXEC);
    char noise[4096];
    memset(noise, 0x5A, sizeof(noise));
    for (off_t page = 10; page < 100; page += 7)
        EXPECT(pwrite(fd, noise, sizeof(noise), page * 4096) == 4096);
    store = fixture_open(&options);
    checked(store, 1);
    AUTO(store_reader_freep) struct store_conn *conn = fixture_reader(store);
    {
        struct error err = ERROR_INIT;
        AUTO(store_stmt_donep)
        struct store_stmt *q = store_query(conn, SQL("SELECT sum(length(title)) FROM story"));
        EXPECT_ST(store_step(q, &err), ST_IO, &err);
        EXPECT(str_contains(str_from_c(err.text), S("broadsheet check")));
    }
    struct error err = ERROR_INIT;
    EXPECT_ST(store_backup(store, fixture_path("damaged-copy.db"), &err), ST_IO, &err);
    EXPECT(!file_exists(fixture_path("damaged-copy.db")));
    store_reader_free(TAKE(conn));
    store_close(store);
}

/* ---- another program's turn ---- */

static void two_programs(void)
{
    struct store_options options = fixture_options(fixture_path("two.db"));
    AUTO(store_closep) struct store *busy_one = fixture_open(&options);
    AUTO(store_closep) struct store *other = fixture_open(&options);
    struct busy busy = {.store = busy_one};
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        CHECK(pthread_create(&threads[i], NULL, write_on, &busy) == 0);
    (void)usleep(20000);
    time_us longest = 0;
    for (int i = 0; i < 10; i++) {
        time_us began = clock_monotonic();
        add(other, 1);
        time_us took = clock_monotonic() - began;
        longest = took > longest ? took : longest;
    }
    busy.stop = true;
    for (int i = 0; i < 4; i++)
        (void)pthread_join(threads[i], NULL);
    printf("a write beside a busy program: at most %lld ms\n", (long long)(longest / TIME_MS));
    EXPECT(longest < 4 * TIME_SECOND);
}

static enum status hold_on(struct store_tx *tx, void *arg, struct error *err)
{
    (void)tx, (void)err;
    const atomic_bool *stop = arg;
    while (!*stop)
        (void)usleep(1000);
    return ST_OK;
}

static void lock_held(void)
{
    struct store_options options = fixture_options(fixture_path("held.db"));
    options.busy_timeout_ms = 50;
    AUTO(store_closep) struct store *holder = fixture_open(&options);
    AUTO(store_closep) struct store *other = fixture_open(&options);
    struct error err = ERROR_INIT;
    atomic_bool stop = false;
    EXPECT_ST(store_write(holder, hold_on, &stop, NULL, NULL, &err), ST_OK, &err);
    (void)usleep(20000);
    int one = 1;
    EXPECT_ST(store_write_wait(other, add_many, &one, &err), ST_IO, &err);
    EXPECT(str_contains(str_from_c(err.text), S("busy")));
    stop = true;
    add(other, 1);
}

int main(void)
{
    fixture_start();
    struct store_options options = fixture_options(fixture_path("site.db"));
    AUTO(store_closep) struct store *store = fixture_open(&options);
    backup(store);
    log_length();
    damaged();
    two_programs();
    lock_held();
    return test_done();
}
