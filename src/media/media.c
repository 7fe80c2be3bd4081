/* SPDX-License-Identifier: MIT
 *
 * Reading records, and putting a new one in. */
#include "media/media.h"
#include "base/arena.h"
#include "media/media_row.h"
#include "news/change.h"
#include "store/store.h"
#include "text/utf8.h"

const struct media_focus media_focus_default = {MEDIA_FOCAL_ONE / 2, MEDIA_FOCAL_ONE / 2, 0, 0,
                                                MEDIA_FOCAL_ONE,     MEDIA_FOCAL_ONE};

/* ---- classes ---- */

static const str classes[] = {[MEDIA_ANY] = STR_INIT(""),
                              [MEDIA_PICTURE] = STR_INIT("picture"),
                              [MEDIA_AUDIO] = STR_INIT("audio"),
                              [MEDIA_VIDEO] = STR_INIT("video"),
                              [MEDIA_DOCUMENT] = STR_INIT("document")};

str media_class_name(enum media_class class)
{
    return classes[class];
}

bool media_class_from_name(str name, enum media_class *ret_class)
{
    for (size_t i = MEDIA_PICTURE; i < ARRAY_LEN(classes); i++) {
        if (str_eq(classes[i], name)) {
            *ret_class = (enum media_class)i;
            return true;
        }
    }
    return false;
}

enum media_class media_class_of(str content_type)
{
    if (str_starts(content_type, S("image/")))
        return MEDIA_PICTURE;
    if (str_starts(content_type, S("audio/")))
        return MEDIA_AUDIO;
    if (str_starts(content_type, S("video/")))
        return MEDIA_VIDEO;
    return MEDIA_DOCUMENT;
}

/* ---- rows ---- */

struct row {
    const struct store_stmt *stmt;
    struct arena *arena;
    int column;
};

static str row_text(struct row *row)
{
    str lent = store_column_text(row->stmt, row->column++);
    return lent.len == 0 ? STR_NONE : str_copy(row->arena, lent);
}

static int64_t row_int(struct row *row)
{
    return store_column_int(row->stmt, row->column++);
}

struct media *media_from_row(const struct store_stmt *stmt, int column, struct arena *arena)
{
    struct row row = {stmt, arena, column};
    struct media *m = arena_new_one(arena, struct media);
    m->id.v = row_int(&row);
    m->ghost_id = row_text(&row);
    m->path = row_text(&row);
    m->name = row_text(&row);
    bool known = media_class_from_name(store_column_text(stmt, row.column++), &m->class);
    CHECK(known); /* the schema lets no other word in */
    m->content_type = row_text(&row);
    m->bytes = row_int(&row);
    m->width = row_int(&row);
    m->height = row_int(&row);
    m->frames = row_int(&row);
    m->duration_ms = row_int(&row);
    m->hash = row_text(&row);
    m->original = row_text(&row);
    m->original_type = row_text(&row);
    m->color = row_text(&row);
    m->placeholder = row_text(&row);
    m->title = row_text(&row);
    m->alt = row_text(&row);
    m->caption = row_text(&row);
    m->credit = row_text(&row);
    m->licence = row_text(&row);
    m->focus.x = row_int(&row);
    m->focus.y = row_int(&row);
    m->focus.left = row_int(&row);
    m->focus.top = row_int(&row);
    m->focus.right = row_int(&row);
    m->focus.bottom = row_int(&row);
    m->person.v = row_int(&row);
    m->created_at = row_int(&row);
    m->updated_at = row_int(&row);
    CHECK(row.column == column + MEDIA_COLUMNS_COUNT);
    return m;
}

static enum status read_one(struct store_stmt *q, struct arena *arena, str named,
                            struct media **ret_media, struct error *err)
{
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "there is no record of the picture or file %.*s",
                         STR_ARG(named));
    if (st == ST_OK)
        *ret_media = media_from_row(q, 0, arena);
    return st;
}

enum status media_by_id(struct store_conn *conn, media_id id, struct arena *arena,
                        struct media **ret_media, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " MEDIA_COLUMNS " FROM media m WHERE m.id = $1"));
    store_bind_int(q, 1, id.v);
    return read_one(q, arena, str_format(arena, "%lld", (long long)id.v), ret_media, err);
}

enum status media_by_ghost_id(struct store_conn *conn, str ghost_id, struct arena *arena,
                              struct media **ret_media, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " MEDIA_COLUMNS " FROM media m WHERE m.ghost_id = $1"));
    store_bind_text(q, 1, ghost_id);
    return read_one(q, arena, ghost_id, ret_media, err);
}

enum status media_by_path(struct store_conn *conn, str path, struct arena *arena,
                          struct media **ret_media, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " MEDIA_COLUMNS " FROM media m WHERE m.path = $1"));
    store_bind_text(q, 1, path);
    return read_one(q, arena, path, ret_media, err);
}

enum status media_by_original(struct store_conn *conn, str original, struct arena *arena,
                              struct media **ret_media, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT " MEDIA_COLUMNS
                              " FROM media m WHERE m.original = $1 ORDER BY m.id LIMIT 1"));
    store_bind_text(q, 1, original);
    return read_one(q, arena, original, ret_media, err);
}

