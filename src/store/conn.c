/* SPDX-License-Identifier: MIT
 *
 * A connection and its prepared statements.
 *
 * Preparing costs more than most queries run, so statements are kept, found again by the address
 * of their SQL: it is a literal, so one pointer comparison replaces hashing the text. One in use is
 * never lent twice; a second user gets another. Above the limit the one least recently lent goes.
 *
 * A statement remembers its first failure and tells it at the next step: callers prepare and bind
 * without asking, and check once. */
#include "base/arena.h"
#include "store/inner.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 256 }; /* a power of two, twice STORE_STATEMENTS_MAX */

struct store_stmt {
    struct store_conn *conn;
    struct driver_stmt *raw; /* NULL: could not be prepared */
    store_sql sql;
    struct error *failure; /* the first, on the heap; NULL: none */
    bool lent;
    bool counted; /* among conn->statements; control statements are not */
    bool started; /* stepped since the last reset */
    bool row;     /* the last step gave one */
    struct store_stmt *bucket_next;
    struct store_stmt *newer; /* by when it was last lent */
    struct store_stmt *older;
};

struct store_conn {
    struct store *store;
    struct driver_conn *raw;
    int64_t statements;
    size_t bytes_bound;
    struct error *failure; /* of any statement, for conn_failure_take; NULL: none */

    struct store_stmt *buckets[BUCKETS];
    struct store_stmt *newest;
    struct store_stmt *oldest;
    size_t kept;
    size_t lent;
};

/* ---- the kept statements ---- */

static struct store_stmt **bucket_of(struct store_conn *conn, store_sql sql)
{
    uintptr_t at = (uintptr_t)sql.text;
    return &conn->buckets[((at >> 4) ^ (at >> 12) ^ at) & (BUCKETS - 1)];
}

static void newest_add(struct store_conn *conn, struct store_stmt *stmt)
{
    stmt->newer = NULL;
    stmt->older = conn->newest;
    if (conn->newest != NULL)
        conn->newest->newer = stmt;
    else
        conn->oldest = stmt;
    conn->newest = stmt;
}

static void order_remove(struct store_conn *conn, struct store_stmt *stmt)
{
    *(stmt->newer != NULL ? &stmt->newer->older : &conn->newest) = stmt->older;
    *(stmt->older != NULL ? &stmt->older->newer : &conn->oldest) = stmt->newer;
}

static void stmt_free(struct store_stmt *stmt)
{
    if (stmt->raw != NULL)
        stmt->conn->store->driver->stmt_free(stmt->raw);
    free(stmt->failure);
    free(stmt);
}

static void keep(struct store_conn *conn, struct store_stmt *stmt)
{
    struct store_stmt **bucket = bucket_of(conn, stmt->sql);
    stmt->bucket_next = *bucket;
    *bucket = stmt;
    newest_add(conn, stmt);
    conn->kept++;
}

static void forget(struct store_conn *conn, struct store_stmt *stmt)
{
    struct store_stmt **at = bucket_of(conn, stmt->sql);
    while (*at != stmt)
        at = &(*at)->bucket_next;
    *at = stmt->bucket_next;
    order_remove(conn, stmt);
    conn->kept--;
    stmt_free(stmt);
}

static void forget_oldest(struct store_conn *conn)
{
    for (struct store_stmt *stmt = conn->oldest; stmt != NULL; stmt = stmt->newer) {
        if (!stmt->lent) {
            forget(conn, stmt);
            return;
        }
    }
}

/* ---- connections ---- */

enum status conn_new(struct store *store, enum driver_use use, struct store_conn **ret_conn,
                     struct error *err)
{
    enum status st = store_fault(store, "open", err);
    if (st != ST_OK)
        return st;
    struct driver_conn *raw;
    st = store->driver->conn_open(store->db, use, &raw, err);
    if (st != ST_OK)
        return st;
    struct store_conn *conn = calloc(1, sizeof(*conn));
    CHECK(conn != NULL);
    conn->store = store;
    conn->raw = raw;
    *ret_conn = conn;
    return ST_OK;
}

void conn_free(struct store_conn *conn)
{
    if (conn == NULL)
        return;
    CHECK(conn->lent == 0);
    while (conn->oldest != NULL)
        forget(conn, conn->oldest);
    conn->store->driver->conn_close(conn->raw);
    free(conn->failure);
    free(conn);
}

struct driver_conn *conn_raw(struct store_conn *conn)
{
    return conn->raw;
}

bool conn_in_transaction(const struct store_conn *conn)
{
    return conn->store->driver->conn_in_transaction(conn->raw);
}

struct store *conn_store(const struct store_conn *conn)
{
    return conn->store;
}

size_t conn_bytes_bound(const struct store_conn *conn)
{
    return conn->bytes_bound;
}

