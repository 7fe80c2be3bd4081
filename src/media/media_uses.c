/* SPDX-License-Identifier: MIT */
#include "media/media_uses.h"
#include "base/arena.h"
#include "base/map.h"
#include "media/media_row.h"
#include "media/refresh.h"
#include "store/store.h"

/* ---- places ---- */

/* Columns 0 to 2 are id, slug and name; the rest are texts, called `columns`. */
static enum status rows_each(struct store_stmt *q, enum media_user user, const str *columns,
                             size_t columns_count, media_place_fn *fn, void *ctx, struct error *err)
{
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        for (size_t i = 0; i < columns_count; i++) {
            const struct media_place place = {.user = user,
                                              .id = store_column_int(q, 0),
                                              .slug = store_column_text(q, 1),
                                              .title = store_column_text(q, 2),
                                              .column = columns[i],
                                              .text = store_column_text(q, 3 + int_from_size(i))};
            if (place.text.len == 0)
                continue;
            st = fn(ctx, &place, err);
            if (st != ST_OK)
                return st;
        }
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status tags_each(struct store_conn *conn, media_place_fn *fn, void *ctx,
                             struct error *err)
{
    static const str columns[] = {STR_INIT("image"), STR_INIT("og_image"),
                                  STR_INIT("twitter_image"), STR_INIT("code_head"),
                                  STR_INIT("code_foot")};
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT id, slug, name, image, og_image, twitter_image, code_head, code_foot"
                  " FROM tag ORDER BY id"));
    return rows_each(q, MEDIA_IN_TAG, columns, ARRAY_LEN(columns), fn, ctx, err);
}

static enum status bylines_each(struct store_conn *conn, media_place_fn *fn, void *ctx,
                                struct error *err)
{
    static const str columns[] = {STR_INIT("profile_image"), STR_INIT("cover_image")};
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT id, slug, name, profile_image, cover_image FROM byline ORDER BY id"));
    return rows_each(q, MEDIA_IN_BYLINE, columns, ARRAY_LEN(columns), fn, ctx, err);
}

