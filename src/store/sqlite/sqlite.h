/* store/sqlite/sqlite.h -- what the files of the SQLite driver know of each other.
 *
 * Settings (conn.c) are for losing nothing that was acknowledged: WAL, synchronous=FULL. Each
 * connection is used by one thread at a time and opened without SQLite's own mutexes. */
#pragma once
#include "store/driver.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

struct driver_db {
    /* Read-only after db_open. */
    const struct store_options *options; /* the store's, filled */
    const char *path;                    /* on the heap, for sqlite3_open_v2 */

    pthread_mutex_t lock;                /* guards the next */
    struct driver_conn *checkpoint_conn; /* opened at the first checkpoint */

    _Atomic int64_t log_frames; /* in the write-ahead log */
    _Atomic int64_t log_done;   /* of these, already in the file */
    _Atomic int64_t checkpoints;
    _Atomic time_us hard_tried_at; /* the writer last waited for readers */
};

struct driver_conn {
    struct driver_db *db;
    sqlite3 *raw;
    int busy_max_ms;
    time_us busy_until; /* while a lock is waited for */
    time_us deadline;
    struct driver_stmt *data_version;
};

struct driver_stmt {
    struct driver_conn *conn;
    sqlite3_stmt *raw;
    int64_t changes; /* by the run that has ended */
};

/* The status and sentence for `rc`, which the connection's last call returned. */
enum status sqlite_fail(const struct driver_db *db, sqlite3 *raw, int rc, struct error *err);

/* ---- conn.c ---- */

MUST_USE enum status sqlite_conn_open(struct driver_db *db, enum driver_use use,
                                      struct driver_conn **ret_conn, struct error *err);
void sqlite_conn_close(struct driver_conn *conn);
DEFINE_FREEP(struct driver_conn *, sqlite_conn_close)
void sqlite_conn_deadline(struct driver_conn *conn, time_us deadline);
bool sqlite_conn_in_transaction(const struct driver_conn *conn);
MUST_USE enum status sqlite_conn_data_version(struct driver_conn *conn, int64_t *ret_version,
                                              struct error *err);
MUST_USE enum status sqlite_script(struct driver_conn *conn, str sql, struct error *err);
/* One row, one number. */
MUST_USE enum status sqlite_number(struct driver_conn *conn, const char *sql, int64_t *ret_number,
                                   struct error *err);
/* A bare connection to a file beside the database, for copies: `flags` as for sqlite3_open_v2. */
MUST_USE enum status sqlite_file_open(struct driver_db *db, const char *path, int flags,
                                      struct driver_conn **ret_conn, struct error *err);

/* ---- schema.c ---- */

MUST_USE enum status sqlite_schema_look(struct driver_conn *conn, bool *ret_empty,
                                        struct error *err);
MUST_USE enum status sqlite_schema_begin(struct driver_conn *conn, struct error *err);
MUST_USE enum status sqlite_schema_commit(struct driver_conn *conn, struct error *err);
void sqlite_schema_rollback(struct driver_conn *conn);

/* ---- stmt.c ---- */

MUST_USE enum status sqlite_stmt_prepare(struct driver_conn *conn, store_sql sql,
                                         struct driver_stmt **ret_stmt, struct error *err);
void sqlite_stmt_free(struct driver_stmt *stmt);
DEFINE_FREEP(struct driver_stmt *, sqlite_stmt_free)
MUST_USE enum status sqlite_stmt_step(struct driver_stmt *stmt, struct error *err);
void sqlite_stmt_reset(struct driver_stmt *stmt);
void sqlite_stmt_unbind(struct driver_stmt *stmt);
bool sqlite_stmt_writes(const struct driver_stmt *stmt);
int64_t sqlite_stmt_changes(const struct driver_stmt *stmt);
bool sqlite_bind_null(struct driver_stmt *stmt, int index);
bool sqlite_bind_int(struct driver_stmt *stmt, int index, int64_t value);
bool sqlite_bind_double(struct driver_stmt *stmt, int index, double value);
bool sqlite_bind_text(struct driver_stmt *stmt, int index, str value);
bool sqlite_bind_blob(struct driver_stmt *stmt, int index, str value);
bool sqlite_bind_ids(struct driver_stmt *stmt, int index, const int64_t *ids, size_t count);
int sqlite_column_count(const struct driver_stmt *stmt);
int64_t sqlite_column_int(const struct driver_stmt *stmt, int index);
double sqlite_column_double(const struct driver_stmt *stmt, int index);
str sqlite_column_text(const struct driver_stmt *stmt, int index);
str sqlite_column_blob(const struct driver_stmt *stmt, int index);
bool sqlite_column_is_null(const struct driver_stmt *stmt, int index);

/* ---- id_list.c, tokenizer.c, rank.c ---- */

/* All return SQLite's code. */
int sqlite_id_list_register(sqlite3 *raw);
bool sqlite_id_list_bind(sqlite3_stmt *raw, int index, const int64_t *ids, size_t count);
int sqlite_full_text_register(sqlite3 *raw, const struct store_tokenizer *tokenizer);
int sqlite_rank_register(fts5_api *api);

/* ---- upkeep.c ---- */

MUST_USE enum status sqlite_checkpoint(struct driver_db *db, struct error *err);
void sqlite_log_watch(struct driver_db *db, sqlite3 *writer);
void sqlite_after_commit(struct driver_db *db, struct driver_conn *writer);
MUST_USE enum status sqlite_backup(struct driver_db *db, const struct driver_copy *copy,
                                   struct error *err);
MUST_USE enum status sqlite_check(struct driver_db *db, struct arena *arena, str **ret_problems,
                                  size_t *ret_count, struct error *err);
void sqlite_stats(struct driver_db *db, struct store_stats *stats);
