/* SPDX-License-Identifier: MIT
 *
 * Who did what, newest first. */
#include "base/arena.h"
#include "base/parse.h"
#include "desk/audit.h"
#include "desk/errand.h"
#include "http/request.h"

enum { LOG_SHOWN = 50 };

enum status log_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct audit_entry *entries;
    size_t count;
    int64_t before = 0;
    str text;
    if (http_query_get(e->req, S("before"), &text) && (!str_to_i64(text, &before) || before < 0))
        before = 0;
    enum status st = audit_list(e->conn, before, LOG_SHOWN + 1, e->arena, &entries, &count, err);
    if (st != ST_OK)
        return st;
    bool more = count > LOG_SHOWN;
    count -= more;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++) {
        struct hbs_map *row = hbs_map_new(e->arena);
        hbs_map_set(row, S("at"), hbs_number((double)entries[i].at));
        hbs_map_set(row, S("name"), hbs_string(entries[i].name));
        hbs_map_set(row, S("what"), hbs_string(str_join2(e->arena, S("log."), entries[i].what)));
        hbs_map_set(row, S("subject"), hbs_string_or_null(entries[i].subject));
        hbs_map_set(row, S("network"), hbs_string_or_null(entries[i].network));
        rows[i] = hbs_map_value(row);
    }
    hbs_map_set(values, S("entries"), hbs_list_of(e->arena, rows, count));
    if (more)
        hbs_map_set(values, S("older"), hbs_number((double)entries[count - 1].id));
    return errand_page(e, 200, S("log"), values, err);
}
