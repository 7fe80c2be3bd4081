/* SPDX-License-Identifier: MIT
 *
 * settle_site SITE -- after bench/grow/grow.py copied rows: what needs the site's own code.
 *
 * The words of stories that the full-text index does not have yet; the counts of all lists; reads of
 * every story on its first days, more of the newest, with readers going on from story to
 * story; the popular list. Through the same calls as the server, in larger steps. */
#include "base/arena.h"
#include "base/random.h"
#include "discover/popular.h"
#include "news/list.h"
#include "news/read_count.h"
#include "site/database.h"
#include "site/folder.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>

enum { STEP = 500, NEWEST = 2000 /* stories that were read within the last day */ };

struct settle {
    struct store *store;
    struct store_conn *conn;
    struct arena *arena; /* of a step */
    int64_t last;        /* story done */
    int64_t highest;
};

static void must(enum status st, const struct error *err)
{
    if (st == ST_OK)
        return;
    (void)fprintf(stderr, "settle_site: %s\n", err->text);
    exit(1);
}

static int64_t number(struct store_conn *conn, store_sql sql)
{
    struct error err = ERROR_INIT;
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, sql);
    must(store_step(q, &err), &err);
    return store_column_int(q, 0);
}

static struct newsroom desk_of(const struct settle *s, struct store_tx *tx)
{
    return (struct newsroom){
        .tx = tx, .arena = s->arena, .rng = &rng_system, .now = clock_now(&clock_system)};
}

/* ---- words ---- */

static enum status index_step(struct store_tx *tx, void *arg, struct error *err)
{
    struct settle *s = arg;
    struct newsroom desk = desk_of(s, tx);
    story_id ids[STEP];
    size_t count = 0;
    arena_reset(s->arena);
    while (s->last < s->highest && count < STEP)
        ids[count++].v = ++s->last;
    return count == 0 ? ST_NOT_FOUND : story_index(&desk, ids, count, err);
}

/* ---- counts ---- */

static enum status recount(struct store_tx *tx, void *arg, struct error *err)
{
    const struct settle *s = arg;
    struct newsroom desk = desk_of(s, tx);
    int64_t wrong;
    return story_list_recount(&desk, &wrong, err);
}

/* ---- reads ---- */

static enum status reads_step(struct store_tx *tx, void *arg, struct error *err)
{
    struct settle *s = arg;
    struct newsroom desk = desk_of(s, tx);
    struct read_count reads[2 * STEP];
    struct read_on went[2 * STEP];
    size_t reads_count = 0, went_count = 0;
    arena_reset(s->arena);
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(tx), SQL("SELECT id, published_at FROM story WHERE id > $1"
                                           " AND kind = 'story' ORDER BY id LIMIT $2"));
    store_bind_int(q, 1, s->last);
    store_bind_int(q, 2, STEP);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        story_id id = {store_column_int(q, 0)};
        int64_t rank = s->highest - id.v;
        time_us at = store_column_int(q, 1) + (1 + id.v % 40) * TIME_HOUR;
        at = at < desk.now ? at : desk.now;
        reads[reads_count++] = (struct read_count){id, 3 + id.v * 7919 % 200, at};
        if (rank < NEWEST)
            reads[reads_count++] =
                (struct read_count){id, 10 + id.v * 31 % 97, desk.now - id.v % 20 * TIME_HOUR};
        for (int64_t k = 1; k <= 2; k++) {
            int64_t next = 1 + (id.v + k * 17) % s->highest;
            went[went_count++] = (struct read_on){id, {next}, k + id.v % 9};
        }
        s->last = id.v;
    }
    if (st != ST_NOT_FOUND || reads_count == 0)
        return st;
    st = read_count_add(&desk, reads, reads_count, err);
    return st == ST_OK ? read_on_add(&desk, went, went_count, err) : st;
}

int main(int argc, char **argv)
{
    struct settle s = {.arena = arena_new(1024 * 1024)};
    struct error err = ERROR_INIT;
    struct folder *folder;

    if (argc != 2) {
        (void)fprintf(stderr, "usage: settle_site SITE\n");
        return 2;
    }
    random_start();
    must(folder_open(str_from_c(argv[1]), &folder, &err), &err);
    must(database_open(folder, &(struct database_options){0}, &s.store, &err), &err);
    must(store_reader_new(s.store, &s.conn, &err), &err);
    s.highest = number(s.conn, SQL("SELECT MAX(id) FROM story"));
    s.last = number(s.conn, SQL("SELECT MAX(id) FROM story_fts_docsize"));
    must(store_write_bulk_wait(s.store, index_step, &s, &err), &err);
    must(store_write_wait(s.store, recount, &s, &err), &err);
    s.last = 0;
    must(store_write_bulk_wait(s.store, reads_step, &s, &err), &err);
    must(popular_run(
             &(struct popular_work){
                 .store = s.store, .conn = s.conn, .clock = &clock_system, .rng = &rng_system},
             &err),
         &err);
    must(store_checkpoint(s.store, &err), &err);
    printf("%lld stories settled\n",
           (long long)number(s.conn, SQL("SELECT SUM(stories) FROM list_count"
                                         " WHERE list = 0 AND level = 0")));
    store_reader_free(s.conn);
    store_close(s.store);
    folder_close(folder);
    arena_free(s.arena);
    return 0;
}
