/* store/store.h -- the database: one interface, a folder per implementation.
 *
 *     struct store *store;
 *     st = store_open(&(struct store_options){.path = S("site.db"), .create = true,
 *                                             .migrations = store_schema,
 *                                             .migrations_count = store_schema_count},
 *                     &store, err);
 *     st = store_reader_new(store, &conn, err);            // one for each reading thread
 *
 *     AUTO(store_stmt_donep) struct store_stmt *q =
 *         store_query(conn, SQL("SELECT id, title FROM story WHERE slug = $1"));
 *     store_bind_text(q, 1, slug);
 *     while ((st = store_step(q, err)) == ST_OK)
 *         show(store_column_int(q, 0), store_column_text(q, 1));
 *     if (st != ST_NOT_FOUND)                              // ST_NOT_FOUND: no further row
 *         return st;
 *
 *     static enum status reply_insert(struct store_tx *tx, void *arg, struct error *err);
 *     st = store_write(store, reply_insert, reply, reply_stored, reply, err);
 *     // reply_stored(ST_OK) is called once the reply is on the disk
 *
 * Reading: a connection belongs to one thread and sees one snapshot between store_read_begin and
 * store_read_end. Writing: one thread of the store's own takes writes from a bounded queue and
 * commits all that wait together; what was acknowledged survives a loss of power.
 *
 * SQL is literals (SQL() takes nothing else) in what SQLite and PostgreSQL both understand:
 *   - parameters are $1, $2, ...; each may be used often and in any order;
 *   - BIGINT and TEXT columns (booleans are 0/1, times µs), `id INTEGER PRIMARY KEY` for ids (64
 *     bits on either: it is the one spelling SQLite keeps without a second index);
 *   - new ids come by RETURNING; ON CONFLICT names its target; NULLS FIRST/LAST is written out;
 *     no LIKE; text is ordered by byte;
 *   - a list of ids is bound as one parameter:
 *     `WHERE story IN (SELECT id FROM id_list($1))`, with store_bind_ids; its other column `ord`
 *     counts from 0.
 * Text is valid UTF-8 without U+0000: anything else bound is ST_INVALID.
 *
 * Statuses: ST_CONFLICT for a constraint that fails; ST_INVALID for bad text, a file that is no
 * database, a database newer than the program; ST_TOO_BIG for a full queue; ST_IO for the rest (a
 * full disk, a lock held too long, a deadline met, damage: the sentence says which).
 *
 * Threads: a store, any thread; a connection, a statement, a transaction, one thread at a time. */
#pragma once
#include "base/clock.h"
#include "base/embedded.h"
#include "base/scope.h"
#include "base/str.h"

struct arena;
struct log;
struct store;
struct store_conn;
struct store_stmt;
struct store_tx;

/* ---- opening ---- */

enum {
    STORE_CACHE_BYTES = 4 * 1024 * 1024, /* of pages, a connection */
    STORE_STATEMENTS_MAX = 128,          /* prepared ones kept, a connection */
    STORE_BUSY_TIMEOUT_MS = 5000,        /* waiting for another process's write */
    STORE_QUEUE_MAX = 4096,              /* writes waiting */
    STORE_BATCH_WRITES_MAX = 256,        /* committed together: whichever comes first of these */
    STORE_BATCH_BYTES_MAX = 4 * 1024 * 1024, /* of bound values */
    STORE_BATCH_WORK_MS = 5,
    STORE_BULK_WORK_MS = 20,                  /* bulk work between two commits */
    STORE_TURN_MS = 100,                      /* one commit upon another, */
    STORE_GAP_MS = 2,                         /* then a gap, for other processes' writes */
    STORE_CHANGES_KEPT = 10000,               /* rows of `change` */
    STORE_CHANGE_NAME_MAX = 512,              /* bytes of a changed thing's name */
    STORE_WAL_SOFT_BYTES = 16 * 1024 * 1024,  /* the writer checkpoints if nobody else did */
    STORE_WAL_HARD_BYTES = 128 * 1024 * 1024, /* and here waits for readers to get out of the way */
    /* Instead of the above, for who works alone on a database (store_options.alone). */
    STORE_ALONE_CACHE_BYTES = 24 * 1024 * 1024,
    STORE_ALONE_BATCH_BYTES_MAX = 32 * 1024 * 1024,
    STORE_ALONE_WORK_MS = 250, /* a server that comes up meanwhile waits no longer for its turn */
    STORE_ALONE_WAL_BYTES = 64 * 1024 * 1024,
};