static enum status read_some(struct store_conn *conn, const str *paths, size_t count,
                             struct arena *arena, struct media **ret_media, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT " MEDIA_COLUMNS " FROM media m WHERE m.path IN " MEDIA_PATHS));
    for (size_t i = 0; i < count; i++)
        store_bind_text(q, int_from_size(i) + 1, paths[i]);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        struct media *m = media_from_row(q, 0, arena);
        for (size_t i = 0; i < count; i++) {
            if (str_eq(paths[i], m->path))
                ret_media[i] = m;
        }
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

enum status media_by_paths(struct store_conn *conn, const str *paths, size_t count,
                           struct arena *arena, struct media **ret_media, struct error *err)
{
    for (size_t i = 0; i < count; i++)
        ret_media[i] = NULL;
    for (size_t at = 0; at < count; at += MEDIA_PATHS_AT_ONCE) {
        size_t n = count - at < MEDIA_PATHS_AT_ONCE ? count - at : MEDIA_PATHS_AT_ONCE;
        enum status st = read_some(conn, paths + at, n, arena, ret_media + at, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

/* ---- paths of old ---- */

enum status media_moved(struct store_conn *conn, str path, struct arena *arena, str *ret_path,
                        struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT m.path FROM media_old o LEFT JOIN media m ON m.id = o.media"
                              " WHERE o.path = $1"));
    store_bind_text(q, 1, path);
    enum status st = store_step(q, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, ST_NOT_FOUND, "no picture or file was ever at %.*s", STR_ARG(path));
    if (st == ST_OK)
        *ret_path = str_copy(arena, store_column_text(q, 0));
    return st;
}

enum status media_path_free(struct store_conn *conn, str path, bool *ret_free, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT 1 FROM media WHERE path = $1"
                              " UNION ALL SELECT 1 FROM media_old WHERE path = $1 LIMIT 1"));
    store_bind_text(q, 1, path);
    enum status st = store_step(q, err);
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_free = st == ST_NOT_FOUND;
    return ST_OK;
}

/* ---- a new one ---- */

static enum status check_draft(const struct newsroom *desk, const struct media_draft *d,
                               struct error *err)
{
    bool is_free = false;
    if (d->path.len == 0 || d->path.len > MEDIA_PATH_MAX || d->path.ptr[0] == '/' ||
        !utf8_valid(d->path))
        return error_set(err, ST_INVALID, "a file's path has 1 to %d bytes and no \"/\" in front",
                         MEDIA_PATH_MAX);
    enum status st = media_path_free(store_tx_conn(desk->tx), d->path, &is_free, err);
    if (st == ST_OK && !is_free)
        return error_set(err, ST_CONFLICT, "%.*s is or was another file's path", STR_ARG(d->path));
    return st;
}

static str short_text(str text)
{
    return utf8_cut_bytes(text, MEDIA_TEXT_MAX);
}

static enum status row_insert(struct newsroom *desk, const struct media_draft *d, time_us created,
                              media_id *ret_id, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        store_tx_conn(desk->tx),
        SQL("INSERT INTO media (ghost_id, path, name, kind, content_type, bytes, width, height,"
            " frames, duration_ms, hash, original, original_type, color, placeholder, title, alt,"
            " caption, credit, licence, person, created_at, updated_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,"
            " $18, $19, $20, $21, $22, $23) RETURNING id"));
    const str ghost_id =
        d->ghost_id.len > 0 ? d->ghost_id : ghost_id_new(desk->rng, desk->arena, created);
    store_bind_text(q, 1, ghost_id);
    store_bind_text(q, 2, d->path);
    store_bind_text(q, 3, d->name);
    store_bind_text(q, 4, media_class_name(media_class_of(d->content_type)));
    store_bind_text(q, 5, d->content_type);
    store_bind_int(q, 6, d->bytes);
    store_bind_int_or_null(q, 7, d->width);
    store_bind_int_or_null(q, 8, d->height);
    store_bind_int_or_null(q, 9, d->frames);
    store_bind_int_or_null(q, 10, d->duration_ms);
    const str texts[] = {d->hash,
                         d->original,
                         d->original_type,
                         d->color,
                         d->placeholder,
                         short_text(d->title),
                         short_text(d->alt),
                         short_text(d->caption),
                         short_text(d->credit),
                         short_text(d->licence)};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        store_bind_text_or_null(q, 11 + int_from_size(i), texts[i]);
    store_bind_int_or_null(q, 21, d->person.v);
    store_bind_int(q, 22, created);
    store_bind_int(q, 23, desk->now);
    enum status st = store_step(q, err);
    if (st != ST_OK)
        return st;
    media_id id = {store_column_int(q, 0)};
    st = store_run(q, err); /* RETURNING is stepped to its end */
    if (st == ST_OK)
        *ret_id = id;
    return st;
}

enum status media_insert(struct newsroom *desk, const struct media_draft *draft, media_id *ret_id,
                         struct error *err)
{
    time_us created = draft->created_at != 0 ? draft->created_at : desk->now;
    media_id id = {0};
    enum status st = check_draft(desk, draft, err);
    if (st == ST_OK)
        st = row_insert(desk, draft, created, &id, err);
    if (st != ST_OK)
        return st;
    const struct media made = {.id = id,
                               .name = draft->name,
                               .title = short_text(draft->title),
                               .alt = short_text(draft->alt),
                               .caption = short_text(draft->caption),
                               .credit = short_text(draft->credit),
                               .licence = short_text(draft->licence),
                               .created_at = created};
    st = media_words_write(desk, &made, err);
    if (st == ST_OK)
        st = media_refresh_stories(desk, draft->path, err);
    if (st != ST_OK)
        return st;
    change_absent(desk, draft->path);
    change_media(desk, draft->path);
    *ret_id = id;
    return ST_OK;
}
