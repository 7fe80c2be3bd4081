/* SPDX-License-Identifier: MIT */
#include "discover/popular.h"
#include "base/arena.h"
#include "news/read_count.h"
#include "news/story_row.h"
#include "store/store.h"

static const time_us windows[] = {TIME_DAY, 7 * TIME_DAY, 30 * TIME_DAY, 365 * TIME_DAY};
enum { WINDOWS_COUNT = sizeof(windows) / sizeof(windows[0]) };

struct place {
    story_id story;
    int64_t heat, reads;
};

struct standing {
    struct place places[POPULAR_HELD];
    size_t count;
    time_us window;
};

/* ---- working it out ---- */

static enum status hottest(struct store_conn *conn, struct place *places, size_t *ret_count,
                           struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT h.story, h.heat FROM story_heat h CROSS JOIN story s WHERE s.id = h.story"
                  " AND s.kind = 'story' AND s.state = 'published'"
                  " ORDER BY h.heat DESC, h.story DESC LIMIT $1"));
    store_bind_int(q, 1, POPULAR_CANDIDATES);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < POPULAR_CANDIDATES)
        places[count++] = (struct place){{store_column_int(q, 0)}, store_column_int(q, 1), 0};
    *ret_count = count;
    return st == ST_OK || st == ST_NOT_FOUND ? ST_OK : st;
}

/* Those of the hottest that were read enough within the window, in order of heat. */
static enum status stand(struct store_conn *conn, const struct place *hot, size_t hot_count,
                         time_us window, time_us now, struct standing *ret_standing,
                         struct error *err)
{
    struct standing s = {.window = window};
    enum status st = ST_OK;
    for (size_t i = 0; st == ST_OK && i < hot_count && s.count < POPULAR_HELD; i++) {
        struct place place = hot[i];
        st = read_count_since(conn, place.story, now - window, &place.reads, err);
        if (st == ST_OK && place.reads >= POPULAR_READS_MIN)
            s.places[s.count++] = place;
    }
    if (st == ST_OK)
        *ret_standing = s;
    return st;
}

static enum status work_out(struct store_conn *conn, time_us now, struct standing *ret_standing,
                            struct error *err)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct place *hot = arena_new_array(arena, struct place, POPULAR_CANDIDATES);
    size_t hot_count = 0;
    struct standing s = {0};
    enum status st = hottest(conn, hot, &hot_count, err);
    for (size_t w = 0; st == ST_OK && w < WINDOWS_COUNT && s.count < POPULAR_SHOWN; w++)
        st = stand(conn, hot, hot_count, windows[w], now, &s, err);
    if (s.count < POPULAR_LEAST)
        s.count = 0;
    if (st == ST_OK)
        *ret_standing = s;
    return st;
}

/* ---- keeping it ---- */

static enum status read_standing(struct store_conn *conn, struct standing *ret_standing,
                                 struct error *err)
{
    struct standing s = {0};
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT story, heat, reads, window_us FROM popular"
                                                 " ORDER BY place LIMIT $1"));
    store_bind_int(q, 1, POPULAR_HELD);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && s.count < POPULAR_HELD) {
        s.places[s.count++] = (struct place){
            {store_column_int(q, 0)}, store_column_int(q, 1), store_column_int(q, 2)};
        s.window = store_column_int(q, 3);
    }
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_standing = s;
    return ST_OK;
}

static bool same_stories(const struct standing *a, const struct standing *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (a->places[i].story.v != b->places[i].story.v)
            return false;
    }
    return true;
}

static bool same_numbers(const struct standing *a, const struct standing *b)
{
    for (size_t i = 0; i < a->count; i++) {
        if (a->places[i].reads != b->places[i].reads || a->places[i].heat != b->places[i].heat)
            return false;
    }
    return a->window == b->window;
}

struct keeping {
    struct standing standing;
    bool raise; /* other stories, or in another order */
};

static enum status keep(struct store_tx *tx, void *arg, struct error *err)
{
    const struct keeping *k = arg;
    struct store_conn *conn = store_tx_conn(tx);
    AUTO(store_stmt_donep) struct store_stmt *old = store_query(conn, SQL("DELETE FROM popular"));
    enum status st = store_run(old, err);
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("INSERT INTO popular (place, story, heat, reads, window_us)"
                              " SELECT $1, id, $3, $4, $5 FROM story WHERE id = $2"));
    for (size_t i = 0; st == ST_OK && i < k->standing.count; i++) {
        const struct place *p = &k->standing.places[i];
        store_stmt_reset(q);
        store_bind_int(q, 1, i64_from_size(i));
        store_bind_int(q, 2, p->story.v);
        store_bind_int(q, 3, p->heat);
        store_bind_int(q, 4, p->reads);
        store_bind_int(q, 5, k->standing.window);
        st = store_run(q, err);
    }
    if (st == ST_OK && k->raise)
        store_tx_changed(tx, S("list:popular"));
    return st;
}

enum status popular_run(const struct popular_work *work, struct error *err)
{
    struct keeping k = {0};
    struct standing old;
    enum status st = work_out(work->conn, clock_now(work->clock), &k.standing, err);
    if (st == ST_OK)
        st = read_standing(work->conn, &old, err);
    if (st != ST_OK)
        return st;
    k.raise = !same_stories(&k.standing, &old);
    if (!k.raise && same_numbers(&k.standing, &old))
        return ST_OK;
    return store_write_wait(work->store, keep, &k, err);
}

enum status popular_list(struct store_conn *conn, struct arena *arena,
                         struct popular_row **ret_rows, size_t *ret_count, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT " STORY_COLUMNS ", p.heat, p.reads, p.window_us FROM popular p"
                  " CROSS JOIN story s WHERE s.id = p.story AND s.state = 'published'"
                  " ORDER BY p.place LIMIT $1"));
    store_bind_int(q, 1, POPULAR_HELD);
    struct popular_row *rows = arena_new_array(arena, struct popular_row, POPULAR_HELD);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < POPULAR_HELD) {
        struct popular_row *row = &rows[count++];
        row->story = story_from_row(q, 0, arena);
        row->heat = (double)store_column_int(q, STORY_COLUMNS_COUNT);
        row->reads = store_column_int(q, STORY_COLUMNS_COUNT + 1);
        row->window = store_column_int(q, STORY_COLUMNS_COUNT + 2);
    }
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_rows = rows;
    *ret_count = count;
    return ST_OK;
}
