/* SPDX-License-Identifier: MIT */
#include "base/file.h"
#include "store/sqlite/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { DB_FILE_MODE = 0640 }; /* it holds email addresses; the log beside it gets the same */

/* SQLite takes "file:..." for a URI and ":memory:" for no file at all: a path never looks so. */
static char *path_new(str path)
{
    const char *before = str_starts(path, S("/")) ? "" : "./";
    char *copy = NULL;
    CHECK(asprintf(&copy, "%s%.*s", before, (int)path.len, path.ptr) >= 0);
    return copy;
}

/* SQLite would make it too, but readable by all and without syncing the folder it is in. */
static enum status file_create(const char *path, struct error *err)
{
    AUTO(fd_closep) int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, DB_FILE_MODE);
    if (fd >= 0)
        return file_sync_folder(str_from_c(path), err);
    if (errno == EEXIST)
        return ST_OK;
    return error_set_errno(err, errno == EACCES || errno == EROFS ? ST_DENIED : ST_IO,
                           "cannot make the database %s", path);
}

static enum status file_look(const char *path, struct error *err)
{
    struct stat info;
    if (stat(path, &info) != 0 && (errno == ENOENT || errno == ENOTDIR))
        return error_set(err, ST_NOT_FOUND, "there is no database %s", path);
    return ST_OK;
}

/* SQLite counts its memory under one lock for all threads, for numbers that nobody reads. It is too
 * late, and no harm, when the program has used SQLite before. */
static void library_settings(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static void db_close(struct driver_db *db)
{
    sqlite_conn_close(db->checkpoint_conn);
    (void)pthread_mutex_destroy(&db->lock);
    free((void *)(uintptr_t)db->path);
    free(db);
}

static enum status db_open(const struct store_options *options, struct driver_db **ret_db,
                           struct error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, library_settings);
    char *path = path_new(options->path);
    enum status st = options->create ? file_create(path, err) : file_look(path, err);
    if (st != ST_OK) {
        free(path);
        return st;
    }
    struct driver_db *db = calloc(1, sizeof(*db));
    CHECK(db != NULL);
    db->options = options;
    db->path = path;
    CHECK(pthread_mutex_init(&db->lock, NULL) == 0);
    *ret_db = db;
    return ST_OK;
}

const struct store_driver store_driver_sqlite = {
    .name = STR_INIT("sqlite"),
    .begin_read = {"BEGIN", 5},
    .begin_write = {"BEGIN IMMEDIATE", 15},
    /* AUTOINCREMENT: a number is not given twice, though the rows that had it were pruned. */
    .own_tables = STR_INIT("CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL);"
                           "CREATE TABLE IF NOT EXISTS change ("
                           "    seq INTEGER PRIMARY KEY AUTOINCREMENT,"
                           "    origin BIGINT NOT NULL,"
                           "    name TEXT NOT NULL);"),
    .db_open = db_open,
    .db_close = db_close,
    .conn_open = sqlite_conn_open,
    .conn_close = sqlite_conn_close,
    .conn_deadline = sqlite_conn_deadline,
    .conn_in_transaction = sqlite_conn_in_transaction,
    .conn_data_version = sqlite_conn_data_version,
    .script = sqlite_script,
    .schema_look = sqlite_schema_look,
    .schema_begin = sqlite_schema_begin,
    .schema_commit = sqlite_schema_commit,
    .schema_rollback = sqlite_schema_rollback,
    .stmt_prepare = sqlite_stmt_prepare,
    .stmt_free = sqlite_stmt_free,
    .stmt_step = sqlite_stmt_step,
    .stmt_reset = sqlite_stmt_reset,
    .stmt_unbind = sqlite_stmt_unbind,
    .stmt_writes = sqlite_stmt_writes,
    .stmt_changes = sqlite_stmt_changes,
    .bind_null = sqlite_bind_null,
    .bind_int = sqlite_bind_int,
    .bind_double = sqlite_bind_double,
    .bind_text = sqlite_bind_text,
    .bind_blob = sqlite_bind_blob,
    .bind_ids = sqlite_bind_ids,
    .column_count = sqlite_column_count,
    .column_int = sqlite_column_int,
    .column_double = sqlite_column_double,
    .column_text = sqlite_column_text,
    .column_blob = sqlite_column_blob,
    .column_is_null = sqlite_column_is_null,
    .checkpoint = sqlite_checkpoint,
    .after_commit = sqlite_after_commit,
    .backup = sqlite_backup,
    .check = sqlite_check,
    .stats = sqlite_stats,
};
