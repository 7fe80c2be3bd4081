/* SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

#include <stdlib.h>
#include <string.h>

/* ---- $N to ?N ---- */

/* Past a quoted text or name, or a comment, that begins at `at`; `at` itself when none does. */
static size_t quoted_end(const char *sql, size_t len, size_t at)
{
    const char *close = NULL;
    str rest = str_from((str){sql, len}, at);
    if (sql[at] == '\'')
        close = "'";
    else if (sql[at] == '"')
        close = "\"";
    else if (str_starts(rest, S("--")))
        close = "\n";
    else if (str_starts(rest, S("/*")))
        close = "*/";
    if (close == NULL)
        return at;
    /* A doubled quote ends one text and begins the next: the same to us. */
    size_t skip = strlen(close) == 2 ? 2 : 1;
    size_t end = str_find(str_from(rest, skip), str_from_c(close));
    return end == STR_NPOS ? len : at + skip + end + strlen(close);
}

/* In SQLite $1 is a name, and names are numbered in the order they come in: ?1 is what says 1. */
static void parameters_number(char *sql, size_t len)
{
    size_t at = 0;
    while (at < len) {
        size_t end = quoted_end(sql, len, at);
        if (end > at) {
            at = end;
            continue;
        }
        if (sql[at] == '$' && at + 1 < len && ascii_is_digit(sql[at + 1]))
            sql[at] = '?';
        at++;
    }
}

/* ---- statements ---- */

enum status sqlite_stmt_prepare(struct driver_conn *conn, store_sql sql,
                                struct driver_stmt **ret_stmt, struct error *err)
{
    char *text = malloc(sql.len + 1);
    CHECK(text != NULL);
    memcpy(text, sql.text, sql.len);
    text[sql.len] = '\0';
    parameters_number(text, sql.len);
    sqlite3_stmt *raw = NULL;
    int rc = sqlite3_prepare_v3(conn->raw, text, int_from_size(sql.len + 1),
                                SQLITE_PREPARE_PERSISTENT, &raw, NULL);
    free(text);
    if (rc != SQLITE_OK) {
        enum status st = sqlite_fail(conn->db, conn->raw, rc, err);
        error_prefix(err, "%.*s", STR_ARG(((str){sql.text, sql.len})));
        return st;
    }
    CHECK(raw != NULL);
    struct driver_stmt *stmt = calloc(1, sizeof(*stmt));
    CHECK(stmt != NULL);
    stmt->conn = conn;
    stmt->raw = raw;
    *ret_stmt = stmt;
    return ST_OK;
}

void sqlite_stmt_free(struct driver_stmt *stmt)
{
    if (stmt == NULL)
        return;
    (void)sqlite3_finalize(stmt->raw);
    free(stmt);
}

enum status sqlite_stmt_step(struct driver_stmt *stmt, struct error *err)
{
    sqlite3 *raw = stmt->conn->raw;
    int rc = sqlite3_step(stmt->raw);
    if (rc == SQLITE_ROW)
        return ST_OK;
    if (rc == SQLITE_DONE) {
        stmt->changes = sqlite_stmt_writes(stmt) ? sqlite3_changes64(raw) : 0;
        return ST_NOT_FOUND;
    }
    return sqlite_fail(stmt->conn->db, raw, sqlite3_extended_errcode(raw), err);
}

void sqlite_stmt_reset(struct driver_stmt *stmt)
{
    (void)sqlite3_reset(stmt->raw); /* repeats the last step's code */
    stmt->changes = 0;
}

void sqlite_stmt_unbind(struct driver_stmt *stmt)
{
    (void)sqlite3_clear_bindings(stmt->raw);
}

bool sqlite_stmt_writes(const struct driver_stmt *stmt)
{
    return sqlite3_stmt_readonly(stmt->raw) == 0;
}

int64_t sqlite_stmt_changes(const struct driver_stmt *stmt)
{
    return stmt->changes;
}

/* ---- values ---- */

bool sqlite_bind_null(struct driver_stmt *stmt, int index)
{
    return sqlite3_bind_null(stmt->raw, index) == SQLITE_OK;
}

bool sqlite_bind_int(struct driver_stmt *stmt, int index, int64_t value)
{
    return sqlite3_bind_int64(stmt->raw, index, value) == SQLITE_OK;
}

bool sqlite_bind_double(struct driver_stmt *stmt, int index, double value)
{
    return sqlite3_bind_double(stmt->raw, index, value) == SQLITE_OK;
}

/* A NULL pointer would bind NULL, and the empty text is not that. */
static const char *bytes_of(str value)
{
    return value.len == 0 ? "" : value.ptr;
}

bool sqlite_bind_text(struct driver_stmt *stmt, int index, str value)
{
    return sqlite3_bind_text64(stmt->raw, index, bytes_of(value), value.len, SQLITE_STATIC,
                               SQLITE_UTF8) == SQLITE_OK;
}

bool sqlite_bind_blob(struct driver_stmt *stmt, int index, str value)
{
    return sqlite3_bind_blob64(stmt->raw, index, bytes_of(value), value.len, SQLITE_STATIC) ==
           SQLITE_OK;
}

bool sqlite_bind_ids(struct driver_stmt *stmt, int index, const int64_t *ids, size_t count)
{
    return sqlite_id_list_bind(stmt->raw, index, ids, count);
}

int sqlite_column_count(const struct driver_stmt *stmt)
{
    return sqlite3_column_count(stmt->raw);
}

int64_t sqlite_column_int(const struct driver_stmt *stmt, int index)
{
    return sqlite3_column_int64(stmt->raw, index);
}

double sqlite_column_double(const struct driver_stmt *stmt, int index)
{
    return sqlite3_column_double(stmt->raw, index);
}

str sqlite_column_text(const struct driver_stmt *stmt, int index)
{
    const unsigned char *text = sqlite3_column_text(stmt->raw, index); /* before its length */
    return (str){(const char *)text, (size_t)sqlite3_column_bytes(stmt->raw, index)};
}

str sqlite_column_blob(const struct driver_stmt *stmt, int index)
{
    const char *bytes = sqlite3_column_blob(stmt->raw, index);
    return (str){bytes, (size_t)sqlite3_column_bytes(stmt->raw, index)};
}

bool sqlite_column_is_null(const struct driver_stmt *stmt, int index)
{
    return sqlite3_column_type(stmt->raw, index) == SQLITE_NULL;
}
