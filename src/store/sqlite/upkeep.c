/* SPDX-License-Identifier: MIT
 *
 * The log kept short, copies, and checks.
 *
 * A commit appends to the write-ahead log; a checkpoint brings it into the file, and once all of it
 * is there and no reader needs it the log starts again from its beginning. PASSIVE checkpoints wait
 * for nobody. Readers that always overlap can keep the log from ever starting again; past
 * STORE_WAL_HARD_BYTES the writer waits a moment for them to end. */
#include "base/arena.h"
#include "base/file.h"
#include "store/sqlite/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

enum {
    FRAME_BYTES = 4096 + 24, /* a page and its header */
    HARD_EVERY_S = 1,        /* at most so often does the writer wait for readers */
    HARD_WAIT_MS = 200,      /* and no longer than so */
    COPY_PAGES = 4096,       /* between two words of how far a copy has come: 16 MB */
};

/* ---- checkpoints ---- */

static int on_log(void *arg, sqlite3 *raw, const char *name, int frames)
{
    (void)raw, (void)name;
    struct driver_db *db = arg;
    if (frames < db->log_done)
        db->log_done = 0; /* it has started again */
    db->log_frames = frames;
    return SQLITE_OK;
}

void sqlite_log_watch(struct driver_db *db, sqlite3 *writer)
{
    (void)sqlite3_wal_hook(writer, on_log, db);
}

/* SQLITE_BUSY is somebody else's checkpoint, or a reader in the way: no failure. */
static int checkpoint_with(struct driver_db *db, sqlite3 *raw, int mode)
{
    int frames = -1;
    int done = -1;
    int rc = sqlite3_wal_checkpoint_v2(raw, NULL, mode, &frames, &done);
    if (rc == SQLITE_BUSY)
        return SQLITE_OK;
    if (rc == SQLITE_OK && frames >= 0) {
        db->log_frames = frames;
        db->log_done = done;
        db->checkpoints++;
    }
    return rc;
}

enum status sqlite_checkpoint(struct driver_db *db, struct error *err)
{
    enum status st = ST_OK;
    pthread_mutex_lock(&db->lock);
    if (db->checkpoint_conn == NULL)
        st = sqlite_conn_open(db, DRIVER_READS, &db->checkpoint_conn, err);
    if (st == ST_OK) {
        sqlite3 *raw = db->checkpoint_conn->raw;
        int rc = checkpoint_with(db, raw, SQLITE_CHECKPOINT_PASSIVE);
        if (rc != SQLITE_OK)
            st = sqlite_fail(db, raw, rc, err);
    }
    pthread_mutex_unlock(&db->lock);
    return st;
}

/* The commit is on the disk already: a checkpoint that fails here is the next one's worry. */
void sqlite_after_commit(struct driver_db *db, struct driver_conn *writer)
{
    int64_t frames = db->log_frames;
    int64_t soft = db->options->alone ? STORE_ALONE_WAL_BYTES : STORE_WAL_SOFT_BYTES;
    time_us now = clock_monotonic();
    if ((frames - db->log_done) * FRAME_BYTES >= soft)
        (void)checkpoint_with(db, writer->raw, SQLITE_CHECKPOINT_PASSIVE);
    if (frames * FRAME_BYTES < STORE_WAL_HARD_BYTES ||
        now - db->hard_tried_at < HARD_EVERY_S * TIME_SECOND)
        return;
    db->hard_tried_at = now;
    writer->busy_max_ms = HARD_WAIT_MS;
    (void)checkpoint_with(db, writer->raw, SQLITE_CHECKPOINT_RESTART);
    writer->busy_max_ms = db->options->busy_timeout_ms;
}

void sqlite_stats(struct driver_db *db, struct store_stats *stats)
{
    stats->wal_bytes = db->log_frames * FRAME_BYTES;
    stats->checkpoints = db->checkpoints;
}

/* ---- checks ---- */

