/* SPDX-License-Identifier: MIT
 *
 * A database from before the desk: its people keep their roles, and what refers to them still does. */
#include "base/arena.h"
#include "base/file.h"
#include "base/random.h"
#include "news/person.h"
#include "store/store.h"
#include "tests/check.h"

#include <stdlib.h>

static void tokens(void *ctx, str text, str language, store_emit_fn *emit, void *emit_ctx)
{
    (void)ctx;
    (void)text;
    (void)language;
    (void)emit;
    (void)emit_ctx;
}

/* How many of the schema's files come before `name`. */
static size_t files_before(const char *name)
{
    size_t count = 0;
    while (count < store_schema_count && strcmp(store_schema[count].path, name) < 0)
        count++;
    return count;
}

static struct store *open_at(str path, size_t files)
{
    struct store *store = NULL;
    struct error err = ERROR_INIT;
    EXPECT_ST(store_open(&(struct store_options){.path = path,
                                                 .create = true,
                                                 .migrations = store_schema,
                                                 .migrations_count = files,
                                                 .tokenizer = {tokens, NULL}},
                         &store, &err),
              ST_OK, &err);
    return store;
}

static enum status run(struct store_tx *tx, store_sql sql, struct error *err)
{
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(store_tx_conn(tx), sql);
    return store_run(q, err);
}

static enum status fill(struct store_tx *tx, void *arg, struct error *err)
{
    (void)arg;
    enum status st = run(
        tx,
        SQL("INSERT INTO person (id, ghost_id, email, name, role, created_at) VALUES"
            " (1, 'a', 'a@x.example', 'A', 'owner', 1), (2, 'b', 'b@x.example', 'B', 'editor', 1),"
            " (3, 'c', 'c@x.example', 'C', 'author', 1),"
            " (4, 'd', 'd@x.example', 'D', 'contributor', 1)"),
        err);
    if (st == ST_OK)
        st = run(tx,
                 SQL("INSERT INTO byline (id, ghost_id, slug, name, person, created_at, updated_at)"
                     " VALUES (1, 'e', 'b', 'B', 2, 1, 1)"),
                 err);
    if (st == ST_OK)
        st = run(tx,
                 SQL("INSERT INTO session (token_hash, person, created_at, expires_at)"
                     " VALUES ('f', 2, 1, 2)"),
                 err);
    return st;
}

static int64_t number(struct store_conn *conn, store_sql sql)
{
    struct error err = ERROR_INIT;
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, sql);
    EXPECT_ST(store_step(q, &err), ST_OK, &err);
    return store_column_int(q, 0);
}

int main(void)
{
    static const enum role roles[] = {ROLE_OWNER, ROLE_EDITOR, ROLE_AUTHOR, ROLE_CONTRIBUTOR};
    char template[] = "/tmp/broadsheet-test-XXXXXX";
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct error err = ERROR_INIT;
    struct store_conn *conn;
    struct person **people;
    size_t count;

    random_start();
    CHECK(mkdtemp(template) != NULL);
    str path = file_join(arena, str_from_c(template), S("site.db"));
    struct store *store = open_at(path, files_before("0006_desk.sql"));
    EXPECT_ST(store_write_wait(store, fill, NULL, &err), ST_OK, &err);
    store_close(store);
    store = open_at(path, store_schema_count);
    EXPECT_ST(store_reader_new(store, &conn, &err), ST_OK, &err);
    EXPECT_ST(person_list(conn, arena, &people, &count, &err), ST_OK, &err);
    EXPECT_INT(count, 4);
    for (size_t i = 0; i < count && i < ARRAY_LEN(roles); i++)
        EXPECT_INT(people[i]->role, roles[i]);
    EXPECT_INT(number(conn, SQL("SELECT person FROM byline WHERE id = 1")), 2);
    EXPECT_INT(number(conn, SQL("SELECT person FROM session WHERE token_hash = 'f'")), 2);
    store_reader_free(conn);
    store_close(store);
    CHECK(system(str_copy_c(arena, str_join2(arena, S("rm -rf "), str_from_c(template)))) == 0);
    return test_done();
}