/* Cuts text into the tokens of full-text search: text/ is above this folder, so the caller brings
 * it. `emit` returns false when no more are wanted. Offsets are bytes of `text`, begin < end. */
typedef bool store_emit_fn(void *emit_ctx, str token, size_t begin, size_t end);

struct store_tokenizer {
    /* `language` is what the indexed or sought text says of itself: a text that begins with
     * STORE_LANGUAGE_MARK, a language tag and STORE_LANGUAGE_MARK again ("\x1f" "de" "\x1fRegen")
     * is in that language, and `text` is what follows. Else it is empty. Called from every thread
     * that has a connection. */
    void (*tokens)(void *ctx, str text, str language, store_emit_fn *emit, void *emit_ctx);
    void *ctx;
};
#define STORE_LANGUAGE_MARK "\x1f"

/* What bringing an old schema up to date is at. COPYING and CHECKING are of the copy that is kept; `done`
 * of `total` are pages, and 0 of 0 where nobody can say. MIGRATING: from version `done` to `total`. */
enum store_upgrade { STORE_COPYING, STORE_CHECKING, STORE_MIGRATING };
typedef void store_upgrade_fn(void *ctx, enum store_upgrade at, int64_t done, int64_t total);

struct store_options {
    str path;
    bool create;    /* make it when it is not there; else ST_NOT_FOUND */
    bool read_only; /* no writer, no migration: an older schema is ST_INVALID */
    bool alone;     /* nobody waits for a write: bulk work is committed seldom (store_write_bulk) */
    /* Zero means the constant above. */
    size_t cache_bytes;
    size_t statements_max;
    size_t queue_max;
    int busy_timeout_ms;
    /* Files NNNN_title.sql (all drivers) or NNNN_title.DRIVER.sql (that driver alone), numbered
     * from 0001 without a gap: the schema at version N is what files 1..N made. Each runs in a
     * transaction of its own. The tables `schema_version` and `change` are the store's own and are
     * there already. Before an existing database is migrated a copy is kept: PATH.before-NNNN,
     * where NNNN is the first file to run. */
    const struct embedded *migrations;
    size_t migrations_count;
    store_upgrade_fn
        *upgrading; /* told while store_open does that, which may take minutes; NULL: nobody */
    void *upgrading_ctx;
    struct store_tokenizer tokenizer; /* full-text tables say tokenize='broadsheet' */
    const struct clock *clock;        /* NULL: the system's */
    const struct log *log;            /* NULL: says nothing */
    /* For tests: asked, on any thread, before every call that touches the database; true makes that
     * one fail with ST_IO. `call` is "begin", "query", "commit", ... */
    bool (*fault)(void *ctx, const char *call);
    void *fault_ctx;
};

/* The tables of the real site, from src/store/schema/. */
extern const struct embedded store_schema[];
extern const size_t store_schema_count;

/* Opens, or makes; brings the schema up to date; starts the writer. */
MUST_USE enum status store_open(const struct store_options *options, struct store **ret_store,
                                struct error *err);
/* Writes already queued are done first; bulk work ends between two steps, with ST_IO. Readers must
 * have been freed. Takes NULL. */
void store_close(struct store *store);
DEFINE_FREEP(struct store *, store_close)

/* What store_open would migrate from and to; changes nothing. 0 is an empty database. */
MUST_USE enum status store_versions(const struct store_options *options, int *ret_database,
                                    int *ret_program, struct error *err);

/* ---- reading ---- */

