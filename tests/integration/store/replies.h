/* tests/integration/store/replies.h -- numbered writes, who was told of them, and what must be so.
 *
 * Write N makes story N and reply N, of a size that depends on N, and names "story:N". After any
 * accident: what was acknowledged is there; every story has its reply, its name among the changes,
 * and the file is whole. */
#pragma once
#include "tests/unit/store/fixture.h"

#include <stdatomic.h>

enum { REPLIES_MAX = 4096 };

struct replies {
    atomic_int ok;
    atomic_int failed;
    _Atomic bool acknowledged[REPLIES_MAX]; /* by number */
    _Atomic bool refused[REPLIES_MAX];
    struct reply {
        struct replies *all;
        int number;
    } list[REPLIES_MAX];
    struct error last; /* of the refusals; the writer's thread */
};

static inline enum status reply_insert(struct store_tx *tx, int number, struct error *err)
{
    static const char filler[6001] = {[0 ... 5999] = 'x'};
    AUTO(store_stmt_donep)
    struct store_stmt *body = store_query(
        store_tx_conn(tx), SQL("INSERT INTO reply (id, story, body) VALUES ($1, $1, $2)"));
    store_bind_int(body, 1, number);
    store_bind_text(body, 2, (str){filler, (size_t)number * 7919 % 6000});
    return store_run(body, err);
}

static inline enum status replies_write(struct store_tx *tx, void *arg, struct error *err)
{
    const struct reply *reply = arg;
    char name[32];
    (void)snprintf(name, sizeof(name), "story:%d", reply->number);
    store_tx_changed(tx, str_from_c(name));
    AUTO(store_stmt_donep)
    struct store_stmt *story =
        store_query(store_tx_conn(tx), SQL("INSERT INTO story (id, slug) VALUES ($1, $2)"));
    store_bind_int(story, 1, reply->number);
    store_bind_text(story, 2, str_from_c(name));
    enum status st = store_run(story, err);
    if (st != ST_OK)
        return st;
    return reply_insert(tx, reply->number, err);
}

static inline void replies_done(void *arg, enum status st, const struct error *err)
{
    struct reply *reply = arg;
    if (st == ST_OK) {
        reply->all->acknowledged[reply->number] = true;
        reply->all->ok++;
    } else {
        reply->all->refused[reply->number] = true;
        reply->all->last = *err;
        reply->all->failed++;
    }
}

/* Number `number` (from 1), not waited for. */
static inline void replies_send(struct replies *replies, struct store *store, int number)
{
    CHECK(number > 0);
    CHECK(number < REPLIES_MAX);
    struct reply *reply = &replies->list[number];
    *reply = (struct reply){.all = replies, .number = number};
    enum status st = store_write(store, replies_write, reply, replies_done, reply, NULL);
    CHECK(st == ST_OK);
}

static inline void replies_wait(const struct replies *replies, int count)
{
    while (replies->ok + replies->failed < count)
        (void)usleep(200);
}

/* How many that were acknowledged are not there. Expects the rest of what must be so. */
static inline int replies_lost(const struct replies *replies, struct store *store)
{
    struct error err = ERROR_INIT;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    str *problems = NULL;
    size_t count = 0;
    EXPECT_ST(store_check(store, arena, &problems, &count, &err), ST_OK, &err);
    EXPECT_INT(count, 0);
    if (count > 0)
        printf("    %.*s\n", STR_ARG(problems[0]));

    AUTO(store_reader_freep) struct store_conn *conn = fixture_reader(store);
    EXPECT_INT(fixture_number(conn, SQL("SELECT count(*) FROM story WHERE id NOT IN (SELECT story "
                                        "FROM reply)")),
               0);
    EXPECT_INT(
        fixture_number(conn, SQL("SELECT count(*) FROM reply WHERE length(body) <> id * 7919 "
                                 "% 6000")),
        0);
    EXPECT_INT(fixture_number(conn, SQL("SELECT count(*) FROM story WHERE slug NOT IN (SELECT name "
                                        "FROM change)")),
               0);
    bool there[REPLIES_MAX] = {false};
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, SQL("SELECT id FROM story"));
    while (store_step(q, &err) == ST_OK)
        there[store_column_int(q, 0)] = true;
    int lost = 0;
    for (int i = 0; i < REPLIES_MAX; i++)
        lost += replies->acknowledged[i] && !there[i];
    return lost;
}

/* How many that were refused are there all the same. */
static inline int replies_ghosts(const struct replies *replies, struct store *store)
{
    struct error err = ERROR_INIT;
    AUTO(store_reader_freep) struct store_conn *conn = fixture_reader(store);
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, SQL("SELECT id FROM story"));
    int ghosts = 0;
    while (store_step(q, &err) == ST_OK)
        ghosts += replies->refused[store_column_int(q, 0)];
    return ghosts;
}
