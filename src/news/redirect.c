/* SPDX-License-Identifier: MIT */
#include "news/redirect.h"
#include "base/arena.h"
#include "base/buf.h"
#include "news/change.h"
#include "news/list.h"
#include "store/store.h"
#include "text/url.h"
#include "text/utf8.h"

/* ---- one form of a path ---- */

/* The queries by which WordPress names a post when it has no permalinks. */
static bool query_names_post(struct arena *arena, str query, str *ret_name, str *ret_value)
{
    static const str names[] = {STR_INIT("p"), STR_INIT("page_id"), STR_INIT("cat"),
                                STR_INIT("attachment_id")};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (!url_query_get(arena, query, names[i], ret_value) || ret_value->len == 0 ||
            ret_value->len > 20)
            continue;
        size_t digits = 0;
        while (digits < ret_value->len && ascii_is_digit(ret_value->ptr[digits]))
            digits++;
        if (digits == ret_value->len) {
            *ret_name = names[i];
            return true;
        }
    }
    return false;
}

enum status redirect_path(struct arena *arena, str path, str query, str *ret_path,
                          struct error *err)
{
    if (path.len == 0 || path.ptr[0] != '/' || path.len > REDIRECT_PATH_MAX)
        return error_set(err, ST_INVALID,
                         "not a path: it begins with \"/\" and has at most %d bytes",
                         REDIRECT_PATH_MAX);
    str normal = url_path_normal(arena, path), decoded;
    if (url_percent_decode(arena, normal, &decoded))
        normal = decoded;
    normal = utf8_lower(arena, utf8_repair(arena, normal));
    if (!str_ends(normal, S("/")))
        normal = str_join2(arena, normal, S("/"));
    str name, value;
    if (query_names_post(arena, query, &name, &value))
        normal =
            str_format(arena, "%.*s?%.*s=%.*s", STR_ARG(normal), STR_ARG(name), STR_ARG(value));
    *ret_path = normal;
    return ST_OK;
}

/* ---- rows ---- */

#define REDIRECT_COLUMNS "r.path, r.story, r.tag, r.byline, r.location, r.code"

static struct redirect redirect_from_row(const struct store_stmt *q, struct arena *arena)
{
    return (struct redirect){.path = str_copy(arena, store_column_text(q, 0)),
                             .story.v = store_column_int(q, 1),
                             .tag.v = store_column_int(q, 2),
                             .byline.v = store_column_int(q, 3),
                             .location = str_copy(arena, store_column_text(q, 4)),
                             .code = store_column_int(q, 5)};
}

enum status redirect_find(struct store_conn *conn, str path, struct arena *arena,
                          struct redirect *ret_redirect, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT " REDIRECT_COLUMNS ", COALESCE(s.slug, t.slug, b.slug),"
                  " CASE WHEN s.id IS NULL OR s.state = 'published' THEN 1 ELSE 0 END"
                  " FROM redirect r LEFT JOIN story s ON s.id = r.story"
                  " LEFT JOIN tag t ON t.id = r.tag LEFT JOIN byline b ON b.id = r.byline"
                  " WHERE r.path = $1"));
    store_bind_text(q, 1, path);
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "nothing was ever at %.*s", STR_ARG(path));
    if (st != ST_OK)
        return st;
    *ret_redirect = redirect_from_row(q, arena);
    ret_redirect->slug = str_copy(arena, store_column_text(q, 6));
    ret_redirect->published = store_column_int(q, 7) != 0;
    return ST_OK;
}

enum status redirect_add(struct newsroom *desk, const struct redirect *redirect, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("INSERT INTO redirect (path, story, tag, byline, location, code, created_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (path) DO UPDATE SET"
            " story = excluded.story, tag = excluded.tag, byline = excluded.byline,"
            " location = excluded.location, code = excluded.code"));
    store_bind_text(q, 1, redirect->path);
    store_bind_int_or_null(q, 2, redirect->story.v);
    store_bind_int_or_null(q, 3, redirect->tag.v);
    store_bind_int_or_null(q, 4, redirect->byline.v);
    store_bind_text_or_null(q, 5, redirect->location);
    store_bind_int(q, 6, redirect->code != 0 ? redirect->code : 301);
    store_bind_int(q, 7, desk->now);
    enum status st = store_run(q, err);
    if (st == ST_OK)
        change_absent(desk, redirect->path);
    return st;
}

enum status redirect_remove(struct newsroom *desk, str path, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(store_tx_conn(desk->tx), SQL("DELETE FROM redirect WHERE path = $1"));
    store_bind_text(q, 1, path);
    enum status st = store_run(q, err);
    if (st == ST_OK)
        change_absent(desk, path);
    return st;
}

enum status redirect_list(struct store_conn *conn, str after, size_t limit, struct arena *arena,
                          struct redirect **ret_redirects, size_t *ret_count, struct error *err)
{
    limit = limit == 0 || limit > LIST_LIMIT_MAX ? LIST_LIMIT_MAX : limit;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " REDIRECT_COLUMNS " FROM redirect r WHERE r.path > $1"
                              " ORDER BY r.path LIMIT $2"));
    store_bind_text(q, 1, after);
    store_bind_int(q, 2, i64_from_size(limit));
    struct redirect *rows = arena_new_array(arena, struct redirect, limit);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < limit)
        rows[count++] = redirect_from_row(q, arena);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_redirects = rows;
    *ret_count = count;
    return ST_OK;
}
