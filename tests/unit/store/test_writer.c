/* SPDX-License-Identifier: MIT */
#include "tests/unit/store/fixture.h"

#include <pthread.h>
#include <stdatomic.h>

/* ---- writes the tests use ---- */

struct story {
    const char *slug;
    enum status answer; /* what the function returns after its insert */
    bool swallow;       /* goes on after a statement that failed */
};

static enum status story_add(struct store_tx *tx, void *arg, struct error *err)
{
    const struct story *story = arg;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(tx), SQL("INSERT INTO story (slug) VALUES ($1)"));
    store_bind_text(q, 1, str_from_c(story->slug));
    enum status st = store_run(q, err);
    if (st != ST_OK && !story->swallow)
        return st;
    store_tx_changed(tx, S("list:latest"));
    store_tx_changed(tx, str_from_c(story->slug));
    if (story->answer != ST_OK)
        return error_set(err, story->answer, "the test says no");
    return ST_OK;
}

static int64_t stories(struct store *store)
{
    AUTO(store_reader_freep) struct store_conn *conn = fixture_reader(store);
    return fixture_number(conn, SQL("SELECT count(*) FROM story"));
}

static int64_t changes(struct store *store)
{
    AUTO(store_reader_freep) struct store_conn *conn = fixture_reader(store);
    return fixture_number(conn, SQL("SELECT count(*) FROM change"));
}

/* ---- each fails alone ---- */

static void alone(struct store *store)
{
    static const struct {
        struct story story;
        enum status want;
        int64_t stories_after;
    } cases[] = {
        {{.slug = "a"}, ST_OK, 1},
        {{.slug = "a"}, ST_CONFLICT, 1},
        {{.slug = "b", .answer = ST_INVALID}, ST_INVALID, 1},
        {{.slug = "b", .answer = ST_NOT_FOUND}, ST_NOT_FOUND, 1},
        {{.slug = "a", .swallow = true}, ST_CONFLICT, 1}, /* as PostgreSQL would have it */
        {{.slug = "\xFF"}, ST_INVALID, 1},
        {{.slug = "b"}, ST_OK, 2},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error err = ERROR_INIT;
        struct story story = cases[i].story;
        EXPECT_ST(store_write_wait(store, story_add, &story, &err), cases[i].want, &err);
        EXPECT_INT(err.status, cases[i].want);
        EXPECT_INT(stories(store), cases[i].stories_after);
    }
    EXPECT_INT(changes(store), 4); /* two names by each of the two that went well */
}

/* ---- many in one commit ---- */

struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool entered;
    bool open;
};

/* Holds the writer, so that what comes after it gathers. */
static enum status hold(struct store_tx *tx, void *arg, struct error *err)
{
    (void)tx, (void)err;
    struct gate *gate = arg;
    pthread_mutex_lock(&gate->lock);
    gate->entered = true;
    pthread_cond_broadcast(&gate->changed);
    while (!gate->open)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
    return ST_OK;
}

static void gate_wait_entered(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    while (!gate->entered)
        pthread_cond_wait(&gate->changed, &gate->lock);
    pthread_mutex_unlock(&gate->lock);
}

static void gate_open(struct gate *gate)
{
    pthread_mutex_lock(&gate->lock);
    gate->open = true;
    pthread_cond_broadcast(&gate->changed);
    pthread_mutex_unlock(&gate->lock);
}

#define GATE_INIT                                                                                  \
    {                                                                                              \
        .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER                     \
    }

struct tally {
    atomic_int ok;
    atomic_int conflicts;
    atomic_int io;
    atomic_int other;
    atomic_int told;       /* on_change calls */
    atomic_int told_first; /* answers that came after the change was told */
};