enum status media_places_each(struct store_conn *conn, media_place_fn *fn, void *ctx,
                              struct error *err)
{
    static const str columns[] = {STR_INIT("value")};
    enum status st = tags_each(conn, fn, ctx, err);
    if (st == ST_OK)
        st = bylines_each(conn, fn, ctx, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT 0, name, '', value FROM setting ORDER BY name"));
    return rows_each(q, MEDIA_IN_SETTING, columns, ARRAY_LEN(columns), fn, ctx, err);
}

/* ---- the uses of one ---- */

struct uses {
    struct arena *arena;
    str site, path;
    struct media_use *rows;
    size_t count, cap;
    size_t of_kind[MEDIA_IN_SETTING + 1];
    bool more;
};

static void use_add(struct uses *u, const struct media_use *use)
{
    if (u->of_kind[use->user] == MEDIA_USES_MAX) {
        u->more = true;
        return;
    }
    if (u->count == u->cap) {
        size_t cap = u->cap == 0 ? 16 : u->cap * 2;
        u->rows = arena_grow(u->arena, u->rows, u->cap * sizeof(*u->rows),
                             size_mul(cap, sizeof(*u->rows)), _Alignof(struct media_use));
        u->cap = cap;
    }
    u->of_kind[use->user]++;
    u->rows[u->count++] = *use;
}

static enum status stories_using(struct store_conn *conn, struct uses *u, struct error *err)
{
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        conn, SQL("SELECT s.id, s.slug, s.title, s.state = 'draft', s.state = 'scheduled',"
                  " s.state = 'trashed' FROM story_picture p CROSS JOIN story s"
                  " WHERE p.path = $1 AND s.id = p.story ORDER BY p.story DESC LIMIT $2"));
    store_bind_text(q, 1, u->path);
    store_bind_int(q, 2, MEDIA_USES_MAX + 1);
    enum status st;
    while ((st = store_step(q, err)) == ST_OK) {
        enum story_state state = store_column_int(q, 3) != 0   ? STORY_DRAFT
                                 : store_column_int(q, 4) != 0 ? STORY_SCHEDULED
                                 : store_column_int(q, 5) != 0 ? STORY_TRASHED
                                                               : STORY_PUBLISHED;
        use_add(u, &(struct media_use){.user = MEDIA_IN_STORY,
                                       .id = store_column_int(q, 0),
                                       .slug = str_copy(u->arena, store_column_text(q, 1)),
                                       .title = str_copy(u->arena, store_column_text(q, 2)),
                                       .state = state});
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status place_using(void *ctx, const struct media_place *place, struct error *err)
{
    (void)err;
    struct uses *u = ctx;
    struct picture_paths paths = {0};
    pictures_add_text(u->arena, place->text, u->site, &paths);
    for (size_t i = 0; i < paths.count; i++) {
        if (!str_eq(paths.paths[i], u->path))
            continue;
        const struct media_use *last = u->count > 0 ? &u->rows[u->count - 1] : NULL;
        if (last == NULL || last->user != place->user || !str_eq(last->slug, place->slug))
            use_add(u, &(struct media_use){.user = place->user,
                                           .id = place->id,
                                           .slug = str_copy(u->arena, place->slug),
                                           .title = str_copy(u->arena, place->title)});
    }
    return ST_OK;
}

enum status media_uses(struct store_conn *conn, const struct media *media, str site,
                       struct arena *arena, struct media_use **ret_uses, size_t *ret_count,
                       bool *ret_more, struct error *err)
{
    struct uses u = {.arena = arena, .site = site, .path = media->path};
    enum status st = stories_using(conn, &u, err);
    if (st == ST_OK)
        st = media_places_each(conn, place_using, &u, err);
    if (st != ST_OK)
        return st;
    *ret_uses = u.rows;
    *ret_count = u.count;
    *ret_more = u.more;
    return ST_OK;
}

/* ---- what nothing uses ---- */

struct used {
    struct arena *arena;
    str site;
    struct map paths; /* of all tags, bylines and settings */
};

static enum status place_gather(void *ctx, const struct media_place *place, struct error *err)
{
    (void)err;
    struct used *used = ctx;
    struct picture_paths paths = {0};
    pictures_add_text(used->arena, place->text, used->site, &paths);
    for (size_t i = 0; i < paths.count; i++)
        (void)map_set(&used->paths, paths.paths[i], used);
    return ST_OK;
}

static enum status no_longer_pending(struct store_conn *conn, struct error *err)
{
    bool pending = false;
    enum status st = refresh_pending(conn, &pending, err);
    if (st == ST_OK && pending)
        return error_set(err, ST_CONFLICT,
                         "stories of before are still being looked through for pictures; try again "
                         "later");
    return st;
}

enum status media_unused(struct store_conn *conn, const struct media_unused_query *query,
                         struct arena *arena, struct media_list *ret_list, media_id *ret_after,
                         struct error *err)
{
    size_t limit = query->limit == 0 ? LIST_LIMIT_DEFAULT : query->limit;
    limit = limit < LIST_LIMIT_MAX ? limit : LIST_LIMIT_MAX;
    size_t look = query->look == 0 ? SIZE_MAX : query->look;
    struct used used = {.arena = arena, .site = query->site};
    map_init(&used.paths, arena);
    enum status st = no_longer_pending(conn, err);
    if (st == ST_OK)
        st = media_places_each(conn, place_gather, &used, err);
    if (st != ST_OK)
        return st;
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(conn, SQL("SELECT EXISTS (SELECT 1 FROM story_picture p WHERE p.path = m.path)"
                              ", " MEDIA_COLUMNS " FROM media m WHERE m.id > $1 ORDER BY m.id"));
    store_bind_int(q, 1, query->after.v);
    struct media_list list = {.rows = arena_new_array(arena, struct media *, limit)};
    media_id after = query->after;
    for (size_t looked = 0; (st = store_step(q, err)) == ST_OK; looked++) {
        list.more = list.count == limit || looked == look;
        if (list.more)
            break;
        after.v = store_column_int(q, 1);
        if (store_column_int(q, 0) != 0)
            continue;
        struct arena_mark mark = arena_mark(arena);
        struct media *m = media_from_row(q, 1, arena);
        if (map_get(&used.paths, m->path) == NULL)
            list.rows[list.count++] = m;
        else
            arena_rewind(arena, mark);
    }
    if (st != ST_OK && st != ST_NOT_FOUND)
        return st;
    *ret_list = list;
    *ret_after = after;
    return ST_OK;
}
