/* SPDX-License-Identifier: MIT
 *
 * Brings the schema up to date: numbered files, each in a transaction that also writes down its
 * number in schema_version, so that a crash leaves a whole version.
 *
 * Two processes may find the same old database. The version is read again inside the transaction,
 * which only one can hold; the other finds the work done and goes on with what is left. */
#include "base/arena.h"
#include "base/embedded.h"
#include "base/file.h"
#include "base/log.h"
#include "base/parse.h"
#include "store/inner.h"

enum { VERSION_DIGITS = 4 };

/* ---- the files ---- */

/* What stands between "NNNN_title." and ".sql", empty when nothing does. */
static bool name_parse(str path, int *ret_number, str *ret_driver)
{
    struct cursor c = cursor_of(path);
    int64_t number;
    if (!cursor_uint(&c, VERSION_DIGITS, VERSION_DIGITS, &number) || !cursor_char(&c, '_') ||
        number == 0)
        return false;
    str rest = cursor_rest(&c);
    if (!str_ends(rest, S(".sql")))
        return false;
    rest = str_sub(rest, 0, rest.len - 4);
    str title = str_cut(&rest, '.');
    if (title.len == 0 || str_find_char(rest, '.') != STR_NPOS)
        return false;
    *ret_number = (int)number;
    *ret_driver = rest;
    return true;
}

/* The first file for this driver numbered `number`, or NULL. A file whose name says nothing is a
 * mistake of ours, not of the site's. */
static const struct embedded *file_for(const struct store *store, int number)
{
    for (size_t i = 0; i < store->options.migrations_count; i++) {
        const struct embedded *file = &store->options.migrations[i];
        int its_number;
        str driver;
        bool named = name_parse(str_from_c(file->path), &its_number, &driver);
        CHECK(named);
        if (its_number == number && (driver.len == 0 || str_eq(driver, store->driver->name)))
            return file;
    }
    return NULL;
}

static int program_version(const struct store *store)
{
    int version = 0;
    while (file_for(store, version + 1) != NULL)
        version++;
    return version;
}

/* ---- the version ---- */

static enum status version_read(struct store_conn *conn, int *ret_version, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(conn, SQL("SELECT version FROM schema_version"));
    enum status st = store_step(q, err);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_version = st == ST_OK ? (int)store_column_int(q, 0) : 0;
    return ST_OK;
}

static enum status version_write(struct store_conn *conn, int version, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *clear = store_query(conn, SQL("DELETE FROM schema_version"));
    enum status st = store_run(clear, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *set =
        store_query(conn, SQL("INSERT INTO schema_version (version) VALUES ($1)"));
    store_bind_int(set, 1, version);
    return store_run(set, err);
}

enum status migrate_versions(struct store *store, struct store_conn *conn, int *ret_database,
                             int *ret_program, struct error *err)
{
    bool empty;
    enum status st = store->driver->schema_look(conn_raw(conn), &empty, err);
    if (st != ST_OK)
        return st;
    int database = 0;
    st = empty ? ST_OK : version_read(conn, &database, err);
    if (st != ST_OK)
        return st;
    *ret_database = database;
    *ret_program = program_version(store);
    return ST_OK;
}

static enum status newer_refuse(const struct store *store, int database, int program,
                                struct error *err)
{
    if (database <= program)
        return ST_OK;
    return error_set(err, ST_INVALID,
                     "the database %.*s is at version %d, and this program knows versions up to "
                     "%d: use a newer broadsheet",
                     STR_ARG(store->options.path), database, program);
}

enum status migrate_require_current(struct store *store, struct store_conn *conn, struct error *err)
{
    int database;
    int program;
    enum status st = migrate_versions(store, conn, &database, &program, err);
    if (st == ST_OK)
        st = newer_refuse(store, database, program, err);
    if (st != ST_OK || database == program)
        return st;
    return error_set(err, ST_INVALID,
                     "the database %.*s is at version %d, and this program wants %d: run "
                     "`broadsheet upgrade`",
                     STR_ARG(store->options.path), database, program);
}

/* ---- the work ---- */

/* One file; *version is raised, or set to what another process has brought it to meanwhile. */
static enum status step_in_transaction(struct store *store, struct store_conn *conn, int *version,
                                       struct error *err)
{
    int found = 0;
    enum status st = store_fault(store, "migrate", err);
    if (st == ST_OK)
        st = store->driver->script(conn_raw(conn), store->driver->own_tables, err);
    if (st == ST_OK)
        st = version_read(conn, &found, err);
    if (st != ST_OK)
        return st;
    if (found == *version) {
        const struct embedded *file = file_for(store, found + 1);
        st = store->driver->script(conn_raw(conn), embedded_bytes(file), err);
        if (st == ST_OK)
            st = version_write(conn, ++found, err);
        if (st != ST_OK) {
            error_prefix(err, "%s", file->path);
            return st;
        }
    }
    st = store->driver->schema_commit(conn_raw(conn), err);
    if (st == ST_OK)
        *version = found;
    return st;
}

static enum status step(struct store *store, struct store_conn *conn, int *version,
                        struct error *err)
{
    enum status st = store->driver->schema_begin(conn_raw(conn), err);
    if (st != ST_OK)
        return st;
    st = step_in_transaction(store, conn, version, err);
    if (st != ST_OK)
        store->driver->schema_rollback(conn_raw(conn));
    return st;
}

/* The copy that a person goes back to. One that an earlier, failed attempt left is replaced. */
static enum status keep_copy(struct store *store, int version, struct error *err)
{
    str path =
        str_format(store->arena, "%.*s.before-%04d", STR_ARG(store->options.path), version + 1);
    if (store->options.log != NULL)
        log_info(store->options.log, "keeping a copy of the database", LOG_STR("path", path));
    const struct driver_copy copy = {.path = path,
                                     .replace = true,
                                     .quick = true,
                                     .progress = store->options.upgrading,
                                     .progress_ctx = store->options.upgrading_ctx};
    enum status st = store->driver->backup(store->db, &copy, err);
    if (st != ST_OK) {
        error_prefix(err, "cannot keep a copy of the database before upgrading it");
        return st;
    }
    if (store->options.log != NULL)
        log_info(store->options.log, "copy of the database kept", LOG_STR("path", path));
    return ST_OK;
}

enum status migrate(struct store *store, struct store_conn *conn, struct error *err)
{
    int version;
    int program;
    enum status st = migrate_versions(store, conn, &version, &program, err);
    if (st == ST_OK)
        st = newer_refuse(store, version, program, err);
    if (st == ST_OK && version > 0 && version < program)
        st = keep_copy(store, version, err);
    while (st == ST_OK && version < program) {
        int from = version;
        if (store->options.upgrading != NULL)
            store->options.upgrading(store->options.upgrading_ctx, STORE_MIGRATING, from, program);
        st = step(store, conn, &version, err);
        if (st == ST_OK && store->options.log != NULL)
            log_info(store->options.log, "database upgraded", LOG_INT("from", from),
                     LOG_INT("to", version));
    }
    return st;
}