static void count_answer(void *arg, enum status st, const struct error *err)
{
    struct tally *tally = arg;
    CHECK(err != NULL);
    CHECK(err->status == st);
    tally->told_first += tally->told > 0;
    if (st == ST_OK)
        tally->ok++;
    else if (st == ST_CONFLICT)
        tally->conflicts++;
    else if (st == ST_IO)
        tally->io++;
    else
        tally->other++;
}

static void count_change(void *ctx, const struct store_changes *changed)
{
    struct tally *tally = ctx;
    tally->told++;
    EXPECT(!changed->all);
    for (size_t i = 0; i < changed->count; i++) { /* each name once */
        for (size_t j = 0; j < i; j++)
            EXPECT(!str_eq(changed->names[i], changed->names[j]));
    }
}

static void together(void)
{
    enum { WRITES = 50, QUEUE = 51 };
    struct store_options options = fixture_options(fixture_path("together.db"));
    options.queue_max = QUEUE;
    struct store *store = fixture_open(&options);
    struct gate gate = GATE_INIT;
    struct tally tally = {0};
    struct error err = ERROR_INIT;
    store_on_change(store, count_change, &tally);
    EXPECT_ST(store_write(store, hold, &gate, NULL, NULL, &err), ST_OK, &err);
    gate_wait_entered(&gate);

    /* Every fifth is a slug that is there already. */
    static char slugs[WRITES][16];
    static struct story story[WRITES];
    for (int i = 0; i < WRITES; i++) {
        (void)snprintf(slugs[i], sizeof(slugs[i]), "s%d", i % 5 == 4 ? 0 : i);
        story[i] = (struct story){.slug = slugs[i]};
        EXPECT_ST(store_write(store, story_add, &story[i], count_answer, &tally, &err), ST_OK,
                  &err);
    }
    EXPECT_ST(store_write(store, story_add, &story[0], count_answer, &tally, &err), ST_OK, &err);
    EXPECT_ST(store_write(store, story_add, &story[0], count_answer, &tally, &err), ST_TOO_BIG,
              &err);
    struct store_stats stats;
    store_stats(store, &stats);
    EXPECT_INT(stats.queued, QUEUE);
    gate_open(&gate);
    store_close(store); /* what was queued is done first */

    EXPECT_INT(tally.ok, 40);
    EXPECT_INT(tally.conflicts, 11);
    EXPECT_INT(tally.io + tally.other, 0);
    EXPECT(tally.told >= 1 && tally.told <= 4);
    EXPECT_INT(tally.told_first, 51);
    store = fixture_open(&options);
    EXPECT_INT(stories(store), 40);
    EXPECT_INT(changes(store), 40 + tally.told);
    store_close(store);
}

/* ---- a commit that fails ---- */

static bool fail_commit(void *ctx, const char *call)
{
    const atomic_bool *on = ctx;
    return *on && str_eq(str_from_c(call), S("commit"));
}

static void commit_fails(void)
{
    atomic_bool fault = false;
    struct store_options options = fixture_options(fixture_path("commit.db"));
    options.fault = fail_commit;
    options.fault_ctx = &fault;
    AUTO(store_closep) struct store *store = fixture_open(&options);
    struct gate gate = GATE_INIT;
    struct tally tally = {0};
    struct error err = ERROR_INIT;
    store_on_change(store, count_change, &tally);
    EXPECT_ST(store_write(store, hold, &gate, NULL, NULL, &err), ST_OK, &err);
    gate_wait_entered(&gate);
    static struct story story[] = {{.slug = "a"}, {.slug = "b"}, {.slug = "a"}};
    for (size_t i = 0; i < 3; i++)
        EXPECT_ST(store_write(store, story_add, &story[i], count_answer, &tally, &err), ST_OK,
                  &err);
    fault = true;
    gate_open(&gate);
    while (tally.ok + tally.conflicts + tally.io + tally.other < 3)
        (void)usleep(1000);
    EXPECT_INT(tally.io, 2); /* every one that had gone well until then */
    EXPECT_INT(tally.conflicts, 1);
    EXPECT_INT(tally.told, 0);
    EXPECT_INT(stories(store), 0);
    fault = false;
    EXPECT_ST(store_write_wait(store, story_add, &story[0], &err), ST_OK, &err);
    EXPECT_INT(stories(store), 1);
}

