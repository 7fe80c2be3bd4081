/* SPDX-License-Identifier: MIT */
#include "base/file.h"
#include "tests/unit/store/fixture.h"

#include <sys/stat.h>

static const char sql_1[] = "CREATE TABLE a (id INTEGER PRIMARY KEY, b BIGINT REFERENCES a (id));"
                            "INSERT INTO a (id) VALUES (1), (2);";
static const char sql_2[] = "ALTER TABLE a ADD COLUMN c TEXT; UPDATE a SET c = 'two';";
static const char sql_2_other[] = "this is for another database;";
/* Rebuilds the table that refers to itself. */
static const char sql_3[] = "CREATE TABLE a2 (id INTEGER PRIMARY KEY, b BIGINT REFERENCES a (id), "
                            "c TEXT NOT NULL); INSERT INTO a2 SELECT id, b, c FROM a; DROP TABLE a;"
                            "ALTER TABLE a2 RENAME TO a; -- the end";
static const char sql_bad[] = "DELETE FROM a; SELECT nothing;";
static const char sql_dangling[] = "UPDATE a SET b = 99;";

static const struct embedded files[] = {
    FIXTURE_FILE("0001_first.sql", sql_1),
    FIXTURE_FILE("0002_more.postgres.sql", sql_2_other),
    FIXTURE_FILE("0002_more.sqlite.sql", sql_2),
    FIXTURE_FILE("0003_rebuilt.sql", sql_3),
};

static enum status open_with(const char *name, const struct embedded *migrations, size_t count,
                             struct error *err)
{
    struct store *store = NULL;
    enum status st = store_open(&(struct store_options){.path = fixture_path(name),
                                                        .create = true,
                                                        .migrations = migrations,
                                                        .migrations_count = count},
                                &store, err);
    store_close(store);
    return st;
}

struct telling {
    int64_t copied; /* pages, as last said */
    int checks, versions;
    enum store_upgrade last;
};

static void told(void *ctx, enum store_upgrade at, int64_t done, int64_t total)
{
    struct telling *t = ctx;
    EXPECT(at >= t->last);
    EXPECT(done <= total);
    t->last = at;
    t->copied = at == STORE_COPYING ? done : t->copied;
    t->checks += at == STORE_CHECKING;
    t->versions += at == STORE_MIGRATING;
}

/* Many pages, so that there is something to say before the end; and the copy has them all. */
static const char sql_many[] =
    "CREATE TABLE many (id INTEGER PRIMARY KEY, t TEXT);"
    "INSERT INTO many (t) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
    " WHERE i < 6000) SELECT zeroblob(4000) FROM n;";
static const char sql_more[] = "DELETE FROM many WHERE id > 1;";

static void progress(void)
{
    struct embedded many[] = {FIXTURE_FILE("0001_many.sql", sql_many),
                              FIXTURE_FILE("0002_more.sql", sql_more)};
    struct telling telling = {0};
    struct error err = ERROR_INIT;
    struct store *store = NULL;
    EXPECT_ST(open_with("long.db", many, 1, &err), ST_OK, &err);
    EXPECT_ST(store_open(&(struct store_options){.path = fixture_path("long.db"),
                                                 .migrations = many,
                                                 .migrations_count = 2,
                                                 .upgrading = told,
                                                 .upgrading_ctx = &telling},
                         &store, &err),
              ST_OK, &err);
    store_close(store);
    EXPECT(telling.copied > 1000);
    EXPECT_INT(telling.checks, 1);
    EXPECT_INT(telling.versions, 1);
    EXPECT_ST(store_open(&(struct store_options){.path = fixture_path("long.db.before-0002"),
                                                 .read_only = true,
                                                 .migrations = many,
                                                 .migrations_count = 1},
                         &store, &err),
              ST_OK, &err);
    struct store_conn *conn = fixture_reader(store);
    EXPECT_INT(fixture_number(conn, SQL("SELECT count(*) FROM many")), 6000);
    store_reader_free(conn);
    store_close(store);
}

static int64_t number_in(const char *name, store_sql sql)
{
    AUTO(store_closep)
    struct store *store = fixture_open(&(struct store_options){
        .path = fixture_path(name), .read_only = true, .migrations = files, .migrations_count = 4});
    AUTO(store_reader_freep) struct store_conn *conn = fixture_reader(store);
    return fixture_number(conn, sql);
}

static void upwards(void)
{
    struct error err = ERROR_INIT;
    EXPECT_ST(open_with("up.db", files, 1, &err), ST_OK, &err);
    EXPECT(!file_exists(fixture_path("up.db.before-0001")));

    int database = 0;
    int program = 0;
    EXPECT_ST(store_versions(&(struct store_options){.path = fixture_path("up.db"),
                                                     .migrations = files,
                                                     .migrations_count = 4},
                             &database, &program, &err),
              ST_OK, &err);
    EXPECT_INT(database, 1);
    EXPECT_INT(program, 3);

    EXPECT_ST(open_with("up.db", files, 4, &err), ST_OK, &err);
    EXPECT(file_exists(fixture_path("up.db.before-0002")));
    EXPECT(!file_exists(fixture_path("up.db.before-0003")));
    EXPECT_INT(number_in("up.db", SQL("SELECT count(*) FROM a WHERE c = 'two'")), 2);
    EXPECT_INT(number_in("up.db", SQL("SELECT version FROM schema_version")), 3);

    /* The copy is the database as it was, and goes the same way again. */
    EXPECT_ST(open_with("up.db.before-0002", files, 4, &err), ST_OK, &err);
    EXPECT_INT(number_in("up.db.before-0002", SQL("SELECT count(*) FROM a WHERE c = 'two'")), 2);
}

