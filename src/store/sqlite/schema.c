/* SPDX-License-Identifier: MIT */
#include "store/sqlite/sqlite.h"

/* In the file's header, so that file(1) and a person with a hex dump know it: "Bdst". */
#define APPLICATION_ID "1113879412"

enum status sqlite_schema_look(struct driver_conn *conn, bool *ret_empty, struct error *err)
{
    int64_t tables = 0;
    int64_t ours = 0;
    enum status st = sqlite_number(conn, "SELECT count(*) FROM sqlite_schema", &tables, err);
    if (st == ST_OK && tables > 0)
        st = sqlite_number(conn, "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'",
                           &ours, err);
    if (st != ST_OK)
        return st;
    if (tables > 0 && ours == 0)
        return error_set(err, ST_INVALID, "%s is a database, but not one of Broadsheet's",
                         conn->db->path);
    *ret_empty = tables == 0;
    return ST_OK;
}

/* SQLite rebuilds a table by making a new one, copying, and renaming (its lang_altertable.html §7),
 * which takes references off duty. The setting cannot change inside a transaction. */
enum status sqlite_schema_begin(struct driver_conn *conn, struct error *err)
{
    enum status st = sqlite_script(
        conn,
        S("PRAGMA foreign_keys=OFF; PRAGMA application_id=" APPLICATION_ID ";BEGIN IMMEDIATE"),
        err);
    if (st != ST_OK)
        sqlite_schema_rollback(conn);
    return st;
}

enum status sqlite_schema_commit(struct driver_conn *conn, struct error *err)
{
    AUTO(sqlite_stmt_freep) struct driver_stmt *broken = NULL;
    enum status st = sqlite_stmt_prepare(conn, SQL("PRAGMA foreign_key_check"), &broken, err);
    if (st != ST_OK)
        return st;
    st = sqlite_stmt_step(broken, err);
    if (st == ST_OK) {
        str table = sqlite_column_text(broken, 0);
        return error_set(err, ST_CONFLICT,
                         "a row of the table %.*s refers to one that is not there", STR_ARG(table));
    }
    if (st != ST_NOT_FOUND)
        return st;
    return sqlite_script(conn, S("COMMIT; PRAGMA foreign_keys=ON"), err);
}

void sqlite_schema_rollback(struct driver_conn *conn)
{
    if (sqlite_conn_in_transaction(conn))
        (void)!sqlite_script(conn, S("ROLLBACK"), NULL);
    (void)!sqlite_script(conn, S("PRAGMA foreign_keys=ON"), NULL);
}