/* ---- bulk ---- */

enum { LIVE_WRITES = 20 };

struct bulk {
    int steps;
    int fail_at; /* 0: never */
    atomic_int done;
    atomic_int interleaved; /* the interactive writes seen at the last step */
    struct tally *tally;
};

static enum status bulk_step(struct store_tx *tx, void *arg, struct error *err)
{
    struct bulk *bulk = arg;
    /* Beside others it ends when they have all had their turn: were they kept waiting, never. */
    if (bulk->done >= bulk->steps && (bulk->tally == NULL || bulk->tally->ok >= LIVE_WRITES))
        return ST_NOT_FOUND;
    int n = ++bulk->done;
    if (bulk->tally != NULL)
        bulk->interleaved = bulk->tally->ok;
    char slug[32];
    (void)snprintf(slug, sizeof(slug), "bulk-%d", n);
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(tx), SQL("INSERT INTO story (slug) VALUES ($1)"));
    store_bind_text(q, 1, str_from_c(slug));
    enum status st = store_run(q, err);
    if (st != ST_OK)
        return st;
    (void)usleep(500);
    return n == bulk->fail_at ? error_set(err, ST_INVALID, "step %d is bad", n) : ST_OK;
}

static void in_bulk(void)
{
    struct store_options options = fixture_options(fixture_path("bulk.db"));
    struct store *store = fixture_open(&options);
    struct error err = ERROR_INIT;
    struct tally tally = {0};
    struct bulk bulk = {.steps = 200, .tally = &tally};
    struct tally ended = {0};
    EXPECT_ST(store_write_bulk(store, bulk_step, &bulk, count_answer, &ended, &err), ST_OK, &err);
    static struct story story[LIVE_WRITES];
    static char slugs[LIVE_WRITES][16];
    for (int i = 0; i < LIVE_WRITES; i++) {
        (void)snprintf(slugs[i], sizeof(slugs[i]), "live-%d", i);
        story[i] = (struct story){.slug = slugs[i]};
        EXPECT_ST(store_write_wait(store, story_add, &story[i], &err), ST_OK, &err);
        tally.ok++;
    }
    EXPECT_INT(ended.ok, 0); /* all twenty went before the end */
    while (ended.ok == 0)
        (void)usleep(1000);
    EXPECT_INT(bulk.interleaved, LIVE_WRITES);
    EXPECT_INT(stories(store), LIVE_WRITES + bulk.done);
    struct store_stats stats;
    store_stats(store, &stats);
    EXPECT_INT(stats.writes, LIVE_WRITES + 1);
    EXPECT(stats.commits < 2 * LIVE_WRITES + bulk.done / 2); /* each live one ends a chunk */

    /* A step that fails is undone alone. */
    struct bulk again = {.steps = 10, .fail_at = 7};
    AUTO(store_reader_freep) struct store_conn *conn = fixture_reader(store);
    EXPECT_ST(store_write_bulk_wait(store, bulk_step, &again, &err), ST_CONFLICT, &err);
    again = (struct bulk){.done = 100000, .steps = 100010, .fail_at = 100007};
    EXPECT_ST(store_write_bulk_wait(store, bulk_step, &again, &err), ST_INVALID, &err);
    EXPECT(str_eq(str_from_c(err.text), S("step 100007 is bad")));
    int all = LIVE_WRITES + bulk.done + 6;
    EXPECT_INT(fixture_number(conn, SQL("SELECT count(*) FROM story")), all);

    /* Leaving does not wait for its end. */
    struct bulk endless = {.done = 200000, .steps = 2000000};
    EXPECT_ST(store_write_bulk(store, bulk_step, &endless, count_answer, &ended, &err), ST_OK,
              &err);
    while (endless.done < 200002)
        (void)usleep(1000);
    store_reader_free(TAKE(conn));
    store_close(store);
    EXPECT_INT(ended.io, 1);
    store = fixture_open(&options);
    EXPECT_INT(stories(store), all + endless.done - 200000);
    store_close(store);
}

