/* SPDX-License-Identifier: MIT */
#include "news/redirect.h"
#include "base/arena.h"
#include "base/buf.h"
#include "news/byline.h"
#include "news/change.h"
#include "news/list.h"
#include "news/story.h"
#include "news/tag.h"
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

/* ---- for people who make them ---- */

#define PATH_END "\xf4\x8f\xbf\xbf" /* U+10FFFF: after every path that begins so */

/* One lower bound, or the walk would begin at the prefix and pass over all that was shown before. No path
 * holds a control character: nothing stands between `after` and this. */
static str first_of(struct arena *arena, str prefix, str after)
{
    return str_cmp(after, prefix) >= 0 && after.len > 0 ? str_join2(arena, after, S("\x01"))
                                                        : prefix;
}

enum status redirect_page(struct store_conn *conn, str prefix, str after, size_t limit,
                          struct arena *arena, struct redirect **ret_redirects, size_t *ret_count,
                          struct error *err)
{
    limit = limit == 0 || limit > LIST_LIMIT_MAX ? LIST_LIMIT_MAX : limit;
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT " REDIRECT_COLUMNS ", COALESCE(s.slug, t.slug, b.slug),"
                  " CASE WHEN s.id IS NULL OR s.state = 'published' THEN 1 ELSE 0 END"
                  " FROM redirect r LEFT JOIN story s ON s.id = r.story"
                  " LEFT JOIN tag t ON t.id = r.tag LEFT JOIN byline b ON b.id = r.byline"
                  " WHERE r.path >= $1 AND r.path < $2 ORDER BY r.path LIMIT $3"));
    store_bind_text(q, 1, first_of(arena, prefix, after));
    store_bind_text(q, 2, str_join2(arena, prefix, S(PATH_END)));
    store_bind_int(q, 3, i64_from_size(limit));
    struct redirect *rows = arena_new_array(arena, struct redirect, limit);
    size_t count = 0;
    enum status st;
    while ((st = store_step(q, err)) == ST_OK && count < limit) {
        rows[count] = redirect_from_row(q, arena);
        rows[count].slug = str_copy(arena, store_column_text(q, 6));
        rows[count++].published = store_column_int(q, 7) != 0;
    }
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_redirects = rows;
    *ret_count = count;
    return ST_OK;
}

str redirect_location(struct arena *arena, const struct redirect *redirect)
{
    if (redirect->story.v != 0)
        return redirect->published ? str_join3(arena, S("/"), redirect->slug, S("/")) : STR_NONE;
    if (redirect->tag.v != 0)
        return str_join3(arena, S("/tag/"), redirect->slug, S("/"));
    if (redirect->byline.v != 0)
        return str_join3(arena, S("/author/"), redirect->slug, S("/"));
    return redirect->location;
}

static bool location_valid(str location)
{
    enum url_kind kind = url_kind(location);
    for (size_t i = 0; i < location.len; i++) {
        if ((unsigned char)location.ptr[i] <= ' ' || location.ptr[i] == 0x7f ||
            location.ptr[i] == '\\')
            return false;
    }
    return location.len > 0 && location.len <= REDIRECT_PATH_MAX &&
           (kind == URL_HTTP || kind == URL_HTTPS ||
            (kind == URL_RELATIVE && location.ptr[0] == '/'));
}

/* The path that a location has on this site; false when it leads elsewhere. */
static bool path_here(struct arena *arena, str site, str location, str *ret_path)
{
    struct url url = url_split(location);
    if (url.has_authority && !url_same_site(location, site))
        return false;
    str path = url.path.len > 0 ? url.path : S("/");
    return redirect_path(arena, path, url.query, ret_path, NULL) == ST_OK;
}

/* "harbour" of "/tag/harbour/" for "/tag/"; empty when it is not one part below it. */
static str part_below(str path, str folder)
{
    if (!str_starts(path, folder) || path.len <= folder.len)
        return STR_NONE;
    str part = str_sub(path, folder.len, path.len - folder.len - 1);
    return str_find_char(part, '/') == STR_NPOS ? part : STR_NONE;
}

static enum status page_is_there(struct store_conn *conn, str path, struct arena *arena,
                                 bool *ret_there, struct error *err)
{
    struct story *story;
    struct tag *tag;
    struct byline *byline;
    str slug;
    enum status st = ST_NOT_FOUND;
    *ret_there = str_eq(path, S("/")) || str_starts(path, S("/desk/"));
    if (*ret_there)
        return ST_OK;
    if ((slug = part_below(path, S("/"))).len > 0) {
        st = story_by_slug(conn, slug, arena, &story, err);
        if (st == ST_OK && story->state != STORY_PUBLISHED)
            st = ST_NOT_FOUND;
    } else if ((slug = part_below(path, S("/tag/"))).len > 0) {
        st = tag_by_slug(conn, slug, arena, &tag, err);
    } else if ((slug = part_below(path, S("/author/"))).len > 0) {
        st = byline_by_slug(conn, slug, arena, &byline, err);
    }
    *ret_there = st == ST_OK;
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* Walks from where it would lead: by other redirects, until there is none. */
static enum status leads_back(struct store_conn *conn, str site, str path, str location,
                              struct arena *arena, bool *ret_back, struct error *err)
{
    str at;
    for (int hops = 0; hops < REDIRECT_HOPS_MAX; hops++) {
        struct redirect next;
        *ret_back = path_here(arena, site, location, &at) && str_eq(at, path);
        if (*ret_back || !path_here(arena, site, location, &at))
            return ST_OK;
        enum status st = redirect_find(conn, at, arena, &next, err);
        if (st != ST_OK)
            return st == ST_NOT_FOUND ? ST_OK : st;
        location = redirect_location(arena, &next);
        if (location.len == 0)
            return ST_OK;
    }
    *ret_back = true; /* so long a chain is no better */
    return ST_OK;
}

enum status redirect_judge(struct store_conn *conn, str site, str path, str location,
                           struct arena *arena, enum redirect_fault *ret_fault, struct error *err)
{
    bool there, back = false;
    *ret_fault = REDIRECT_NO_ADDRESS;
    if (!location_valid(location))
        return ST_OK;
    enum status st = page_is_there(conn, path, arena, &there, err);
    if (st == ST_OK && !there)
        st = leads_back(conn, site, path, location, arena, &back, err);
    if (st == ST_OK)
        *ret_fault = there ? REDIRECT_HIDDEN : back ? REDIRECT_LOOP : REDIRECT_FINE;
    return st;
}