struct problems {
    struct arena *arena;
    str *list;
    size_t count;
};

static void problem_add(struct problems *problems, str text)
{
    if (problems->count < STORE_PROBLEMS_MAX)
        problems->list[problems->count++] = str_copy(problems->arena, text);
}

static enum status check_answers(struct driver_stmt *q, struct problems *problems,
                                 struct error *err)
{
    enum status st;
    while ((st = sqlite_stmt_step(q, err)) == ST_OK) {
        str text = sqlite_column_text(q, 0);
        if (!str_eq(text, S("ok")))
            problem_add(problems, text);
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status check_file(struct driver_conn *conn, struct problems *problems,
                              struct error *err)
{
    AUTO(sqlite_stmt_freep) struct driver_stmt *q = NULL;
    enum status st = sqlite_stmt_prepare(conn, SQL("PRAGMA integrity_check"), &q, err);
    return st == ST_OK ? check_answers(q, problems, err) : st;
}

static enum status check_references(struct driver_conn *conn, struct problems *problems,
                                    struct error *err)
{
    AUTO(sqlite_stmt_freep) struct driver_stmt *q = NULL;
    enum status st = sqlite_stmt_prepare(conn, SQL("PRAGMA foreign_key_check"), &q, err);
    if (st != ST_OK)
        return st;
    while ((st = sqlite_stmt_step(q, err)) == ST_OK) {
        str table = sqlite_column_text(q, 0);
        str parent = sqlite_column_text(q, 2);
        problem_add(problems, str_format(problems->arena,
                                         "row %lld of %.*s refers to a row of %.*s that is "
                                         "not there",
                                         (long long)sqlite_column_int(q, 1), STR_ARG(table),
                                         STR_ARG(parent)));
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* What damage keeps SQLite from going on with is a problem found, not a check that failed. */
static enum status check_conn(struct driver_conn *conn, struct problems *problems,
                              struct error *err)
{
    struct error why = ERROR_INIT;
    enum status st = check_file(conn, problems, &why);
    if (st == ST_OK)
        st = check_references(conn, problems, &why);
    int primary = sqlite3_errcode(conn->raw) & 0xFF;
    if (st != ST_OK && (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB)) {
        problem_add(problems, str_from_c(why.text));
        return ST_OK;
    }
    if (st != ST_OK && err != NULL)
        *err = why;
    return st;
}

/* ---- copies ---- */

static void copy_tell(const struct driver_copy *wanted, enum store_upgrade at, int64_t done,
                      int64_t total)
{
    if (wanted != NULL && wanted->progress != NULL)
        wanted->progress(wanted->progress_ctx, at, done, total);
}

/* The source's snapshot is held for as long as it takes, and nobody has to wait for it. (Without, SQLite
 * starts again whenever somebody else has written between two steps.) */
static enum status pages_copy(struct driver_conn *from, struct driver_conn *to,
                              const struct driver_copy *wanted, struct error *err)
{
    enum status st = sqlite_script(from, S("BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1"), err);
    if (st != ST_OK)
        return st;
    sqlite3_backup *backup = sqlite3_backup_init(to->raw, "main", from->raw, "main");
    if (backup == NULL)
        return sqlite_fail(to->db, to->raw, sqlite3_extended_errcode(to->raw), err);
    int rc;
    while ((rc = sqlite3_backup_step(backup, COPY_PAGES)) == SQLITE_OK) {
        int total = sqlite3_backup_pagecount(backup);
        copy_tell(wanted, STORE_COPYING, total - sqlite3_backup_remaining(backup), total);
    }
    int finished = sqlite3_backup_finish(backup);
    if (rc == SQLITE_DONE && finished == SQLITE_OK)
        return ST_OK;
    return sqlite_fail(to->db, to->raw, rc == SQLITE_DONE ? finished : rc, err);
}

/* Pages, trees and rows: nothing that copying could break is left out, and it is read once, in order. Whether
 * each index has what its table has is looked up entry by entry, in no order, which takes minutes on a large site;
 * pages that came whole have it as the original had, and REINDEX makes an index anew from its rows. */
static enum status check_pages(struct driver_conn *conn, struct problems *problems,
                               struct error *err)
{
    AUTO(sqlite_stmt_freep) struct driver_stmt *q = NULL;
    enum status st = sqlite_stmt_prepare(conn, SQL("PRAGMA quick_check"), &q, err);
    return st == ST_OK ? check_answers(q, problems, err) : st;
}

/* The copy says, in its header, that it has a log, as the original does; it is one whole file. */
static enum status copy_check(struct driver_conn *copy, bool quick, struct error *err)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct problems problems = {.arena = arena,
                                .list = arena_new_array(arena, str, STORE_PROBLEMS_MAX)};
    enum status st = sqlite_script(copy, S("PRAGMA journal_mode=DELETE"), err);
    if (st == ST_OK)
        st = quick ? check_pages(copy, &problems, err) : check_conn(copy, &problems, err);
    if (st == ST_OK && problems.count > 0)
        return error_set(err, ST_IO, "the copy is not whole (%.*s): run `broadsheet check`",
                         STR_ARG(problems.list[0]));
    return st;
}

/* Into the empty file `path`; lends a connection to it. */
static enum status copy_make(struct driver_db *db, const char *path,
                             const struct driver_copy *wanted, struct driver_conn **ret_copy,
                             struct error *err)
{
    AUTO(sqlite_conn_closep) struct driver_conn *from = NULL;
    enum status st = sqlite_conn_open(db, DRIVER_READS, &from, err);
    if (st != ST_OK)
        return st;
    AUTO(sqlite_conn_closep) struct driver_conn *to = NULL;
    st = sqlite_file_open(db, path, SQLITE_OPEN_READWRITE, &to, err);
    if (st == ST_OK)
        st = pages_copy(from, to, wanted, err);
    if (st == ST_OK)
        *ret_copy = TAKE(to);
    return st;
}

/* Nobody else may read what is in it: the same rights as the original. */
static enum status file_like(const struct driver_db *db, const char *path, struct error *err)
{
    struct stat original;
    mode_t mode = stat(db->path, &original) == 0 ? original.st_mode & 0777 : 0600;
    (void)unlink(path); /* of an attempt that was cut short */
    AUTO(fd_closep) int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (fd < 0)
        return error_set_errno(err, errno == EACCES || errno == EROFS ? ST_DENIED : ST_IO,
                               "cannot make the copy %s", path);
    return ST_OK;
}

static enum status copy_checked(struct driver_db *db, const char *path,
                                const struct driver_copy *wanted, struct error *err)
{
    AUTO(sqlite_conn_closep) struct driver_conn *copy = NULL;
    enum status st = copy_make(db, path, wanted, &copy, err);
    if (st != ST_OK)
        return st;
    copy_tell(wanted, STORE_CHECKING, 0, 0);
    return copy_check(copy, wanted->quick, err);
}

static enum status copy_name(const char *temp, const char *path, bool replace, struct error *err)
{
    unsigned flags = replace ? 0 : RENAME_NOREPLACE;
    if (renameat2(AT_FDCWD, temp, AT_FDCWD, path, flags) == 0)
        return file_sync_folder(str_from_c(path), err);
    if (errno == EEXIST)
        return error_set(err, ST_CONFLICT, "%s is there already", path);
    return error_set_errno(err, ST_IO, "cannot make the copy %s", path);
}

enum status sqlite_backup(struct driver_db *db, const struct driver_copy *copy, struct error *err)
{
    str path = copy->path;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    if (path.len == 0 || path.len > PATH_MAX - 16)
        return error_set(err, ST_INVALID, "a copy needs a path of 1 to %d bytes", PATH_MAX - 16);
    if (!copy->replace && file_exists(path))
        return error_set(err, ST_CONFLICT, "%.*s is there already", STR_ARG(path));
    const char *before = str_starts(path, S("/")) ? "" : "./";
    str temp = str_format(arena, "%s%.*s.part", before, STR_ARG(path));
    const char *temp_c = str_copy_c(arena, temp);
    enum status st = file_like(db, temp_c, err);
    if (st != ST_OK)
        return st;
    st = copy_checked(db, temp_c, copy, err);
    if (st == ST_OK)
        st = copy_name(temp_c, str_copy_c(arena, path), copy->replace, err);
    if (st != ST_OK)
        (void)unlink(temp_c);
    return st;
}

/* ---- the whole check ---- */

static enum status search_check(struct driver_conn *copy, str table, struct problems *problems,
                                struct error *err)
{
    char *sql = sqlite3_mprintf("INSERT INTO \"%.*w\" (\"%.*w\", rank) "
                                "VALUES ('integrity-check', 1)",
                                STR_ARG(table), STR_ARG(table));
    CHECK(sql != NULL);
    enum status st = sqlite_script(copy, str_from_c(sql), err);
    sqlite3_free(sql);
    if (st == ST_OK || (sqlite3_errcode(copy->raw) & 0xFF) != SQLITE_CORRUPT)
        return st;
    problem_add(problems, str_format(problems->arena,
                                     "the search index %.*s does not match what it was made from",
                                     STR_ARG(table)));
    return ST_OK;
}

static enum status searches_check(struct driver_conn *copy, struct problems *problems,
                                  struct error *err)
{
    AUTO(sqlite_stmt_freep) struct driver_stmt *q = NULL;
    enum status st =
        sqlite_stmt_prepare(copy,
                            SQL("SELECT name FROM sqlite_schema WHERE type = 'table' AND "
                                "sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'"),
                            &q, err);
    if (st != ST_OK)
        return st;
    while ((st = sqlite_stmt_step(q, err)) == ST_OK) {
        st = search_check(copy, sqlite_column_text(q, 0), problems, err);
        if (st != ST_OK)
            return st;
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status searches_check_on_copy(struct driver_db *db, const char *path,
                                          struct problems *problems, struct error *err)
{
    AUTO(sqlite_conn_closep) struct driver_conn *copy = NULL;
    enum status st = copy_make(db, path, NULL, &copy, err);
    if (st == ST_OK)
        st = sqlite_script(copy, S("PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF"), err);
    if (st == ST_OK)
        st = searches_check(copy, problems, err);
    return st;
}

/* To FTS5 its check is a write, and it takes seconds on a large site: so on a copy, beside the
 * original, where it holds up nobody. */
static enum status check_searches(struct driver_db *db, struct problems *problems,
                                  struct error *err)
{
    if (db->options->tokenizer.tokens == NULL)
        return ST_OK;
    const char *path =
        str_copy_c(problems->arena, str_format(problems->arena, "%s.check", db->path));
    enum status st = file_like(db, path, err);
    if (st != ST_OK)
        return st;
    st = searches_check_on_copy(db, path, problems, err);
    (void)unlink(path);
    return st;
}

enum status sqlite_check(struct driver_db *db, struct arena *arena, str **ret_problems,
                         size_t *ret_count, struct error *err)
{
    AUTO(sqlite_conn_closep) struct driver_conn *conn = NULL;
    enum status st = sqlite_conn_open(db, DRIVER_READS, &conn, err);
    if (st != ST_OK)
        return st;
    struct problems problems = {.arena = arena,
                                .list = arena_new_array(arena, str, STORE_PROBLEMS_MAX)};
    st = check_conn(conn, &problems, err);
    if (st == ST_OK && problems.count == 0)
        st = check_searches(db, &problems, err);
    if (st != ST_OK)
        return st;
    *ret_problems = problems.list;
    *ret_count = problems.count;
    return ST_OK;
}
