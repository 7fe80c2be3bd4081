/* SPDX-License-Identifier: MIT
 *
 * The folder is listed first, then records are held against the list, then what stories and others
 * show against both: each is walked once. */
#include "media/media_check.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/map.h"
#include "media/kind.h"
#include "media/media_row.h"
#include "media/media_uses.h"
#include "media/storage.h"
#include "store/store.h"

#include <errno.h>
#include <sodium.h>
#include <unistd.h>

enum { CHECK_BATCH = 500, CHECK_READ = 128 * 1024, HASH_BYTES = crypto_hash_sha256_BYTES };

struct known_file {
    int64_t bytes;
    bool recorded;
};

struct checking {
    const struct media_check *check;
    struct arena *arena; /* for all of it */
    struct map files;    /* path -> struct known_file */
    char *buffer;
};

static void say(const struct checking *c, enum media_finding finding, str path, str sentence)
{
    c->check->found(c->check->ctx, finding, path, sentence);
}

/* ---- files ---- */

static enum status file_listed(void *ctx, str path, int64_t bytes, struct error *err)
{
    (void)err;
    struct checking *c = ctx;
    struct known_file *file = arena_new_one(c->arena, struct known_file);
    file->bytes = bytes;
    (void)map_set(&c->files, path, file);
    return ST_OK;
}

static enum status hash_of(const struct checking *c, int fd, str path, char ret_hex[],
                           struct error *err)
{
    crypto_hash_sha256_state state;
    unsigned char hash[HASH_BYTES];
    (void)crypto_hash_sha256_init(&state);
    for (;;) {
        ssize_t n = read(fd, c->buffer, CHECK_READ);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set_errno(err, ST_IO, "cannot read %.*s", STR_ARG(path));
        if (n == 0)
            break;
        (void)crypto_hash_sha256_update(&state, (const unsigned char *)c->buffer, (size_t)n);
    }
    (void)crypto_hash_sha256_final(&state, hash);
    (void)sodium_bin2hex(ret_hex, 2 * HASH_BYTES + 1, hash, sizeof(hash));
    return ST_OK;
}

