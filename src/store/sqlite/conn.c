/* SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

#include <stdlib.h>
#include <unistd.h>

enum {
    BUSY_POLL_US = 1000,   /* shorter than STORE_GAP_MS, so that a gap is found */
    PROGRESS_STEPS = 1000, /* of SQLite's machine, some 20 µs, between looks at the time */
    LOG_FILE_MAX = 64 * 1024 * 1024, /* what stays of the log's file once it is written back */
};

/* ---- what SQLite asks while it works ---- */

static int on_busy(void *arg, int times)
{
    struct driver_conn *conn = arg;
    time_us now = clock_monotonic();
    if (times == 0)
        conn->busy_until = now + conn->busy_max_ms * TIME_MS;
    if (now >= conn->busy_until)
        return 0;
    (void)usleep(BUSY_POLL_US);
    return 1;
}

static int on_progress(void *arg)
{
    const struct driver_conn *conn = arg;
    return clock_monotonic() >= conn->deadline;
}

void sqlite_conn_deadline(struct driver_conn *conn, time_us deadline)
{
    conn->deadline = deadline;
    if (deadline == TIME_NEVER)
        sqlite3_progress_handler(conn->raw, 0, NULL, NULL);
    else
        sqlite3_progress_handler(conn->raw, PROGRESS_STEPS, on_progress, conn);
}

/* ---- opening ---- */

/* The file may be damaged or hostile: no functions with effects from its schema, no writes to the
 * tables behind its tables. "text" in double quotes is a mistake that PostgreSQL would refuse. */
static void defend(sqlite3 *raw)
{
    (void)sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    (void)sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    (void)sqlite3_db_config(raw, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
}

static enum status settings(struct driver_conn *conn, enum driver_use use, struct error *err)
{
    const struct store_options *options = conn->db->options;
    char text[512];
    int len = snprintf(text, sizeof(text),
                       "PRAGMA cache_size=-%zu; PRAGMA mmap_size=0; PRAGMA foreign_keys=ON;"
                       "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0;"
                       "PRAGMA temp_store=MEMORY; PRAGMA journal_size_limit=%d;"
                       "PRAGMA query_only=%d",
                       options->cache_bytes / 1024, LOG_FILE_MAX, use == DRIVER_READS);
    CHECK(len > 0 && (size_t)len < sizeof(text));
    return sqlite_script(conn, (str){text, (size_t)len}, err);
}

static enum status log_mode(struct driver_conn *conn, struct error *err)
{
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(conn->raw, "PRAGMA journal_mode=WAL", -1, &q, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(q);
    if (rc != SQLITE_ROW) {
        enum status st = sqlite_fail(conn->db, conn->raw, rc, err);
        (void)sqlite3_finalize(q);
        return st;
    }
    str mode = str_from_c((const char *)sqlite3_column_text(q, 0));
    bool wal = str_eq(mode, S("wal"));
    (void)sqlite3_finalize(q);
    if (wal)
        return ST_OK;
    return error_set(err, ST_IO,
                     "the file system of %s cannot hold a database that several threads share: "
                     "put the site on a local disk",
                     conn->db->path);
}

static enum status extensions(struct driver_conn *conn, struct error *err)
{
    int rc = sqlite_id_list_register(conn->raw);
    if (rc == SQLITE_OK && conn->db->options->tokenizer.tokens != NULL)
        rc = sqlite_full_text_register(conn->raw, &conn->db->options->tokenizer);
    return rc == SQLITE_OK ? ST_OK : sqlite_fail(conn->db, conn->raw, rc, err);
}

enum status sqlite_file_open(struct driver_db *db, const char *path, int flags,
                             struct driver_conn **ret_conn, struct error *err)
{
    AUTO(sqlite_conn_closep) struct driver_conn *conn = calloc(1, sizeof(*conn));
    CHECK(conn != NULL);
    conn->db = db;
    conn->deadline = TIME_NEVER;
    conn->busy_max_ms = db->options->busy_timeout_ms;
    int rc = sqlite3_open_v2(path, &conn->raw, flags | SQLITE_OPEN_NOMUTEX, NULL);
    if (rc != SQLITE_OK)
        return sqlite_fail(db, conn->raw, rc, err);
    (void)sqlite3_busy_handler(conn->raw, on_busy, conn);
    defend(conn->raw);
    enum status st = extensions(conn, err);
    if (st != ST_OK)
        return st;
    *ret_conn = TAKE(conn);
    return ST_OK;
}

enum status sqlite_conn_open(struct driver_db *db, enum driver_use use,
                             struct driver_conn **ret_conn, struct error *err)
{
    /* A reader of a log writes to the memory it shares with the writer, so it too opens the file
     * for writing; query_only keeps it from more. */
    const bool read_only = db->options->read_only;
    AUTO(sqlite_conn_closep) struct driver_conn *conn = NULL;
    enum status st = sqlite_file_open(
        db, db->path, read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE, &conn, err);
    if (st == ST_OK && !read_only)
        st = log_mode(conn, err);
    if (st == ST_OK)
        st = settings(conn, use, err);
    if (st != ST_OK)
        return st;
    if (use == DRIVER_WRITES)
        sqlite_log_watch(db, conn->raw);
    *ret_conn = TAKE(conn);
    return ST_OK;
}

void sqlite_conn_close(struct driver_conn *conn)
{
    if (conn == NULL)
        return;
    sqlite_stmt_free(conn->data_version);
    int rc = sqlite3_close(conn->raw);
    CHECK(rc == SQLITE_OK); /* else a statement was not given back */
    free(conn);
}

/* ---- small things ---- */

bool sqlite_conn_in_transaction(const struct driver_conn *conn)
{
    return sqlite3_get_autocommit(conn->raw) == 0;
}

enum status sqlite_conn_data_version(struct driver_conn *conn, int64_t *ret_version,
                                     struct error *err)
{
    enum status st = ST_OK;
    if (conn->data_version == NULL)
        st = sqlite_stmt_prepare(conn, SQL("PRAGMA data_version"), &conn->data_version, err);
    if (st == ST_OK)
        st = sqlite_stmt_step(conn->data_version, err);
    if (st != ST_OK)
        return st;
    *ret_version = sqlite_column_int(conn->data_version, 0);
    sqlite_stmt_reset(conn->data_version);
    return ST_OK;
}

enum status sqlite_script(struct driver_conn *conn, str sql, struct error *err)
{
    const char *at = sql.ptr;
    const char *end = sql.ptr + sql.len;
    while (at < end) {
        sqlite3_stmt *stmt = NULL;
        int rc = sqlite3_prepare_v2(conn->raw, at, int_from_size((size_t)(end - at)), &stmt, &at);
        while (rc == SQLITE_OK && stmt != NULL && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
            rc = SQLITE_OK;
        if (rc != SQLITE_OK && rc != SQLITE_DONE) {
            enum status st = sqlite_fail(conn->db, conn->raw, rc, err);
            (void)sqlite3_finalize(stmt);
            return st;
        }
        (void)sqlite3_finalize(stmt);
    }
    return ST_OK;
}

enum status sqlite_number(struct driver_conn *conn, const char *sql, int64_t *ret_number,
                          struct error *err)
{
    AUTO(sqlite_stmt_freep) struct driver_stmt *stmt = NULL;
    enum status st = sqlite_stmt_prepare(conn, (store_sql){sql, str_from_c(sql).len}, &stmt, err);
    if (st == ST_OK)
        st = sqlite_stmt_step(stmt, err);
    if (st != ST_OK)
        return st;
    *ret_number = sqlite_column_int(stmt, 0);
    return ST_OK;
}
