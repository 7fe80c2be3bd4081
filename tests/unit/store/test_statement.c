/* SPDX-License-Identifier: MIT */
#include "tests/unit/store/fixture.h"

static enum status three_stories(struct store_tx *tx, void *arg, struct error *err)
{
    (void)arg;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(tx),
                    SQL("INSERT INTO story (slug, title, score, picture) VALUES ($1, $2, $3, "
                        "$4) RETURNING id"));
    for (int i = 1; i <= 3; i++) {
        char slug[16];
        (void)snprintf(slug, sizeof(slug), "s%d", i);
        store_bind_text(q, 1, str_from_c(slug));
        store_bind_text(q, 2, S("Title"));
        store_bind_double(q, 3, i * 0.5);
        store_bind_blob(q, 4, S("\0\xFF"));
        enum status st = store_step(q, err);
        if (st != ST_OK)
            return st;
        EXPECT_INT(store_column_int(q, 0), i);
        st = store_run(q, err);
        if (st != ST_OK)
            return st;
        EXPECT_INT(store_stmt_changes(q), 1);
        store_stmt_reset(q);
    }
    return ST_OK;
}

static void parameters(struct store_conn *conn)
{
    /* In SQLite `$2` before `$1` would bind the wrong way round. */
    struct error err = ERROR_INIT;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn,
        SQL("SELECT $2, $1, $2 || '$1', \"$1\" -- $9 's\n, $10 /* $8 ' */ FROM (SELECT 'n' AS "
            "\"$1\") AS x"));
    store_bind_text(q, 1, S("one"));
    store_bind_text(q, 2, S("two"));
    store_bind_int(q, 10, 10);
    EXPECT_ST(store_step(q, &err), ST_OK, &err);
    EXPECT_STR(store_column_text(q, 0), S("two"));
    EXPECT_STR(store_column_text(q, 1), S("one"));
    EXPECT_STR(store_column_text(q, 2), S("two$1"));
    EXPECT_STR(store_column_text(q, 3), S("n"));
    EXPECT_INT(store_column_int(q, 4), 10);
    EXPECT_ST(store_step(q, &err), ST_NOT_FOUND, &err);
    EXPECT_ST(store_step(q, &err), ST_NOT_FOUND, &err);
}

static void values(struct store_conn *conn)
{
    struct error err = ERROR_INIT;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT $1, $2, $3, $4, $5, $6, $7, $8"));
    store_bind_int(q, 1, INT64_MIN);
    store_bind_double(q, 2, 0.25);
    store_bind_text(q, 3, S("é😀"));
    store_bind_text(q, 4, STR_NONE);
    store_bind_null(q, 5);
    store_bind_text_or_null(q, 6, S(""));
    store_bind_int_or_null(q, 7, 0);
    EXPECT_ST(store_step(q, &err), ST_OK, &err);
    EXPECT(store_column_int(q, 0) == INT64_MIN);
    EXPECT(store_column_double(q, 1) > 0.24 && store_column_double(q, 1) < 0.26);
    EXPECT_STR(store_column_text(q, 2), S("é😀"));
    EXPECT(!store_column_is_null(q, 3)); /* the empty text is not NULL */
    EXPECT_STR(store_column_text(q, 3), S(""));
    for (int i = 4; i < 8; i++)
        EXPECT(store_column_is_null(q, i)); /* the last: never bound */
    EXPECT_STR(store_column_text(q, 4), S(""));
    EXPECT_INT(store_column_int(q, 4), 0);
}

static void bad_values(struct store_conn *conn)
{
    static const str bad[] = {STR_INIT("a\0b"), STR_INIT("\xC3"), STR_INIT("\xED\xA0\x80")};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct error err = ERROR_INIT;
        AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, SQL("SELECT $1"));
        store_bind_text(q, 1, bad[i]);
        EXPECT_ST(store_step(q, &err), ST_INVALID, &err);
        EXPECT(str_contains(str_from_c(err.text), S("$1")));
        store_stmt_reset(q); /* and it is usable again */
        store_bind_text(q, 1, S("good"));
        EXPECT_ST(store_step(q, &err), ST_OK, &err);
    }
    struct error err = ERROR_INIT;
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, SQL("SELECT $1"));
    store_bind_int(q, 2, 1); /* there is no $2 */
    EXPECT_ST(store_step(q, &err), ST_INVALID, &err);
}

static void bad_sql(struct store_conn *conn)
{
    struct error err = ERROR_INIT;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT nothing FROM here"));
    store_bind_int(q, 1, 1);
    EXPECT_ST(store_step(q, &err), ST_IO, &err);
    EXPECT(str_contains(str_from_c(err.text), S("SELECT nothing FROM here")));
    EXPECT_ST(store_run(q, &err), ST_IO, &err);
    /* "text" in double quotes is a name that is not there, as PostgreSQL sees it. */
    AUTO(store_stmt_donep) struct store_stmt *quoted = store_query(conn, SQL("SELECT \"text\""));
    EXPECT_ST(store_step(quoted, &err), ST_IO, &err);
    /* A reader reads. */
    AUTO(store_stmt_donep) struct store_stmt *write = store_query(conn, SQL("DELETE FROM story"));
    EXPECT(store_run(write, &err) != ST_OK);
}

