/* tests/unit/store/fixture.h -- a folder that goes away, and a small schema of the tests' own. */
#pragma once
#include "base/arena.h"
#include "base/embedded.h"
#include "base/random.h"
#include "store/store.h"
#include "tests/check.h"

#include <ftw.h>
#include <limits.h>
#include <unistd.h>

static char fixture_dir[64];

static inline int fixture_unlink(const char *path, const struct stat *info, int type,
                                 struct FTW *walk)
{
    (void)info, (void)type, (void)walk;
    return remove(path);
}

static inline void fixture_end(void)
{
    (void)nftw(fixture_dir, fixture_unlink, 8, FTW_DEPTH | FTW_PHYS);
}

static inline void fixture_start_in(const char *parent)
{
    random_start();
    (void)snprintf(fixture_dir, sizeof(fixture_dir), "%s/store-test-XXXXXX", parent);
    CHECK(mkdtemp(fixture_dir) != NULL);
    (void)atexit(fixture_end);
}

static inline void fixture_start(void)
{
    fixture_start_in("/tmp");
}

/* Two at a time may be in use. */
static inline str fixture_path(const char *name)
{
    static char paths[2][PATH_MAX];
    static size_t turn;
    char *path = paths[turn++ % 2];
    (void)snprintf(path, PATH_MAX, "%s/%s", fixture_dir, name);
    return str_from_c(path);
}

#define FIXTURE_FILE(name, sql)                                                                    \
    {                                                                                              \
        (name), (sql), (sql) + sizeof(sql) - 1                                                     \
    }

/* Two tables that a write must change together. */
static const char fixture_sql[] =
    "CREATE TABLE story (id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, title TEXT,"
    "                    score DOUBLE PRECISION, picture BLOB);"
    "CREATE TABLE reply (id INTEGER PRIMARY KEY, story BIGINT NOT NULL REFERENCES story (id),"
    "                    body TEXT NOT NULL);"
    "CREATE INDEX reply_story ON reply (story);";
static const struct embedded fixture_schema[] = {FIXTURE_FILE("0001_start.sql", fixture_sql)};

static inline struct store_options fixture_options(str path)
{
    return (struct store_options){.path = path,
                                  .create = true,
                                  .migrations = fixture_schema,
                                  .migrations_count =
                                      sizeof(fixture_schema) / sizeof(fixture_schema[0])};
}

/* For schemas with full text in which nothing is sought. */
static inline void fixture_no_tokens(void *ctx, str text, str language, store_emit_fn *emit,
                                     void *emit_ctx)
{
    (void)ctx, (void)text, (void)language, (void)emit, (void)emit_ctx;
}

static inline struct store *fixture_open(const struct store_options *options)
{
    struct error err = ERROR_INIT;
    struct store *store = NULL;
    EXPECT_ST(store_open(options, &store, &err), ST_OK, &err);
    CHECK(store != NULL);
    return store;
}

static inline struct store_conn *fixture_reader(struct store *store)
{
    struct error err = ERROR_INIT;
    struct store_conn *conn = NULL;
    EXPECT_ST(store_reader_new(store, &conn, &err), ST_OK, &err);
    CHECK(conn != NULL);
    return conn;
}

/* The one number a query gives. */
static inline int64_t fixture_number(struct store_conn *conn, store_sql sql)
{
    struct error err = ERROR_INIT;
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, sql);
    EXPECT_ST(store_step(q, &err), ST_OK, &err);
    return store_column_int(q, 0);
}
