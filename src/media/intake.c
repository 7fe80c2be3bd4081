/* SPDX-License-Identifier: MIT
 *
 * Two files at most are made in .new: `raw`, as it came, and `clean`, what readers may have, where that is
 * another. They are given their names before the record is written, because a record without its file
 * would be a hole in a page, and a file without a record is only a file too many.
 *
 * What is undone on failure: files that this call put, as long as the record was surely not written. When the
 * database does not know itself (ST_IO at the commit) they stay. */
#include "media/intake.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/random.h"
#include "media/container.h"
#include "media/intake_path.h"
#include "media/media.h"
#include "media/storage.h"
#include "media/svg.h"
#include "media/worker.h"
#include "store/store.h"
#include "text/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STREAM_BYTES = 128 * 1024, HASH_BYTES = crypto_hash_sha256_BYTES };
static_assert((int)STREAM_BYTES >= (int)MEDIA_KIND_BYTES, "the first piece must be enough to tell");

struct taking {
    const struct media_desk *desk;
    const struct media_offer *offer;
    struct arena *arena; /* of this call alone */
    time_us now;
    str name;
    enum media_kind came, kind;
    struct storage_temp *raw, *clean; /* clean NULL: raw is served */
    str original, hash;               /* SHA-256 of raw, of what is served */
    int64_t raw_bytes, bytes;
    struct media_look look;
    str path;
    bool put;     /* by this call */
    int leftover; /* locked, when the file at `path` was there; -1 */
    media_id id;
    bool is_new;
};

static enum status step(const struct taking *t, const char *name, struct error *err)
{
    if (t->desk->fault != NULL && t->desk->fault(t->desk->fault_ctx, name))
        return error_set(err, ST_IO, "made to fail at %s", name);
    return ST_OK;
}

/* ---- 1: streamed, hashed ---- */

static str hash_text(struct arena *arena, crypto_hash_sha256_state *state)
{
    unsigned char hash[HASH_BYTES];
    char *text = arena_alloc(arena, 2 * HASH_BYTES + 1, 1);
    (void)crypto_hash_sha256_final(state, hash);
    (void)sodium_bin2hex(text, 2 * HASH_BYTES + 1, hash, sizeof(hash));
    return (str){text, 2 * HASH_BYTES};
}