enum status store_reader_new(struct store *store, struct store_conn **ret_conn, struct error *err)
{
    return conn_new(store, DRIVER_READS, ret_conn, err);
}

void store_reader_free(struct store_conn *conn)
{
    conn_free(conn);
}

void store_conn_deadline(struct store_conn *conn, time_us deadline)
{
    conn->store->driver->conn_deadline(conn->raw, deadline);
}

int64_t store_conn_statements(const struct store_conn *conn)
{
    return conn->statements;
}

/* ---- failures ---- */

static struct error *error_copy(const struct error *err)
{
    struct error *copy = malloc(sizeof(*copy));
    CHECK(copy != NULL);
    *copy = *err;
    return copy;
}

static void stmt_fail(struct store_stmt *stmt, const struct error *why)
{
    if (stmt->failure == NULL)
        stmt->failure = error_copy(why);
    if (stmt->conn->failure == NULL)
        stmt->conn->failure = error_copy(why);
}

static enum status error_tell(const struct error *why, struct error *err)
{
    if (err != NULL)
        *err = *why;
    return why->status;
}

enum status conn_failure_take(struct store_conn *conn, struct error *err)
{
    if (conn->failure == NULL)
        return ST_OK;
    enum status st = error_tell(conn->failure, err);
    free(TAKE(conn->failure));
    return st;
}

/* ---- statements ---- */

static struct store_stmt *stmt_prepare(struct store_conn *conn, store_sql sql)
{
    struct store_stmt *stmt = calloc(1, sizeof(*stmt));
    CHECK(stmt != NULL);
    stmt->conn = conn;
    stmt->sql = sql;
    struct error why = ERROR_INIT;
    if (conn->store->driver->stmt_prepare(conn->raw, sql, &stmt->raw, &why) != ST_OK)
        stmt_fail(stmt, &why);
    else
        keep(conn, stmt);
    return stmt;
}

struct store_stmt *store_query(struct store_conn *conn, store_sql sql)
{
    struct store_stmt *stmt = *bucket_of(conn, sql);
    while (stmt != NULL && (stmt->lent || stmt->sql.text != sql.text || stmt->sql.len != sql.len))
        stmt = stmt->bucket_next;
    if (stmt != NULL) {
        order_remove(conn, stmt);
        newest_add(conn, stmt);
    } else {
        stmt = stmt_prepare(conn, sql);
    }
    stmt->lent = true;
    stmt->counted = true;
    conn->lent++;
    if (conn->kept > conn->store->options.statements_max)
        forget_oldest(conn);
    return stmt;
}

void store_stmt_done(struct store_stmt *stmt)
{
    if (stmt == NULL)
        return;
    struct store_conn *conn = stmt->conn;
    const struct store_driver *driver = conn->store->driver;
    CHECK(stmt->lent);
    /* The rows of a RETURNING are there before all of the statement's work is. */
    if (stmt->raw != NULL && stmt->row && driver->stmt_writes(stmt->raw))
        (void)!store_run(stmt, NULL); /* conn->failure tells the writer */
    stmt->lent = false;
    conn->lent--;
    if (stmt->raw == NULL) {
        stmt_free(stmt);
        return;
    }
    store_stmt_reset(stmt);
    driver->stmt_unbind(stmt->raw);
}

void store_stmt_reset(struct store_stmt *stmt)
{
    if (stmt->raw == NULL)
        return;
    if (stmt->started)
        stmt->conn->store->driver->stmt_reset(stmt->raw);
    stmt->started = false;
    stmt->row = false;
    free(stmt->failure);
    stmt->failure = NULL;
}

/* ---- values in ---- */

static void bind_failed(struct store_stmt *stmt, enum status st, int index, const char *what)
{
    struct error why = ERROR_INIT;
    (void)error_set(&why, st, "value $%d %s", index, what);
    stmt_fail(stmt, &why);
}

/* What every bind asks first. */
static bool bindable(struct store_stmt *stmt, size_t bytes)
{
    CHECK(!stmt->started);
    stmt->conn->bytes_bound += bytes;
    return stmt->raw != NULL && stmt->failure == NULL;
}

static void bound(struct store_stmt *stmt, int index, bool ok)
{
    if (!ok)
        bind_failed(stmt, ST_INVALID, index, "is not in the statement, or too long");
}