/* A file that fails leaves the version before it, whole. */
static void halfway(void)
{
    static const struct {
        const char *sql;
        const char *why;
    } cases[] = {{sql_bad, "0003_bad.sql: "}, {sql_dangling, "table a refers"}};
    for (size_t i = 0; i < 2; i++) {
        struct embedded broken[3] = {
            FIXTURE_FILE("0001_first.sql", sql_1),
            FIXTURE_FILE("0002_more.sql", sql_2),
            {"0003_bad.sql", cases[i].sql, cases[i].sql + strlen(cases[i].sql)}};
        char name[16];
        (void)snprintf(name, sizeof(name), "half%zu.db", i);
        struct error err = ERROR_INIT;
        EXPECT_ST(open_with(name, files, 1, &err), ST_OK, &err);
        EXPECT(open_with(name, broken, 3, &err) != ST_OK);
        EXPECT(str_contains(str_from_c(err.text), str_from_c(cases[i].why)));
        EXPECT_ST(open_with(name, files, 4, &err), ST_OK, &err);
        EXPECT_INT(number_in(name, SQL("SELECT count(*) FROM a WHERE c = 'two' AND b IS NULL")), 2);
    }
}

static void refused(void)
{
    struct error err = ERROR_INIT;
    EXPECT_ST(open_with("new.db", files, 4, &err), ST_OK, &err);
    EXPECT_ST(open_with("new.db", files, 1, &err), ST_INVALID, &err);
    EXPECT(str_contains(str_from_c(err.text), S("version 3")));
    EXPECT(str_contains(str_from_c(err.text), S("up to 1")));

    struct store *store = NULL;
    struct store_options options = {.path = fixture_path("absent.db")};
    EXPECT_ST(store_open(&options, &store, &err), ST_NOT_FOUND, &err);
    EXPECT(!file_exists(fixture_path("absent.db")));

    EXPECT_ST(open_with("old.db", files, 1, &err), ST_OK, &err);
    options = (struct store_options){.path = fixture_path("old.db"),
                                     .read_only = true,
                                     .migrations = files,
                                     .migrations_count = 4};
    EXPECT_ST(store_open(&options, &store, &err), ST_INVALID, &err);
    EXPECT(str_contains(str_from_c(err.text), S("broadsheet upgrade")));

    EXPECT_ST(file_write_atomic(fixture_path("text.db"),
                                S("This is no database but it is long "
                                  "enough to be taken for one, is it?"),
                                0600, &err),
              ST_OK, &err);
    EXPECT_ST(open_with("text.db", files, 1, &err), ST_INVALID, &err);
    EXPECT_ST(open_with("no/such/folder.db", files, 1, &err), ST_IO, &err);
    EXPECT(store == NULL);
}

/* Each call of the opening fails in turn: what is there is always a whole version. */
static bool fail_nth(void *ctx, const char *call)
{
    (void)call;
    int *left = ctx;
    return --*left == 0;
}

static void every_call(void)
{
    struct error err = ERROR_INIT;
    enum status st = ST_IO;
    for (int n = 1; st != ST_OK; n++) {
        CHECK(n < 1000);
        int left = n;
        struct store *store = NULL;
        st = store_open(&(struct store_options){.path = fixture_path("nth.db"),
                                                .create = true,
                                                .migrations = files,
                                                .migrations_count = 4,
                                                .fault = fail_nth,
                                                .fault_ctx = &left},
                        &store, &err);
        store_close(store);
        if (st != ST_OK)
            EXPECT(str_contains(str_from_c(err.text), S("the test made")));
    }
    EXPECT_INT(number_in("nth.db", SQL("SELECT count(*) FROM a WHERE c = 'two'")), 2);
}

static void rights(void)
{
    struct stat info = {0};
    struct error err = ERROR_INIT;
    EXPECT_ST(open_with("rights.db", files, 1, &err), ST_OK, &err);
    EXPECT(stat(fixture_path("rights.db").ptr, &info) == 0);
    EXPECT_INT(info.st_mode & 0007, 0);
}

/* The site's own schema loads, from nothing. */
static void the_real_one(void)
{
    struct error err = ERROR_INIT;
    struct store *store = NULL;
    EXPECT_ST(store_open(&(struct store_options){.path = fixture_path("real.db"),
                                                 .create = true,
                                                 .tokenizer.tokens = fixture_no_tokens,
                                                 .migrations = store_schema,
                                                 .migrations_count = store_schema_count},
                         &store, &err),
              ST_OK, &err);
    store_close(store);
}

int main(void)
{
    fixture_start();
    upwards();
    progress();
    halfway();
    refused();
    every_call();
    rights();
    the_real_one();
    return test_done();
}