/* Fills the buffer, unless the end comes first. */
static enum status read_piece(const struct taking *t, int fd, char *buffer, size_t *ret_len,
                              struct error *err)
{
    size_t len = 0;
    while (len < STREAM_BYTES) {
        ssize_t n = read(fd, buffer + len, STREAM_BYTES - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set_errno(err, ST_IO, "cannot read %.*s", STR_ARG(t->name));
        if (n == 0)
            break;
        len += (size_t)n;
    }
    *ret_len = len;
    return ST_OK;
}

static enum status tell(struct taking *t, str start, struct error *err)
{
    t->came = media_kind_of(start);
    t->kind = t->came;
    if (start.len == 0)
        return error_set(err, ST_INVALID, "This file is empty.");
    if (t->came == MEDIA_UNKNOWN)
        return error_set(
            err, ST_INVALID,
            "This is no picture (JPEG, PNG, GIF, WebP, AVIF, HEIC, SVG), PDF, sound (MP3, "
            "M4A, Ogg, WAV) or film (MP4, WebM), whatever its name says.");
    return ST_OK;
}

/* The next of it, from memory or from `fd`. */
static enum status next_piece(const struct taking *t, int fd, str *rest, char *buffer,
                              size_t *ret_len, struct error *err)
{
    if (!t->offer->in_memory)
        return read_piece(t, fd, buffer, ret_len, err);
    str piece = str_sub(*rest, 0, STREAM_BYTES);
    *rest = str_from(*rest, piece.len);
    *ret_len = piece.len;
    if (piece.len > 0)
        memcpy(buffer, piece.ptr, piece.len);
    return ST_OK;
}

static enum status stream_from(struct taking *t, int fd, struct error *err)
{
    crypto_hash_sha256_state state;
    char *buffer = arena_alloc(t->arena, STREAM_BYTES, 1);
    str rest = t->offer->bytes;
    size_t len;
    (void)crypto_hash_sha256_init(&state);
    do {
        enum status st = next_piece(t, fd, &rest, buffer, &len, err);
        if (st == ST_OK && t->raw_bytes == 0)
            st = tell(t, (str){buffer, len}, err);
        if (st != ST_OK)
            return st;
        t->raw_bytes += i64_from_size(len);
        if (t->raw_bytes > media_kind_bytes_max(t->came))
            return error_set(err, ST_TOO_BIG, "This %.*s is larger than %lld MB; make it smaller.",
                             STR_ARG(media_kind_name(t->came)),
                             (long long)(media_kind_bytes_max(t->came) / (1024 * 1024)));
        (void)crypto_hash_sha256_update(&state, (const unsigned char *)buffer, len);
        st = file_write_fd(storage_temp_fd(t->raw), t->name, (str){buffer, len}, err);
        if (st != ST_OK)
            return st;
    } while (len == STREAM_BYTES);
    t->original = hash_text(t->arena, &state);
    t->hash = t->original;
    t->bytes = t->raw_bytes;
    return ST_OK;
}

static enum status stream(struct taking *t, struct error *err)
{
    AUTO(fd_closep) int opened = -1;
    int fd = t->offer->fd;
    enum status st = step(t, "stream", err);
    if (st == ST_OK && t->offer->path_on_disk.len > 0) {
        struct stat info;
        opened =
            open(str_copy_c(t->arena, t->offer->path_on_disk), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
        fd = opened;
        if (fd < 0 || fstat(fd, &info) != 0)
            return error_set_errno(err, errno == ENOENT ? ST_NOT_FOUND : ST_IO, "cannot open %.*s",
                                   STR_ARG(t->offer->path_on_disk));
        if (!S_ISREG(info.st_mode))
            return error_set(err, ST_INVALID,
                             S_ISDIR(info.st_mode) ? "This is a folder; name the files in it."
                                                   : "This is no file.");
    }
    if (st == ST_OK)
        st = storage_temp_new(t->desk->storage, &t->raw, err);
    return st == ST_OK ? stream_from(t, fd, err) : st;
}

/* ---- 3: made clean ---- */

/* From its start; the descriptor's position is left at the end. */
static enum status hash_fd(const struct taking *t, int fd, str *ret_hash, int64_t *ret_bytes,
                           struct error *err)
{
    crypto_hash_sha256_state state;
    char *buffer = arena_alloc(t->arena, STREAM_BYTES, 1);
    size_t len;
    (void)crypto_hash_sha256_init(&state);
    *ret_bytes = 0;
    if (lseek(fd, 0, SEEK_SET) != 0)
        return error_set_errno(err, ST_IO, "cannot read %.*s", STR_ARG(t->name));
    do {
        enum status st = read_piece(t, fd, buffer, &len, err);
        if (st != ST_OK)
            return st;
        (void)crypto_hash_sha256_update(&state, (const unsigned char *)buffer, len);
        *ret_bytes += i64_from_size(len);
    } while (len == STREAM_BYTES);
    *ret_hash = hash_text(t->arena, &state);
    return ST_OK;
}

static enum status clean_raster(struct taking *t, struct error *err)
{
    if (t->desk->worker == NULL)
        return error_set(
            err, ST_IO,
            "pictures cannot be read: the picture worker (broadsheet-media) is missing");
    enum status st = storage_temp_new(t->desk->storage, &t->clean, err);
    if (st == ST_OK)
        st = media_worker_clean(t->desk->worker, storage_temp_fd(t->raw), t->came,
                                storage_temp_fd(t->clean), &t->kind, t->arena, &t->look, err);
    return st;
}

static enum status clean_svg(struct taking *t, struct error *err)
{
    str bytes, clean;
    struct svg_look look;
    if (lseek(storage_temp_fd(t->raw), 0, SEEK_SET) != 0)
        return error_set_errno(err, ST_IO, "cannot read %.*s", STR_ARG(t->name));
    enum status st =
        file_read_fd(t->arena, storage_temp_fd(t->raw), t->name, SVG_BYTES_MAX, &bytes, err);
    if (st == ST_OK)
        st = svg_clean(t->arena, bytes, &clean, &look, err);
    if (st != ST_OK)
        return st;
    t->look = (struct media_look){
        .width = look.width, .height = look.height, .frames = 1, .title = look.title};
    if (str_eq(clean, bytes))
        return ST_OK;
    st = storage_temp_new(t->desk->storage, &t->clean, err);
    if (st == ST_OK)
        st = file_write_fd(storage_temp_fd(t->clean), t->name, clean, err);
    return st;
}

static enum status copy_raw(struct taking *t, struct error *err)
{
    off_t at = 0;
    enum status st = storage_temp_new(t->desk->storage, &t->clean, err);
    while (st == ST_OK && at < t->raw_bytes) {
        ssize_t n = copy_file_range(storage_temp_fd(t->raw), &at, storage_temp_fd(t->clean), NULL,
                                    (size_t)(t->raw_bytes - at), 0);
        if (n <= 0)
            return error_set_errno(err, ST_IO, "cannot copy %.*s", STR_ARG(t->name));
    }
    return st;
}

static enum status clean_container(struct taking *t, struct error *err)
{
    struct container_look look;
    enum status st =
        container_look_at(t->arena, storage_temp_fd(t->raw), t->raw_bytes, t->came, &look, err);
    if (st != ST_OK)
        return st;
    t->look = (struct media_look){
        .width = look.width, .height = look.height, .duration_ms = look.duration_ms};
    if (look.edits_count == 0)
        return ST_OK;
    st = copy_raw(t, err);
    return st == ST_OK ? container_blank(storage_temp_fd(t->clean), &look, err) : st;
}

static enum status make_clean(struct taking *t, struct error *err)
{
    enum status st = step(t, "clean", err);
    if (st == ST_OK)
        st = media_kind_is_raster(t->came) ? clean_raster(t, err)
             : t->came == MEDIA_SVG        ? clean_svg(t, err)
                                           : clean_container(t, err);
    if (st == ST_OK && t->clean != NULL)
        st = hash_fd(t, storage_temp_fd(t->clean), &t->hash, &t->bytes, err);
    return st;
}

/* ---- 4 and 5: in their places ---- */

/* Stays, whatever fails after: another call may count on it by now. */
static enum status put_original(struct taking *t, struct error *err)
{
    if (t->clean == NULL)
        return ST_OK; /* what is served is what came */
    str path = storage_original_path(t->arena, t->original, media_kind_ending(t->came));
    enum status st = step(t, "original", err);
    if (st == ST_OK)
        st = storage_put(t->desk->storage, path, t->raw, err);
    return st == ST_CONFLICT ? ST_OK : st; /* the same bytes came before */
}

/* Whether what lies at the path is what would be put there, left by a call that was cut short. A call under way
 * holds the lock on what it put (storage.h), so its file is not taken for a leftover; nor is ours, once it is locked. */
static bool is_leftover(struct taking *t, str path)
{
    AUTO(fd_closep) int fd = -1;
    struct stat info;
    str hash;
    int64_t bytes;
    if (storage_open(t->desk->storage, path, &fd, NULL) != ST_OK || fstat(fd, &info) != 0 ||
        info.st_size != t->bytes || flock(fd, LOCK_EX | LOCK_NB) != 0 ||
        hash_fd(t, fd, &hash, &bytes, NULL) != ST_OK || !str_eq(hash, t->hash))
        return false;
    t->leftover = fd_take(&fd);
    return true;
}

static enum status put_served(struct taking *t, struct store_conn *conn, struct error *err)
{
    struct storage_temp *temp = t->clean != NULL ? t->clean : t->raw;
    time_us at = t->offer->at != 0 ? t->offer->at : t->now;
    const struct intake_path path =
        intake_path_of(t->arena, t->name, t->offer->wanted_path, at, t->kind, t->hash);
    enum status st = step(t, "file", err);
    for (unsigned n = 0; st == ST_OK && n <= MEDIA_NAME_TRIES + 1; n++) {
        bool is_free;
        t->path = intake_path_try(t->arena, &path, n, t->hash);
        st = media_path_free(conn, t->path, &is_free, err);
        if (st != ST_OK || !is_free)
            continue;
        st = storage_put(t->desk->storage, t->path, temp, err);
        if (st == ST_OK)
            t->put = true;
        if (st == ST_OK || (st == ST_CONFLICT && is_leftover(t, t->path)))
            return ST_OK;
        if (st == ST_CONFLICT)
            st = ST_OK;
    }
    return st == ST_OK
               ? error_set(err, ST_CONFLICT, "too many files are called %.*s", STR_ARG(t->name))
               : st;
}

/* Only while it is sure that no record names it. */
static void take_back(struct taking *t)
{
    if (t->put)
        (void)storage_remove(t->desk->storage, t->path, NULL);
    t->put = false;
}

/* ---- 6: the record ---- */

static str text_of(struct taking *t, str given, str found)
{
    str text = str_trim(given).len > 0 ? given : found;
    text = utf8_strip_controls(t->arena, utf8_repair(t->arena, text), UTF8_KEEP_LINES);
    return utf8_cut_bytes(str_trim(text), MEDIA_TEXT_MAX);
}

static struct media_draft draft_of(struct taking *t)
{
    return (struct media_draft){
        .path = t->path,
        .name = t->name,
        .content_type = media_kind_type(t->kind),
        .bytes = t->bytes,
        .width = t->look.width,
        .height = t->look.height,
        .frames = t->look.frames,
        .duration_ms = t->look.duration_ms,
        .hash = t->hash,
        .original = t->original,
        .original_type = t->clean != NULL ? media_kind_type(t->came) : STR_NONE,
        .color = t->look.alpha ? STR_NONE : str_from_c(t->look.color), /* it would show through */
        .placeholder = t->look.placeholder,
        .title = text_of(t, STR_NONE, t->look.title),
        .alt = text_of(t, t->offer->alt, t->look.alt),
        .caption = text_of(t, t->offer->caption, t->look.caption),
        .credit = text_of(t, t->offer->credit, t->look.credit),
        .licence = text_of(t, t->offer->licence, t->look.licence),
        .person = t->offer->by,
    };
}

static struct newsroom room_of(const struct taking *t, struct store_tx *tx, struct arena *arena)
{
    return (struct newsroom){.tx = tx,
                             .arena = arena,
                             .rng = t->desk->rng != NULL ? t->desk->rng : &rng_system,
                             .now = t->now,
                             .person = t->offer->by,
                             .site = t->desk->site};
}

static enum status write_record(struct store_tx *tx, void *arg, struct error *err)
{
    struct taking *t = arg;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct newsroom room = room_of(t, tx, arena);
    struct media *known;
    enum status st = media_by_original(store_tx_conn(tx), t->original, arena, &known, err);
    if (st == ST_OK)
        t->id = known->id; /* somebody took the same in meanwhile */
    if (st != ST_NOT_FOUND)
        return st;
    const struct media_draft draft = draft_of(t);
    t->is_new = true;
    return media_insert(&room, &draft, &t->id, err);
}

static enum status put_and_record(struct taking *t, struct store_conn *conn, struct error *err)
{
    enum status st = put_served(t, conn, err);
    if (st == ST_OK)
        st = step(t, "record", err);
    if (st != ST_OK) {
        take_back(t);
        return st;
    }
    st = store_write_wait(t->desk->store, write_record, t, err);
    bool known = st == ST_OK && !t->is_new;    /* its file is another */
    bool refused = st != ST_OK && st != ST_IO; /* ST_IO: perhaps it is written all the same */
    if (known || refused)
        take_back(t);
    return st;
}

/* ---- known already ---- */

static enum status write_facts(struct store_tx *tx, void *arg, struct error *err)
{
    struct taking *t = arg;
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    struct newsroom room = room_of(t, tx, arena);
    const struct media_draft facts = draft_of(t);
    return media_measured(&room, t->id, &facts, err);
}

/* A record whose file was lost (media/ was not in the copy that was brought back) gets it again, at its old path.
 * What cleans may be of another version by now, and so the bytes. A bucket that cannot be reached has lost nothing. */
static enum status bring_back(struct taking *t, const struct media *known, struct error *err)
{
    AUTO(fd_closep) int fd = -1;
    enum status st = storage_open(t->desk->storage, known->path, &fd, NULL);
    t->id = known->id;
    t->path = known->path;
    if (st != ST_NOT_FOUND)
        return ST_OK;
    st = make_clean(t, err);
    if (st == ST_OK)
        st = put_original(t, err);
    if (st == ST_OK)
        st = step(t, "file", err);
    if (st == ST_OK)
        st = storage_put(t->desk->storage, t->path, t->clean != NULL ? t->clean : t->raw, err);
    if (st == ST_CONFLICT)
        return ST_OK; /* another call was quicker */
    if (st == ST_OK && !str_eq(t->hash, known->hash))
        st = store_write_wait(t->desk->store, write_facts, t, err);
    return st;
}

/* ---- the whole ---- */

static enum status take(struct taking *t, struct store_conn *conn, struct error *err)
{
    struct media *known;
    enum status st = stream(t, err);
    if (st != ST_OK)
        return st;
    st = media_by_original(conn, t->original, t->arena, &known, err);
    if (st == ST_OK)
        return bring_back(t, known, err);
    if (st != ST_NOT_FOUND)
        return st;
    st = make_clean(t, err);
    if (st == ST_OK)
        st = put_original(t, err);
    if (st == ST_OK)
        st = put_and_record(t, conn, err);
    return st;
}

enum status media_take(const struct media_desk *desk, const struct media_offer *offer,
                       struct arena *arena, struct media **ret_media, bool *ret_new,
                       struct error *err)
{
    AUTO(arena_freep) struct arena *scratch = arena_new(ARENA_REQUEST);
    AUTO(store_reader_freep) struct store_conn *conn = NULL;
    struct taking t = {
        .desk = desk,
        .offer = offer,
        .arena = scratch,
        .now = clock_now(desk->clock != NULL ? desk->clock : &clock_system),
        .leftover = -1,
        .name = intake_name(scratch, offer->name.len > 0 ? offer->name : offer->path_on_disk),
    };
    enum status st = store_reader_new(desk->store, &conn, err);
    if (st == ST_OK)
        st = take(&t, conn, err);
    storage_temp_drop(t.raw);
    storage_temp_drop(t.clean);
    fd_closep(&t.leftover);
    if (st == ST_OK)
        st = media_by_id(conn, t.id, arena, ret_media, err);
    if (st == ST_OK && ret_new != NULL)
        *ret_new = t.is_new;
    return st;
}