MUST_USE enum status store_reader_new(struct store *store, struct store_conn **ret_conn,
                                      struct error *err);
void store_reader_free(struct store_conn *conn);
DEFINE_FREEP(struct store_conn *, store_reader_free)

/* One snapshot, taken by the first statement, for all until store_read_end. Not nested. Outside of
 * one each statement sees the newest. */
MUST_USE enum status store_read_begin(struct store_conn *conn, struct error *err);
void store_read_end(struct store_conn *conn); /* also when begin failed */

/* Statements still running at `deadline` (clock_monotonic) fail with ST_IO; TIME_NEVER lifts it. */
void store_conn_deadline(struct store_conn *conn, time_us deadline);
/* How many statements were run on this connection, ever: tests hold pages to a number. */
int64_t store_conn_statements(const struct store_conn *conn);

/* ---- statements ---- */

typedef struct store_sql {
    const char *text; /* of a literal: lives as long as the program, and is the cache's key */
    size_t len;
} store_sql;
#define SQL(lit)                                                                                   \
    ((store_sql){"" lit, sizeof("" lit) - 1}) /* anything but a literal does not compile */

/* Lends a prepared statement until store_stmt_done. Never NULL: if it cannot be prepared, or a
 * value cannot be bound, the first store_step says so. The same SQL may be in use twice. */
struct store_stmt *store_query(struct store_conn *conn, store_sql sql);
/* Gives it back. One that writes and was not stepped to its end is, here. */
void store_stmt_done(struct store_stmt *stmt);
DEFINE_FREEP(struct store_stmt *, store_stmt_done)

/* $1 is index 1. Text, blobs and ids are lent until store_stmt_done. What is not bound is NULL. */
void store_bind_int(struct store_stmt *stmt, int index, int64_t value);
void store_bind_double(struct store_stmt *stmt, int index, double value);
void store_bind_text(struct store_stmt *stmt, int index, str value);
void store_bind_blob(struct store_stmt *stmt, int index, str value);
void store_bind_null(struct store_stmt *stmt, int index);
void store_bind_ids(struct store_stmt *stmt, int index, const int64_t *ids, size_t count);
/* NULL when it is empty, or when it is 0: for columns that may be absent. */
void store_bind_text_or_null(struct store_stmt *stmt, int index, str value);
void store_bind_int_or_null(struct store_stmt *stmt, int index, int64_t value);

/* ST_OK: a row; ST_NOT_FOUND: no further one (`err` is left alone: say what was not found). */
MUST_USE enum status store_step(struct store_stmt *stmt, struct error *err);
/* Steps to the end, rows or none: for INSERT, UPDATE, DELETE. */
MUST_USE enum status store_run(struct store_stmt *stmt, struct error *err);
/* Rows that an ended INSERT, UPDATE or DELETE touched. */
int64_t store_stmt_changes(const struct store_stmt *stmt);
/* So that the same values or others can be bound and it can be stepped from the start again. */
void store_stmt_reset(struct store_stmt *stmt);

/* The first column is 0. Text and blobs are lent until the next step, reset or done. NULL reads as
 * 0 or the empty text. */
int64_t store_column_int(const struct store_stmt *stmt, int index);
double store_column_double(const struct store_stmt *stmt, int index);
str store_column_text(const struct store_stmt *stmt, int index);
str store_column_blob(const struct store_stmt *stmt, int index);
bool store_column_is_null(const struct store_stmt *stmt, int index);

/* ---- writing ---- */

/* Runs on the writer's thread, in a savepoint of its own: whatever it returns but ST_OK undoes all
 * it did, and nothing of others'. So does a statement that failed, even if it goes on and returns
 * ST_OK. It runs at most once, must not wait for anything, and must not call store_write_wait. */
typedef enum status store_write_fn(struct store_tx *tx, void *arg, struct error *err);
/* On the writer's thread, once, after the COMMIT (ST_OK: it is on the disk), or after what failed.
 * It must not wait. `err` is never NULL. */