static void id_lists(struct store_conn *conn)
{
    static const int64_t ids[] = {3, 99, 1};
    struct error err = ERROR_INIT;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT slug FROM id_list($1) AS l JOIN story ON story.id = l.id "
                              "ORDER BY l.ord"));
    store_bind_ids(q, 1, ids, 3);
    EXPECT_ST(store_step(q, &err), ST_OK, &err);
    EXPECT_STR(store_column_text(q, 0), S("s3"));
    EXPECT_ST(store_step(q, &err), ST_OK, &err);
    EXPECT_STR(store_column_text(q, 0), S("s1"));
    EXPECT_ST(store_step(q, &err), ST_NOT_FOUND, &err);

    AUTO(store_stmt_donep)
    struct store_stmt *in = store_query(
        conn, SQL("SELECT count(*) FROM story WHERE id IN (SELECT id FROM id_list($1))"));
    store_bind_ids(in, 1, ids, 2);
    EXPECT_ST(store_step(in, &err), ST_OK, &err);
    EXPECT_INT(store_column_int(in, 0), 1);
    store_stmt_reset(in);
    store_bind_ids(in, 1, NULL, 0);
    EXPECT_ST(store_step(in, &err), ST_OK, &err);
    EXPECT_INT(store_column_int(in, 0), 0);

    /* What page queries rely on: the list drives, the table follows by its key. */
    AUTO(store_stmt_donep)
    struct store_stmt *plan =
        store_query(conn, SQL("EXPLAIN QUERY PLAN SELECT body FROM reply WHERE story IN (SELECT id "
                              "FROM id_list($1))"));
    EXPECT_ST(store_step(plan, &err), ST_OK, &err);
    EXPECT(str_contains(store_column_text(plan, 3), S("SEARCH reply USING INDEX reply_story")));
}

static void same_sql_twice(struct store_conn *conn)
{
    const store_sql sql = SQL("SELECT id FROM story ORDER BY id");
    struct error err = ERROR_INIT;
    AUTO(store_stmt_donep) struct store_stmt *outer = store_query(conn, sql);
    int64_t sum = 0;
    while (store_step(outer, &err) == ST_OK) {
        AUTO(store_stmt_donep) struct store_stmt *inner = store_query(conn, sql);
        while (store_step(inner, &err) == ST_OK)
            sum += store_column_int(inner, 0) * 10 + store_column_int(outer, 0);
    }
    EXPECT_INT(sum, 3 * (60 + 6));
}

static void counting(struct store_conn *conn)
{
    struct error err = ERROR_INIT;
    int64_t before = store_conn_statements(conn);
    EXPECT_ST(store_read_begin(conn, &err), ST_OK, &err);
    (void)fixture_number(conn, SQL("SELECT 1"));
    (void)fixture_number(conn, SQL("SELECT 2"));
    store_read_end(conn);
    EXPECT_INT(store_conn_statements(conn) - before, 2);
}

static void deadline(struct store_conn *conn)
{
    struct error err = ERROR_INIT;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
                              "SELECT count(*) FROM n"));
    time_us began = clock_monotonic();
    store_conn_deadline(conn, began + 20 * TIME_MS);
    EXPECT_ST(store_step(q, &err), ST_IO, &err);
    EXPECT(clock_monotonic() - began < 5 * TIME_SECOND);
    EXPECT(str_contains(str_from_c(err.text), S("longer")));
    store_conn_deadline(conn, TIME_NEVER);
    EXPECT_INT(fixture_number(conn, SQL("SELECT 7")), 7);
}

/* Fewer kept than are used, and more in use at once than are kept. */
static void small_cache(void)
{
    struct store_options options = fixture_options(fixture_path("small.db"));
    options.statements_max = 2;
    AUTO(store_closep) struct store *store = fixture_open(&options);
    AUTO(store_reader_freep) struct store_conn *conn = fixture_reader(store);
    struct error err = ERROR_INIT;
    struct store_stmt *held[4];
    for (int i = 0; i < 4; i++) {
        held[i] = store_query(conn, SQL("SELECT $1"));
        store_bind_int(held[i], 1, i);
        EXPECT_ST(store_step(held[i], &err), ST_OK, &err);
    }
    for (int round = 0; round < 20; round++) {
        EXPECT_INT(fixture_number(conn, SQL("SELECT 1")), 1);
        EXPECT_INT(fixture_number(conn, SQL("SELECT 2")), 2);
        EXPECT_INT(fixture_number(conn, SQL("SELECT 3")), 3);
    }
    for (int i = 0; i < 4; i++) {
        EXPECT_INT(store_column_int(held[i], 0), i);
        store_stmt_done(held[i]);
    }
    EXPECT_INT(fixture_number(conn, SQL("SELECT 4")), 4);
}

int main(void)
{
    fixture_start();
    struct error err = ERROR_INIT;
    struct store_options options = fixture_options(fixture_path("site.db"));
    AUTO(store_closep) struct store *store = fixture_open(&options);
    AUTO(store_reader_freep) struct store_conn *conn = fixture_reader(store);
    EXPECT_ST(store_write_wait(store, three_stories, NULL, &err), ST_OK, &err);
    parameters(conn);
    values(conn);
    bad_values(conn);
    bad_sql(conn);
    id_lists(conn);
    same_sql_twice(conn);
    counting(conn);
    deadline(conn);
    small_cache();
    return test_done();
}
