/* SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

#include <errno.h>
#include <string.h>

/* The system's word for what failed, NULL when it has none. */
static bool disk_is_full(sqlite3 *raw, int rc)
{
    int saved = raw != NULL ? sqlite3_system_errno(raw) : 0;
    return rc == SQLITE_FULL ||
           (rc == SQLITE_IOERR && (saved == ENOSPC || saved == EDQUOT || saved == EFBIG));
}

static enum status open_fail(const struct driver_db *db, sqlite3 *raw, struct error *err)
{
    int saved = raw != NULL ? sqlite3_system_errno(raw) : 0;
    char why[128];
    return error_set(err, saved == EACCES || saved == EPERM || saved == EROFS ? ST_DENIED : ST_IO,
                     "cannot open the database %s: %s", db->path,
                     saved != 0 ? strerror_r(saved, why, sizeof(why)) : "no access, or no folder");
}

enum status sqlite_fail(const struct driver_db *db, sqlite3 *raw, int rc, struct error *err)
{
    const int primary = rc & 0xFF;
    const char *text = raw != NULL ? sqlite3_errmsg(raw) : sqlite3_errstr(rc);

    if (disk_is_full(raw, primary))
        return error_set(err, ST_IO, "the disk is full: %s cannot grow", db->path);
    switch (primary) {
    case SQLITE_CONSTRAINT:
        return error_set(err, ST_CONFLICT, "it stands against what is stored already: %s", text);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return error_set(err, ST_IO,
                         "the database %s is busy: another program has been writing "
                         "for over %d ms",
                         db->path, db->options->busy_timeout_ms);
    case SQLITE_CORRUPT:
        return error_set(err, ST_IO,
                         "the database %s is damaged (%s): run `broadsheet check`, and restore a "
                         "backup",
                         db->path, text);
    case SQLITE_NOTADB:
        return error_set(err, ST_INVALID, "%s is not a database of Broadsheet's", db->path);
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return open_fail(db, raw, err);
    case SQLITE_READONLY:
        return error_set(err, ST_DENIED,
                         "the database %s cannot be written: see who owns it and "
                         "the folder it is in",
                         db->path);
    case SQLITE_INTERRUPT:
        return error_set(err, ST_IO, "the database took longer than it may");
    case SQLITE_TOOBIG:
        return error_set(err, ST_TOO_BIG, "a value is too big for the database");
    default:
        return error_set(err, ST_IO, "the database %s: %s", db->path, text);
    }
}
