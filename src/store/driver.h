/* store/driver.h -- what an implementation of the database brings; used inside store/ only.
 *
 * store.c, conn.c, writer.c, changes.c and migrate.c are the same for every database: the cache of
 * statements, the writer, the names of what changed. A driver knows how to connect, to run one
 * statement, and to keep its files in order. It hands out structs of its own that begin with
 * nothing in common: only it looks inside.
 *
 * A driver maps every failure to a status and a sentence as store.h says. */
#pragma once
#include "store/store.h"

struct driver_db;
struct driver_conn;
struct driver_stmt;

enum driver_use { DRIVER_READS, DRIVER_WRITES };

/* A copy that is asked for. */
struct driver_copy {
    str path;
    bool replace;               /* one that is there */
    bool quick;                 /* every page of it, but no index against its table */
    store_upgrade_fn *progress; /* NULL: nobody asks */
    void *progress_ctx;
};

struct store_driver {
    str name; /* as in NNNN_title.NAME.sql */

    /* What differs in SQL. */
    store_sql begin_read;
    store_sql begin_write; /* takes the right to write at once */
    str own_tables;        /* makes `schema_version` and `change` where they are not */

    MUST_USE enum status (*db_open)(const struct store_options *options, struct driver_db **ret_db,
                                    struct error *err);
    void (*db_close)(struct driver_db *db);

    MUST_USE enum status (*conn_open)(struct driver_db *db, enum driver_use use,
                                      struct driver_conn **ret_conn, struct error *err);
    void (*conn_close)(struct driver_conn *conn);
    void (*conn_deadline)(struct driver_conn *conn, time_us deadline);
    bool (*conn_in_transaction)(const struct driver_conn *conn);
    /* Changes whenever another connection has committed, of this process or not. */
    MUST_USE enum status (*conn_data_version)(struct driver_conn *conn, int64_t *ret_version,
                                              struct error *err);
    /* Several statements, no parameters. */
    MUST_USE enum status (*script)(struct driver_conn *conn, str sql, struct error *err);

    /* ST_INVALID when it holds another program's tables. */
    MUST_USE enum status (*schema_look)(struct driver_conn *conn, bool *ret_empty,
                                        struct error *err);
    /* Around a migration: a transaction in which tables may be rebuilt and references are checked
     * at its end. */
    MUST_USE enum status (*schema_begin)(struct driver_conn *conn, struct error *err);
    MUST_USE enum status (*schema_commit)(struct driver_conn *conn, struct error *err);
    void (*schema_rollback)(struct driver_conn *conn);

    MUST_USE enum status (*stmt_prepare)(struct driver_conn *conn, store_sql sql,
                                         struct driver_stmt **ret_stmt, struct error *err);
    void (*stmt_free)(struct driver_stmt *stmt);
    MUST_USE enum status (*stmt_step)(struct driver_stmt *stmt, struct error *err);
    void (*stmt_reset)(struct driver_stmt *stmt);  /* to the start; values stay bound */
    void (*stmt_unbind)(struct driver_stmt *stmt); /* after a reset */
    bool (*stmt_writes)(const struct driver_stmt *stmt);
    int64_t (*stmt_changes)(const struct driver_stmt *stmt);

    /* False: there is no such parameter, or the value is over a limit. */
    bool (*bind_null)(struct driver_stmt *stmt, int index);
    bool (*bind_int)(struct driver_stmt *stmt, int index, int64_t value);
    bool (*bind_double)(struct driver_stmt *stmt, int index, double value);
    bool (*bind_text)(struct driver_stmt *stmt, int index, str value);
    bool (*bind_blob)(struct driver_stmt *stmt, int index, str value);
    bool (*bind_ids)(struct driver_stmt *stmt, int index, const int64_t *ids, size_t count);

    int (*column_count)(const struct driver_stmt *stmt);
    int64_t (*column_int)(const struct driver_stmt *stmt, int index);
    double (*column_double)(const struct driver_stmt *stmt, int index);
    str (*column_text)(const struct driver_stmt *stmt, int index);
    str (*column_blob)(const struct driver_stmt *stmt, int index);
    bool (*column_is_null)(const struct driver_stmt *stmt, int index);

    /* Any thread, one at a time. */
    MUST_USE enum status (*checkpoint)(struct driver_db *db, struct error *err);
    /* The writer's thread, between transactions: keeps the log within its bounds. */
    void (*after_commit)(struct driver_db *db, struct driver_conn *writer);
    MUST_USE enum status (*backup)(struct driver_db *db, const struct driver_copy *copy,
                                   struct error *err);
    MUST_USE enum status (*check)(struct driver_db *db, struct arena *arena, str **ret_problems,
                                  size_t *ret_count, struct error *err);
    void (*stats)(struct driver_db *db, struct store_stats *stats);
};

extern const struct store_driver store_driver_sqlite;
