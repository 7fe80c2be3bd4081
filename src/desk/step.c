/* SPDX-License-Identifier: MIT */
#include "desk/step.h"

#include "news/setting.h"
#include "store/store.h"

#define LIST        S("all")
#define DEMO_SOURCE "http://varnmouth-lantern.example" /* demo/site.yaml */

static const str names[] = {[STEP_NAME] = STR_INIT("name"),
                            [STEP_STORIES] = STR_INIT("stories"),
                            [STEP_WRITE] = STR_INIT("write"),
                            [STEP_MAIL] = STR_INIT("mail"),
                            [STEP_BACKUP] = STR_INIT("backup")};
static_assert(sizeof(names) / sizeof(names[0]) == STEPS_COUNT, "a name for each step");

str step_name(enum step step)
{
    return names[step];
}

/* ---- facts ---- */

static enum status fact_name(struct store_conn *conn, bool *ret_done, struct error *err)
{
    bool open;
    enum status st = setting_is_open(conn, S("title"), &open, err);
    if (st == ST_OK)
        *ret_done = !open;
    return st;
}

/* Whether the statement has a row. */
static enum status fact_of(struct store_stmt *q, bool *ret_done, struct error *err)
{
    enum status st = store_step(q, err);
    if (st == ST_OK || st == ST_NOT_FOUND)
        *ret_done = st == ST_OK;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status fact_stories(struct store_conn *conn, bool *ret_done, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT ours FROM import_map WHERE kind = 'story'"
                                                 " AND source <> $1 LIMIT 1"));
    store_bind_text(q, 1, S(DEMO_SOURCE));
    return fact_of(q, ret_done, err);
}

/* Among the newest: what was written before an import is on record by then. */
static enum status fact_write(struct store_conn *conn, bool *ret_done, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn,
        SQL("SELECT s.id FROM (SELECT id FROM story WHERE id > 0 ORDER BY id DESC LIMIT 100) s"
            " WHERE NOT EXISTS (SELECT 1 FROM import_map m"
            " WHERE m.kind = 'story' AND m.ours = s.id) LIMIT 1"));
    return fact_of(q, ret_done, err);
}

static enum status fact_mail(struct store_conn *conn, bool *ret_done, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT id FROM mail_test WHERE id = 1"));
    return fact_of(q, ret_done, err);
}

static enum status fact_backup(struct store_conn *conn, bool *ret_done, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT id FROM task WHERE kind = 'backup'"
                                                 " AND state = 'done' ORDER BY id DESC LIMIT 1"));
    return fact_of(q, ret_done, err);
}

static enum status (*const facts[])(struct store_conn *, bool *, struct error *) = {
    [STEP_NAME] = fact_name, [STEP_STORIES] = fact_stories, [STEP_WRITE] = fact_write,
    [STEP_MAIL] = fact_mail, [STEP_BACKUP] = fact_backup,
};
static_assert(sizeof(facts) / sizeof(facts[0]) == STEPS_COUNT, "a fact for each step");

/* ---- reading ---- */

static enum status read_kept(struct store_conn *conn, struct steps *steps, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT step FROM first_step"));
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        str name = store_column_text(q, 0);
        steps->put_away = steps->put_away || str_eq(name, LIST);
        for (int step = 0; step < STEPS_COUNT; step++)
            steps->kept[step] = steps->kept[step] || str_eq(name, names[step]);
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status steps_read(struct store_conn *conn, struct steps *ret_steps, struct error *err)
{
    struct steps steps = {.all_done = true};
    enum status st = read_kept(conn, &steps, err);
    for (int step = 0; st == ST_OK && step < STEPS_COUNT; step++) {
        steps.done[step] = steps.kept[step];
        if (!steps.kept[step])
            st = facts[step](conn, &steps.done[step], err);
        steps.news = steps.news || steps.done[step] != steps.kept[step];
        steps.all_done = steps.all_done && steps.done[step];
    }
    if (st == ST_OK)
        *ret_steps = steps;
    return st;
}

/* ---- writing ---- */

static enum status keep(struct newsroom *room, str name, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(store_tx_conn(room->tx),
                                       SQL("INSERT INTO first_step (step, done_at) VALUES ($1, $2)"
                                           " ON CONFLICT (step) DO NOTHING"));
    store_bind_text(q, 1, name);
    store_bind_int(q, 2, room->now);
    return store_run(q, err);
}

enum status steps_keep(struct newsroom *room, const struct steps *steps, struct error *err)
{
    enum status st = ST_OK;
    for (int step = 0; st == ST_OK && step < STEPS_COUNT; step++) {
        if (steps->done[step] && !steps->kept[step])
            st = keep(room, names[step], err);
    }
    return st;
}

enum status steps_put_away(struct newsroom *room, bool away, struct error *err)
{
    if (away)
        return keep(room, LIST, err);
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(room->tx), SQL("DELETE FROM first_step WHERE step = $1"));
    store_bind_text(q, 1, LIST);
    return store_run(q, err);
}
