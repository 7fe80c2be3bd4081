/* store/inner.h -- what the parts of store/ that every database shares know of each other. */
#pragma once
#include "store/driver.h"

struct writer;

struct store {
    /* All read-only after store_open. */
    const struct store_driver *driver;
    struct driver_db *db;
    struct arena *arena;          /* of what options lent */
    struct store_options options; /* zeroes replaced, path copied */
    int64_t origin;               /* tells this opening's rows of `change` from others' */
    struct writer *writer;        /* NULL when read-only */
};

/* ST_IO when the test's hook wants this call to fail. */
MUST_USE enum status store_fault(const struct store *store, const char *call, struct error *err);

/* ---- connections (conn.c) ---- */

MUST_USE enum status conn_new(struct store *store, enum driver_use use,
                              struct store_conn **ret_conn, struct error *err);
void conn_free(struct store_conn *conn);
DEFINE_FREEP(struct store_conn *, conn_free)
struct driver_conn *conn_raw(struct store_conn *conn);
struct store *conn_store(const struct store_conn *conn);
/* BEGIN, COMMIT, SAVEPOINT: not counted as a statement; `call` is for the fault hook. */
MUST_USE enum status conn_control(struct store_conn *conn, store_sql sql, const char *call,
                                  struct error *err);
bool conn_in_transaction(const struct store_conn *conn);
void conn_rollback(struct store_conn *conn);            /* nothing when no transaction is open */
size_t conn_bytes_bound(const struct store_conn *conn); /* by every statement so far */

/* A failed statement is remembered until it is asked for: PostgreSQL undoes the whole write then,
 * so no write that went on after one is let through. ST_OK when none failed since the last time. */
enum status conn_failure_take(struct store_conn *conn, struct error *err);

/* ---- the writer (writer.c) ---- */

struct writer *writer_new(struct store *store, struct store_conn *conn_taken);
void writer_free(struct writer *writer);
void writer_stats(struct writer *writer, struct store_stats *stats);

/* ---- names of what changed (changes.c) ---- */

/* Inside the batch's transaction. */
MUST_USE enum status changes_insert(struct store_conn *conn, int64_t origin, const str *names,
                                    size_t count, struct error *err);
MUST_USE enum status changes_prune(struct store_conn *conn, struct error *err);

/* ---- the schema (migrate.c) ---- */

MUST_USE enum status migrate(struct store *store, struct store_conn *conn, struct error *err);
/* ST_INVALID unless the database is exactly as new as the program. */
MUST_USE enum status migrate_require_current(struct store *store, struct store_conn *conn,
                                             struct error *err);
MUST_USE enum status migrate_versions(struct store *store, struct store_conn *conn,
                                      int *ret_database, int *ret_program, struct error *err);
