/* SPDX-License-Identifier: MIT
 *
 * Records for stories. When they are listed: those of their own pictures, one statement for all. When one is
 * saved: what a story asks about its pictures, again one statement for all of them, so that an import pays once
 * a story, and not at all for a story without pictures of ours. */
#include "base/arena.h"
#include "media/media_row.h"
#include "store/store.h"

#define LOOKUP                                                                                     \
    "SELECT m.path, '', m.width, m.height, m.frames, m.content_type FROM media m"                  \
    " WHERE m.path IN " MEDIA_PATHS " UNION ALL "                                                  \
    "SELECT o.path, m.path, m.width, m.height, m.frames, m.content_type FROM media_old o"          \
    " CROSS JOIN media m WHERE o.path IN " MEDIA_PATHS " AND m.id = o.media"

/* A picture that moves is shown as it is, and so is what is drawn at any size. GIFs of records that nobody
 * looked at may move. */
static bool is_fixed(int64_t frames, str content_type)
{
    return frames > 1 || (frames == 0 && str_eq(content_type, S("image/gif"))) ||
           str_eq(content_type, S("image/svg+xml")) || !str_starts(content_type, S("image/"));
}

static enum status look_at_some(struct store_conn *conn, struct arena *arena, const str *paths,
                                size_t count, struct picture *ret_pictures, struct error *err)
{
    AUTO(store_stmt_donep) struct store_stmt *q = store_query(conn, SQL(LOOKUP));
    for (size_t i = 0; i < count; i++)
        store_bind_text(q, int_from_size(i) + 1, paths[i]);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        for (size_t i = 0; i < count; i++) {
            if (!str_eq(paths[i], store_column_text(q, 0)))
                continue;
            ret_pictures[i] = (struct picture){
                .known = true,
                .moved_to = str_copy(arena, store_column_text(q, 1)),
                .width = store_column_int(q, 2),
                .height = store_column_int(q, 3),
                .fixed = is_fixed(store_column_int(q, 4), store_column_text(q, 5))};
        }
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status look(void *ctx, struct arena *arena, const str *paths, size_t count,
                        struct picture *ret_pictures, struct error *err)
{
    struct store_conn *conn = ctx;
    for (size_t at = 0; at < count; at += MEDIA_PATHS_AT_ONCE) {
        size_t n = count - at < MEDIA_PATHS_AT_ONCE ? count - at : MEDIA_PATHS_AT_ONCE;
        enum status st = look_at_some(conn, arena, paths + at, n, ret_pictures + at, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

const struct picture_lookup *media_lookup(struct arena *arena, struct store_conn *conn)
{
    struct picture_lookup *lookup = arena_new_one(arena, struct picture_lookup);
    *lookup = (struct picture_lookup){look, conn};
    return lookup;
}

/* ---- stories' own pictures ---- */

enum status media_load_pictures(struct store_conn *conn, struct story **rows, size_t count,
                                struct arena *arena, struct error *err)
{
    int64_t *ids = arena_new_array(arena, int64_t, count);
    size_t wanted = 0;
    for (size_t i = 0; i < count; i++) {
        if (!rows[i]->picture_loaded && rows[i]->image.len > 0)
            ids[wanted++] = rows[i]->id.v;
        rows[i]->picture_loaded = true;
    }
    if (wanted == 0)
        return ST_OK;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT p.story, " MEDIA_COLUMNS " FROM id_list($1) i"
                              " CROSS JOIN story_picture p CROSS JOIN media m"
                              " WHERE p.story = i.id AND p.own = 1 AND m.path = p.path"));
    store_bind_ids(q, 1, ids, wanted);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        const struct media *m = media_from_row(q, 1, arena);
        for (size_t i = 0; i < count; i++) { /* a story may stand in several lists */
            if (rows[i]->id.v == store_column_int(q, 0))
                rows[i]->picture = m;
        }
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}