/* Few commits; a step that fails is undone alone here too, be it the first of its transaction. */
static void in_bulk_alone(void)
{
    struct store_options options = fixture_options(fixture_path("alone.db"));
    options.alone = true;
    struct store *store = fixture_open(&options);
    struct error err = ERROR_INIT;
    struct bulk bulk = {.steps = 100};
    EXPECT_ST(store_write_bulk_wait(store, bulk_step, &bulk, &err), ST_OK, &err);
    EXPECT_INT(stories(store), 100);
    struct store_stats stats;
    store_stats(store, &stats);
    EXPECT(stats.commits <= 3); /* of some 60 ms of work */
    bulk = (struct bulk){.done = 200, .steps = 210, .fail_at = 204};
    EXPECT_ST(store_write_bulk_wait(store, bulk_step, &bulk, &err), ST_INVALID, &err);
    EXPECT(str_eq(str_from_c(err.text), S("step 204 is bad")));
    EXPECT_INT(stories(store), 103);
    bulk = (struct bulk){.done = 300, .steps = 310, .fail_at = 301};
    EXPECT_ST(store_write_bulk_wait(store, bulk_step, &bulk, &err), ST_INVALID, &err);
    EXPECT(str_eq(str_from_c(err.text), S("step 301 is bad")));
    EXPECT_INT(stories(store), 103);
    struct story story = {.slug = "after-that"};
    EXPECT_ST(store_write_wait(store, story_add, &story, &err), ST_OK, &err);
    EXPECT_INT(stories(store), 104);
    store_close(store);
}

/* ---- a snapshot ---- */

static void snapshot(struct store *store)
{
    struct error err = ERROR_INIT;
    AUTO(store_reader_freep) struct store_conn *conn = fixture_reader(store);
    EXPECT_ST(store_read_begin(conn, &err), ST_OK, &err);
    int64_t before = fixture_number(conn, SQL("SELECT count(*) FROM story"));
    struct story story = {.slug = "while-it-is-read"};
    EXPECT_ST(store_write_wait(store, story_add, &story, &err), ST_OK, &err);
    EXPECT_INT(fixture_number(conn, SQL("SELECT count(*) FROM story")), before);
    store_read_end(conn);
    EXPECT_INT(fixture_number(conn, SQL("SELECT count(*) FROM story")), before + 1);
}

/* A RETURNING that is given back at its first row has still done all its work. */
static enum status returning_half(struct store_tx *tx, void *arg, struct error *err)
{
    (void)arg;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(tx), SQL("INSERT INTO story (slug) VALUES ('r1'), ('r2') RETURNING id"));
    return store_step(q, err);
}

static void returning(struct store *store)
{
    struct error err = ERROR_INIT;
    AUTO(store_reader_freep) struct store_conn *conn = fixture_reader(store);
    EXPECT_ST(store_write_wait(store, returning_half, NULL, &err), ST_OK, &err);
    EXPECT_INT(fixture_number(conn, SQL("SELECT count(*) FROM story WHERE slug IN ('r1', 'r2')")),
               2);
    EXPECT_ST(store_write_wait(store, returning_half, NULL, &err), ST_CONFLICT, &err);
}

int main(void)
{
    fixture_start();
    struct store_options options = fixture_options(fixture_path("site.db"));
    AUTO(store_closep) struct store *store = fixture_open(&options);
    alone(store);
    snapshot(store);
    returning(store);
    together();
    commit_fails();
    in_bulk();
    in_bulk_alone();
    return test_done();
}