#define BIND(stmt, fn, index, bytes, ...)                                                          \
    do {                                                                                           \
        if (bindable((stmt), (bytes)))                                                             \
            bound((stmt), (index),                                                                 \
                  (stmt)->conn->store->driver->fn((stmt)->raw, (index), ##__VA_ARGS__));           \
    } while (0)

void store_bind_int(struct store_stmt *stmt, int index, int64_t value)
{
    BIND(stmt, bind_int, index, sizeof(value), value);
}

void store_bind_double(struct store_stmt *stmt, int index, double value)
{
    BIND(stmt, bind_double, index, sizeof(value), value);
}

void store_bind_text(struct store_stmt *stmt, int index, str value)
{
    if (str_find_char(value, '\0') != STR_NPOS)
        bind_failed(stmt, ST_INVALID, index, "is text with a NUL character in it");
    else if (!str_is_utf8(value))
        bind_failed(stmt, ST_INVALID, index, "is text that is not UTF-8");
    BIND(stmt, bind_text, index, value.len, value);
}

void store_bind_blob(struct store_stmt *stmt, int index, str value)
{
    BIND(stmt, bind_blob, index, value.len, value);
}

void store_bind_null(struct store_stmt *stmt, int index)
{
    BIND(stmt, bind_null, index, 0);
}

void store_bind_ids(struct store_stmt *stmt, int index, const int64_t *ids, size_t count)
{
    BIND(stmt, bind_ids, index, size_mul(count, sizeof(*ids)), ids, count);
}

void store_bind_text_or_null(struct store_stmt *stmt, int index, str value)
{
    if (value.len == 0)
        store_bind_null(stmt, index);
    else
        store_bind_text(stmt, index, value);
}

void store_bind_int_or_null(struct store_stmt *stmt, int index, int64_t value)
{
    if (value == 0)
        store_bind_null(stmt, index);
    else
        store_bind_int(stmt, index, value);
}

/* ---- steps ---- */

static enum status step_raw(struct store_stmt *stmt, const char *call, struct error *err)
{
    if (stmt->failure != NULL)
        return error_tell(stmt->failure, err);
    if (stmt->started && !stmt->row)
        return ST_NOT_FOUND;

    struct error why; /* a kilobyte: not worth clearing for every row */
    enum status st = ST_OK;
    if (!stmt->started) {
        st = store_fault(stmt->conn->store, call, &why);
        if (stmt->counted)
            stmt->conn->statements++;
    }
    stmt->started = true;
    if (st == ST_OK)
        st = stmt->conn->store->driver->stmt_step(stmt->raw, &why);
    stmt->row = st == ST_OK;
    if (st != ST_OK && st != ST_NOT_FOUND) {
        stmt_fail(stmt, &why);
        return error_tell(&why, err);
    }
    return st;
}

enum status store_step(struct store_stmt *stmt, struct error *err)
{
    return step_raw(stmt, "query", err);
}

enum status store_run(struct store_stmt *stmt, struct error *err)
{
    enum status st;
    do
        st = store_step(stmt, err);
    while (st == ST_OK);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

int64_t store_stmt_changes(const struct store_stmt *stmt)
{
    if (stmt->raw == NULL || !stmt->started)
        return 0;
    return stmt->conn->store->driver->stmt_changes(stmt->raw);
}

/* ---- values out ---- */

static const struct store_driver *column_of(const struct store_stmt *stmt, int index)
{
    CHECK(stmt->row);
    CHECK(index >= 0);
    const struct store_driver *driver = stmt->conn->store->driver;
    CHECK(index < driver->column_count(stmt->raw));
    return driver;
}

int64_t store_column_int(const struct store_stmt *stmt, int index)
{
    return column_of(stmt, index)->column_int(stmt->raw, index);
}

double store_column_double(const struct store_stmt *stmt, int index)
{
    return column_of(stmt, index)->column_double(stmt->raw, index);
}

str store_column_text(const struct store_stmt *stmt, int index)
{
    return column_of(stmt, index)->column_text(stmt->raw, index);
}

str store_column_blob(const struct store_stmt *stmt, int index)
{
    return column_of(stmt, index)->column_blob(stmt->raw, index);
}

bool store_column_is_null(const struct store_stmt *stmt, int index)
{
    return column_of(stmt, index)->column_is_null(stmt->raw, index);
}

/* ---- transactions ---- */

enum status conn_control(struct store_conn *conn, store_sql sql, const char *call,
                         struct error *err)
{
    AUTO(store_stmt_donep) struct store_stmt *stmt = store_query(conn, sql);
    stmt->counted = false;
    enum status st = step_raw(stmt, call, err);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

void conn_rollback(struct store_conn *conn)
{
    if (!conn_in_transaction(conn))
        return;
    /* What undoes must not fail: the test's hook is not asked. */
    AUTO(store_stmt_donep) struct store_stmt *stmt = store_query(conn, SQL("ROLLBACK"));
    CHECK(stmt->raw != NULL);
    stmt->started = true;
    (void)!conn->store->driver->stmt_step(stmt->raw, NULL);
    CHECK(!conn_in_transaction(conn));
}

enum status store_read_begin(struct store_conn *conn, struct error *err)
{
    CHECK(!conn_in_transaction(conn));
    return conn_control(conn, conn->store->driver->begin_read, "begin", err);
}

void store_read_end(struct store_conn *conn)
{
    conn_rollback(conn);
}
