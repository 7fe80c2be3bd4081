/* SPDX-License-Identifier: MIT
 *
 * What is due, by a clock that is set; and that of two processes which see it due at once one publishes it. */
#include "news/schedule.h"

#include "tests/unit/news/fixture.h"

#include <pthread.h>

static story_id plan(struct site *site, str title, time_us at)
{
    story_id id = site_save(site, &(struct story_draft){.title = title, .text = S("<p>a</p>")});
    SITE_WRITE(site, story_schedule(desk, id, at, err), ST_OK);
    return id;
}

static struct schedule_done run(struct site *site)
{
    struct error due_err = ERROR_INIT;
    struct schedule_due *due;
    size_t count;
    struct schedule_done done = {0};
    EXPECT_ST(schedule_due(site->conn, site->now, site->arena, &due, &count, &due_err), ST_OK,
              &due_err);
    if (count > 0)
        SITE_WRITE(site, schedule_publish(desk, due, count, &done, err), ST_OK);
    return done;
}

static enum story_state state_of(struct site *site, story_id id)
{
    return site_story(site, id)->state;
}

static void test_clock(struct site *site)
{
    struct error err = ERROR_INIT;
    time_us at = site->now + TIME_HOUR, next = 0;
    EXPECT_ST(schedule_next(site->conn, &next, &err), ST_NOT_FOUND, &err);
    story_id late = plan(site, S("Late"), at + TIME_MINUTE), first = plan(site, S("First"), at);
    EXPECT_ST(schedule_next(site->conn, &next, &err), ST_OK, &err);
    EXPECT_INT(next, at);
    site->now = at - 1;
    EXPECT_INT(run(site).published, 0);
    site->now = at; /* at its time, not after it */
    struct schedule_done done = run(site);
    EXPECT_INT(done.published, 1);
    EXPECT_INT(done.late, 0);
    EXPECT(state_of(site, first) == STORY_PUBLISHED && state_of(site, late) == STORY_SCHEDULED);
    EXPECT_INT(site_story(site, first)->published_at, at);
    /* The clock is set back, and on again: nothing appears before its time, nor twice. */
    site->now = at - TIME_HOUR;
    EXPECT_INT(run(site).published, 0);
    site->now = at + TIME_MINUTE + 90 * TIME_SECOND;
    done = run(site);
    EXPECT_INT(done.published, 1);
    EXPECT_INT(done.late, 1);
    EXPECT_INT(done.latest, 90 * TIME_SECOND);
    EXPECT_INT(run(site).published, 0);
    EXPECT_INT(site_story(site, late)->published_at, at + TIME_MINUTE);
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM audit WHERE what = 'story.appeared'"
                                     " AND detail = '0'")),
               1);
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM audit WHERE"
                                     " what = 'story.appeared-late' AND detail = '90'")),
               1);
}

/* Seen as due, and another's by the time it is to be published: another time, back to draft, gone. */
static void test_changed_meanwhile(struct site *site)
{
    struct error err = ERROR_INIT;
    time_us at = site->now + TIME_HOUR;
    story_id moved = plan(site, S("Moved"), at), drafted = plan(site, S("Drafted"), at),
             gone = plan(site, S("Gone"), at), good = plan(site, S("Good"), at);
    struct schedule_due *due;
    struct schedule_done done = {0};
    size_t count;
    site->now = at;
    EXPECT_ST(schedule_due(site->conn, at, site->arena, &due, &count, &err), ST_OK, &err);
    EXPECT_INT(count, 4);
    SITE_WRITE(site, story_schedule(desk, moved, at + TIME_HOUR, err), ST_OK);
    SITE_WRITE(site, story_unpublish(desk, drafted, err), ST_OK);
    SITE_WRITE(site, story_trash(desk, gone, err), ST_OK);
    SITE_WRITE(site, story_delete(desk, gone, err), ST_OK);
    SITE_WRITE(site, schedule_publish(desk, due, count, &done, err), ST_OK);
    EXPECT_INT(done.published, 1);
    EXPECT(state_of(site, good) == STORY_PUBLISHED);
    EXPECT(state_of(site, moved) == STORY_SCHEDULED && state_of(site, drafted) == STORY_DRAFT);
    SITE_WRITE(site, story_unpublish(desk, moved, err), ST_OK);
}

/* ---- two processes ---- */

enum { STORIES = 60 };

/* A second one on the same file: a store of its own, with its own writer. */
struct process {
    struct store *store;
    struct schedule_due *due;
    size_t count;
    time_us now;
    size_t published;
    pthread_barrier_t *start;
    size_t at;
};

static enum status publish_one(struct store_tx *tx, void *arg, struct error *err)
{
    struct process *p = arg;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct newsroom desk = {.tx = tx, .arena = arena, .rng = &rng_system, .now = p->now};
    struct schedule_done done = {0};
    enum status st = schedule_publish(&desk, &p->due[p->at], 1, &done, err);
    if (st == ST_OK)
        p->published += done.published;
    return st;
}

static void *process_main(void *arg)
{
    struct process *p = arg;
    (void)pthread_barrier_wait(p->start);
    for (p->at = 0; p->at < p->count; p->at++) {
        struct error err = ERROR_INIT;
        EXPECT_ST(store_write_wait(p->store, publish_one, p, &err), ST_OK, &err);
    }
    return NULL;
}

static void test_two_processes(struct site *site)
{
    struct error err = ERROR_INIT;
    time_us at = site->now + TIME_HOUR;
    for (int i = 0; i < STORIES; i++)
        (void)plan(site, str_format(site->arena, "Twice %d", i), at);
    site->now = at;
    struct store *second = NULL;
    struct store_options options = {.path = str_format(site->arena, "%s/site.db", site->dir),
                                    .migrations = store_schema,
                                    .migrations_count = store_schema_count,
                                    .tokenizer = words_tokenizer(site->words),
                                    .clock = &site->clock};
    EXPECT_ST(store_open(&options, &second, &err), ST_OK, &err);
    pthread_barrier_t start;
    CHECK(pthread_barrier_init(&start, NULL, 2) == 0);
    struct process processes[2] = {{.store = site->store, .now = at, .start = &start},
                                   {.store = second, .now = at, .start = &start}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) /* both see all of it due before either publishes any */
        EXPECT_ST(
            schedule_due(site->conn, at, site->arena, &processes[i].due, &processes[i].count, &err),
            ST_OK, &err);
    EXPECT_INT(processes[0].count, STORIES);
    for (int i = 0; i < 2; i++)
        CHECK(pthread_create(&threads[i], NULL, process_main, &processes[i]) == 0);
    for (int i = 0; i < 2; i++)
        CHECK(pthread_join(threads[i], NULL) == 0);
    EXPECT_INT(processes[0].published + processes[1].published, STORIES);
    EXPECT_INT(site_number(site, SQL("SELECT COUNT(*) FROM audit a JOIN story s"
                                     " ON a.subject = 'story:' || s.id WHERE s.title >= 'Twice'"
                                     " AND s.title < 'Twicf'")),
               STORIES);
    (void)pthread_barrier_destroy(&start);
    store_close(second);
    site_expect_consistent(site);
}

int main(void)
{
    struct site site;
    site_open(&site);
    test_clock(&site);
    test_changed_meanwhile(&site);
    test_two_processes(&site);
    site_close(&site);
    return test_done();
}