typedef void store_done_fn(void *arg, enum status st, const struct error *err);

/* ST_TOO_BIG when too many are waiting: then neither `fn` nor `done` is ever called. `done` may be
 * NULL. */
MUST_USE enum status store_write(struct store *store, store_write_fn *fn, void *arg,
                                 store_done_fn *done, void *done_arg, struct error *err);
/* Long work in small steps, behind all others: `fn` is called again and again, each call a step in
 * its own savepoint, until it returns ST_NOT_FOUND (nothing more to do) or fails (that step alone
 * is undone). Steps are committed in chunks, so what a crash leaves is whole steps. `done` comes
 * once, at the end. Keep a step to a few ms, but in a store opened with .alone. */
MUST_USE enum status store_write_bulk(struct store *store, store_write_fn *fn, void *arg,
                                      store_done_fn *done, void *done_arg, struct error *err);
/* The same, waiting for the end: for commands and the desk's own threads, never for one that readers
 * wait for. */
MUST_USE enum status store_write_wait(struct store *store, store_write_fn *fn, void *arg,
                                      struct error *err);
MUST_USE enum status store_write_bulk_wait(struct store *store, store_write_fn *fn, void *arg,
                                           struct error *err);

/* The connection to run a write's statements on; for the length of `fn`. */
struct store_conn *store_tx_conn(struct store_tx *tx);
/* Names what this write changes ("story:12", "list:latest"), 1..STORE_CHANGE_NAME_MAX bytes. The
 * name is copied, kept in the table `change` in the same transaction, and told after the commit. */
void store_tx_changed(struct store_tx *tx, str name);

/* ---- what changed ---- */

/* `names` are distinct; `all` (with no names) means that too much changed to name. */
struct store_changes {
    const str *names;
    size_t count;
    bool all;
};
typedef void store_changed_fn(void *ctx, const struct store_changes *changes);

/* Called on the writer's thread after each commit, before its writes' `done`: a finished page is
 * dropped before the answer that says it is out of date. Set it before the first write. */
void store_on_change(struct store *store, store_changed_fn *fn, void *ctx);

/* What other processes changed since `pos`, a poller's place (store_changes_start: from now on).
 * Cheap when nothing did. Own commits are left out: store_on_change told them. */
struct store_changes_pos {
    int64_t seq;
    int64_t version; /* the driver's mark for "something was committed" */
};
MUST_USE enum status store_changes_start(struct store_conn *conn, struct store_changes_pos *ret_pos,
                                         struct error *err);
MUST_USE enum status store_changes_poll(struct store_conn *conn, struct store_changes_pos *pos,
                                        store_changed_fn *fn, void *ctx, struct error *err);

/* ---- upkeep: each may take a while, so on a job thread ---- */

/* Brings what is logged into the database file without holding up anyone. Call it every second or
 * so; above STORE_WAL_SOFT_BYTES the writer does it itself. */
MUST_USE enum status store_checkpoint(struct store *store, struct error *err);
/* A copy of a moment, made while others read and write, then checked. ST_CONFLICT when `path` is
 * there already. It is at `path` whole or not at all. */
MUST_USE enum status store_backup(struct store *store, str path, struct error *err);
/* Integrity of the file, of its indexes and references, and of full text against what it was made
 * from (on a copy, PATH.check, that is removed again). ST_OK and no problems, or ST_OK and a list
 * of at most STORE_PROBLEMS_MAX sentences. */
enum { STORE_PROBLEMS_MAX = 100 };
MUST_USE enum status store_check(struct store *store, struct arena *arena, str **ret_problems,
                                 size_t *ret_count, struct error *err);

struct store_stats {
    int64_t writes;   /* acknowledged */
    int64_t failures; /* answered with a failure */
    int64_t commits;  /* so many carried them */
    int64_t queued;   /* waiting now */
    int64_t checkpoints;
    int64_t wal_bytes; /* logged, not yet in the file */
};
void store_stats(struct store *store, struct store_stats *ret_stats);
