/* SPDX-License-Identifier: MIT
 *
 * id_list($1): a list of ids, bound as one value, read as a table of (id, ord).
 *
 * A page loads what belongs to all its rows in one query. SQL with a list spelt out would be text
 * made at run time, a new statement for each length; this is one literal. PostgreSQL has unnest()
 * behind a function of the same name. The list travels as a pointer with a type's name
 * (sqlite3_bind_pointer), which SQL itself can neither make nor read.
 *
 * It is a virtual table that exists without being created: no xCreate. */
#include "store/sqlite/sqlite.h"

#include <stdlib.h>

enum { COLUMN_ID, COLUMN_ORD, COLUMN_LIST };

static const char pointer_type[] = "id_list";

struct id_list {
    const int64_t *ids;
    size_t count;
};

struct id_cursor {
    sqlite3_vtab_cursor base;
    struct id_list list;
    size_t at;
};

static int id_connect(sqlite3 *raw, void *aux, int argc, const char *const *argv,
                      sqlite3_vtab **ret_table, char **ret_text)
{
    (void)aux, (void)argc, (void)argv, (void)ret_text;
    int rc = sqlite3_declare_vtab(raw, "CREATE TABLE x(id INTEGER, ord INTEGER, list HIDDEN)");
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_vtab *table = sqlite3_malloc64(sizeof(*table));
    if (table == NULL)
        return SQLITE_NOMEM;
    *table = (sqlite3_vtab){0};
    *ret_table = table;
    return SQLITE_OK;
}

static int id_disconnect(sqlite3_vtab *table)
{
    sqlite3_free(table);
    return SQLITE_OK;
}

static int id_best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    for (int i = 0; i < info->nConstraint; i++) {
        if (info->aConstraint[i].iColumn != COLUMN_LIST ||
            info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
            continue;
        if (!info->aConstraint[i].usable)
            return SQLITE_CONSTRAINT;
        info->aConstraintUsage[i].argvIndex = 1;
        info->aConstraintUsage[i].omit = 1;
        info->estimatedCost = 10; /* a page's rows: let it drive, and indexes follow */
        info->estimatedRows = 10;
        return SQLITE_OK;
    }
    return SQLITE_ERROR; /* id_list without its list */
}

static int id_open(sqlite3_vtab *table, sqlite3_vtab_cursor **ret_cursor)
{
    (void)table;
    struct id_cursor *cursor = sqlite3_malloc64(sizeof(*cursor));
    if (cursor == NULL)
        return SQLITE_NOMEM;
    *cursor = (struct id_cursor){0};
    *ret_cursor = &cursor->base;
    return SQLITE_OK;
}

static int id_close(sqlite3_vtab_cursor *base)
{
    sqlite3_free(base);
    return SQLITE_OK;
}

static int id_filter(sqlite3_vtab_cursor *base, int index, const char *name, int argc,
                     sqlite3_value **argv)
{
    (void)index, (void)name;
    struct id_cursor *cursor = (struct id_cursor *)base;
    const struct id_list *list = argc == 1 ? sqlite3_value_pointer(argv[0], pointer_type) : NULL;
    cursor->list = list != NULL ? *list : (struct id_list){0};
    cursor->at = 0;
    return SQLITE_OK;
}

static int id_next(sqlite3_vtab_cursor *base)
{
    ((struct id_cursor *)base)->at++;
    return SQLITE_OK;
}

static int id_eof(sqlite3_vtab_cursor *base)
{
    const struct id_cursor *cursor = (const struct id_cursor *)base;
    return cursor->at >= cursor->list.count;
}

static int id_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    const struct id_cursor *cursor = (const struct id_cursor *)base;
    if (column == COLUMN_ID)
        sqlite3_result_int64(context, cursor->list.ids[cursor->at]);
    else if (column == COLUMN_ORD)
        sqlite3_result_int64(context, (sqlite3_int64)cursor->at);
    return SQLITE_OK;
}

static int id_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *ret_rowid)
{
    *ret_rowid = (sqlite3_int64)((const struct id_cursor *)base)->at;
    return SQLITE_OK;
}

static const sqlite3_module id_module = {
    .xConnect = id_connect,
    .xBestIndex = id_best_index,
    .xDisconnect = id_disconnect,
    .xOpen = id_open,
    .xClose = id_close,
    .xFilter = id_filter,
    .xNext = id_next,
    .xEof = id_eof,
    .xColumn = id_column,
    .xRowid = id_rowid,
};

int sqlite_id_list_register(sqlite3 *raw)
{
    return sqlite3_create_module(raw, "id_list", &id_module, NULL);
}

bool sqlite_id_list_bind(sqlite3_stmt *raw, int index, const int64_t *ids, size_t count)
{
    struct id_list *list = malloc(sizeof(*list));
    CHECK(list != NULL);
    *list = (struct id_list){.ids = ids, .count = count};
    return sqlite3_bind_pointer(raw, index, list, pointer_type, free) == SQLITE_OK;
}