/* A file that cannot be opened any more is gone since it was listed: it is said the next time. */
static enum status hash_differs(const struct checking *c, str path, str wanted, bool *ret_differs,
                                struct error *err)
{
    AUTO(fd_closep) int fd = -1;
    char hex[2 * HASH_BYTES + 1];
    *ret_differs = false;
    enum status st = storage_open(c->check->storage, path, &fd, err);
    if (st == ST_OK)
        st = hash_of(c, fd, path, hex, err);
    if (st == ST_OK)
        *ret_differs = !str_eq(str_from_c(hex), wanted);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

/* ---- records ---- */

/* `bytes` < 0: not known. */
static enum status file_check(const struct checking *c, const struct media *m, str path,
                              int64_t bytes, str hash, struct arena *arena, struct error *err)
{
    struct known_file *file = map_get(&c->files, path);
    if (file == NULL) {
        say(c, MEDIA_FILE_MISSING, path,
            str_format(arena, "the file of record %lld is not there", (long long)m->id.v));
        return ST_OK;
    }
    file->recorded = true;
    bool differs = bytes >= 0 && file->bytes != bytes;
    if (differs) {
        say(c, MEDIA_FILE_DIFFERS, path,
            str_format(arena, "it has %lld bytes, and its record says %lld", (long long)file->bytes,
                       (long long)bytes));
        return ST_OK;
    }
    if (!c->check->hashes || hash.len == 0)
        return ST_OK;
    enum status st = hash_differs(c, path, hash, &differs, err);
    if (st == ST_OK && differs)
        say(c, MEDIA_FILE_DIFFERS, path, S("its bytes are not those that were taken in"));
    return st;
}

static enum status record_check(const struct checking *c, const struct media *m,
                                struct arena *arena, struct error *err)
{
    enum status st = file_check(c, m, m->path, m->bytes, m->hash, arena, err);
    if (st != ST_OK || m->original_type.len == 0)
        return st;
    str original = storage_original_path(arena, m->original,
                                         media_kind_ending(media_kind_by_type(m->original_type)));
    return file_check(c, m, original, -1, m->original, arena, err);
}

static enum status records_batch(const struct checking *c, media_id *after, size_t *ret_count,
                                 struct error *err)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    AUTO(store_stmt_donep)
    struct store_stmt *q =
        store_query(c->check->conn, SQL("SELECT " MEDIA_COLUMNS " FROM media m WHERE m.id > $1"
                                        " ORDER BY m.id LIMIT $2"));
    store_bind_int(q, 1, after->v);
    store_bind_int(q, 2, CHECK_BATCH);
    enum status st;
    *ret_count = 0;
    while ((st = store_step(q, err)) == ST_OK) {
        const struct media *m = media_from_row(q, 0, arena);
        st = record_check(c, m, arena, err);
        if (st != ST_OK)
            return st;
        *after = m->id;
        ++*ret_count;
    }
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static void strays(const struct checking *c)
{
    for (size_t i = 0; i < map_count(&c->files); i++) {
        const struct known_file *file = map_value(&c->files, i);
        if (!file->recorded)
            say(c, MEDIA_FILE_STRAY, map_key(&c->files, i),
                S("no record knows this file: take it in with media add, or delete it"));
    }
}

/* ---- what is shown ---- */

struct shown {
    str path;
    int64_t story;
};

static enum status stories_batch(const struct checking *c, struct shown *last, size_t *ret_count,
                                 struct error *err)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    AUTO(store_stmt_donep)
    struct store_stmt *q = store_query(
        c->check->conn, SQL("SELECT p.path, p.story, s.slug FROM story_picture p CROSS JOIN story s"
                            " WHERE (p.path, p.story) > ($1, $2) AND s.id = p.story"
                            " AND NOT EXISTS (SELECT 1 FROM media m WHERE m.path = p.path)"
                            " ORDER BY p.path, p.story LIMIT $3"));
    store_bind_text(q, 1, last->path);
    store_bind_int(q, 2, last->story);
    store_bind_int(q, 3, CHECK_BATCH);
    enum status st;
    *ret_count = 0;
    while ((st = store_step(q, err)) == ST_OK) {
        str path = str_copy(arena, store_column_text(q, 0));
        if (map_get(&c->files, path) == NULL)
            say(c, MEDIA_SHOWN_MISSING, path,
                str_format(arena, "/%.*s/ shows it, and it is not in media/",
                           STR_ARG(store_column_text(q, 2))));
        *last = (struct shown){path, store_column_int(q, 1)};
        ++*ret_count;
    }
    last->path = str_copy(c->arena, last->path);
    return st == ST_NOT_FOUND ? ST_OK : st;
}

static enum status place_check(void *ctx, const struct media_place *place, struct error *err)
{
    static const char *const users[] = {[MEDIA_IN_STORY] = "story",
                                        [MEDIA_IN_TAG] = "tag",
                                        [MEDIA_IN_BYLINE] = "byline",
                                        [MEDIA_IN_SETTING] = "setting"};
    (void)err;
    const struct checking *c = ctx;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct picture_paths paths = {0};
    pictures_add_text(arena, place->text, c->check->site, &paths);
    for (size_t i = 0; i < paths.count; i++) {
        if (map_get(&c->files, paths.paths[i]) == NULL)
            say(c, MEDIA_SHOWN_MISSING, paths.paths[i],
                str_format(arena, "the %s %.*s shows it, and it is not in media/",
                           users[place->user], STR_ARG(place->slug)));
    }
    return ST_OK;
}

enum status media_check(const struct media_check *check, struct error *err)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct checking c = {
        .check = check, .arena = arena, .buffer = arena_alloc(arena, CHECK_READ, 1)};
    map_init(&c.files, arena);
    enum status st = storage_each(check->storage, file_listed, &c, err);
    media_id after = {0};
    for (size_t count = CHECK_BATCH; st == ST_OK && count == CHECK_BATCH;)
        st = records_batch(&c, &after, &count, err);
    if (st == ST_OK)
        strays(&c);
    struct shown last = {0};
    for (size_t count = CHECK_BATCH; st == ST_OK && count == CHECK_BATCH;)
        st = stories_batch(&c, &last, &count, err);
    return st == ST_OK ? media_places_each(check->conn, place_check, &c, err) : st;
}
