/* SPDX-License-Identifier: MIT
 *
 * A loop's files are a table with one place a hash: two files in demand that meet in one place cost each
 * other an open a request, which is what nginx pays for every request; a list in order of use would cost
 * every hit. Only a GET's head lines are ready; a range's are made when asked for. */
#include "http/file.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "base/scope.h"
#include "http/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE_HEAD_MAX = HTTP_FILE_HEADERS_MAX + 1024 };

struct http_file {
    struct http_shared shared; /* first: dropping it closes the file */
    int fd;
    uint64_t bytes;
    dev_t device;
    ino_t inode;
    struct timespec modified, changed;
    time_us last_modified;
    str etag;
    str head;     /* of a 200; what ... */
    str lines;    /* ... a 206 has too: all but its last line, the length */
    str head_304; /* without what describes the body */
};

/* ---- one file ---- */

static void file_drop(struct http_shared *shared)
{
    struct http_file *file = (struct http_file *)(void *)shared;
    (void)close(file->fd);
    free(file);
}
static_assert(offsetof(struct http_file, shared) == 0, "file_drop frees the whole");

void http_file_unref(struct http_file *file)
{
    if (file != NULL)
        http_shared_unref(&file->shared);
}

/* "headers", ETag and Last-Modified: what a 304 has too. */
static void lines_add(struct buf *b, str headers, str etag, time_us last_modified)
{
    char date[HTTP_DATE_LEN + 1];
    time_to_http(last_modified, date);
    buf_add(b, headers);
    buf_add(b, S("ETag: "));
    buf_add(b, etag);
    buf_add(b, S("\r\nLast-Modified: "));
    buf_add(b, (str){date, HTTP_DATE_LEN});
    buf_add(b, S("\r\n"));
}

static str take_copy(char **at, str s)
{
    char *to = *at;
    memcpy(to, s.ptr, s.len);
    *at = to + s.len;
    return (str){to, s.len};
}

/* Takes the descriptor over. */
static struct http_file *file_new(const struct http_file_place *place, int fd,
                                  const struct stat *info)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_REQUEST);
    time_us modified = (time_us)info->st_mtim.tv_sec * TIME_SECOND + info->st_mtim.tv_nsec / 1000;
    str etag = str_format(arena, "\"%llx-%llx\"", (unsigned long long)modified,
                          (unsigned long long)info->st_size);
    struct buf whole, not_modified;
    CHECK(place->headers.len <= HTTP_FILE_HEADERS_MAX);
    buf_init(&not_modified, arena, PIECE_HEAD_MAX);
    lines_add(&not_modified, place->headers, etag, modified);
    buf_add(&not_modified, S("\r\n"));
    buf_init(&whole, arena, PIECE_HEAD_MAX);
    buf_add(&whole, S("Content-Type: "));
    buf_add(&whole, place->content_type);
    buf_add(&whole, S("\r\nAccept-Ranges: bytes\r\n"));
    lines_add(&whole, place->headers, etag, modified);
    size_t lines = whole.len;
    buf_addf(&whole, "Content-Length: %llu\r\n\r\n", (unsigned long long)info->st_size);
    str head, head_304;
    CHECK(buf_finish(&whole, &head, NULL) == ST_OK);
    CHECK(buf_finish(&not_modified, &head_304, NULL) == ST_OK);

    struct http_file *file = calloc(1, sizeof(*file) + etag.len + head.len + head_304.len);
    CHECK(file != NULL);
    http_shared_init(&file->shared, file_drop);
    file->fd = fd;
    file->bytes = (uint64_t)info->st_size;
    file->device = info->st_dev;
    file->inode = info->st_ino;
    file->modified = info->st_mtim;
    file->changed = info->st_ctim;
    file->last_modified = modified;
    char *at = (char *)(file + 1);
    file->etag = take_copy(&at, etag);
    file->head = take_copy(&at, head);
    file->lines = str_sub(file->head, 0, lines);
    file->head_304 = take_copy(&at, head_304);
    return file;
}

enum status http_file_open(const struct http_file_place *place, struct http_file **ret_file,
                           struct error *err)
{
    struct stat info;
    AUTO(fd_closep) int fd = -1;
    enum status st = file_open_beneath(place->dir_fd, place->path, &fd, err);
    if (st != ST_OK)
        return st;
    if (fstat(fd, &info) != 0)
        return error_set_errno(err, ST_IO, "cannot look at %.*s", STR_ARG(place->path));
    *ret_file = file_new(place, fd_take(&fd), &info);
    return ST_OK;
}

/* ---- a part of one ---- */

struct piece {
    struct http_shared shared; /* first */
    struct http_file *file;
    char head[PIECE_HEAD_MAX];
};

static void piece_drop(struct http_shared *shared)
{
    struct piece *piece = (struct piece *)(void *)shared;
    http_file_unref(piece->file);
    free(piece);
}
static_assert(offsetof(struct piece, shared) == 0, "piece_drop frees the whole");

static struct piece *piece_new(struct http_file *file)
{
    struct piece *piece = malloc(sizeof(*piece));
    CHECK(piece != NULL);
    http_shared_init(&piece->shared, piece_drop);
    (void)http_shared_ref(&file->shared);
    piece->file = file;
    return piece;
}

static struct http_ready answer_part(struct http_file *file, uint64_t from, uint64_t len)
{
    struct piece *piece = piece_new(file);
    int n = snprintf(piece->head, sizeof(piece->head),
                     "%.*sContent-Range: bytes %llu-%llu/%llu\r\nContent-Length: %llu\r\n\r\n",
                     STR_ARG(file->lines), (unsigned long long)from,
                     (unsigned long long)(from + len - 1), (unsigned long long)file->bytes,
                     (unsigned long long)len);
    CHECK(n > 0 && (size_t)n < sizeof(piece->head));
    return (struct http_ready){.status = 206,
                               .head = {piece->head, (size_t)n},
                               .shared = &piece->shared,
                               .from_file = true,
                               .fd = file->fd,
                               .file_from = from,
                               .file_len = len};
}

static struct http_ready answer_unmet(struct http_file *file)
{
    struct piece *piece = piece_new(file);
    int n = snprintf(piece->head, sizeof(piece->head),
                     "Content-Range: bytes */%llu\r\nCache-Control: no-store\r\n"
                     "Content-Length: 0\r\n\r\n",
                     (unsigned long long)file->bytes);
    return (struct http_ready){
        .status = 416, .head = {piece->head, (size_t)n}, .shared = &piece->shared};
}

static struct http_ready answer_whole(struct http_file *file, const struct http_request *req)
{
    struct http_ready ready = {
        .status = 200, .head = file->head, .shared = http_shared_ref(&file->shared)};
    if (req->method != HTTP_HEAD && file->bytes > 0) {
        ready.from_file = true;
        ready.fd = file->fd;
        ready.file_len = file->bytes;
    }
    return ready;
}

struct http_ready http_file_answer(struct http_file *file, const struct http_request *req)
{
    enum {
        CONDITIONS = 1 << HTTP_IF_MATCH | 1 << HTTP_IF_NONE_MATCH | 1 << HTTP_IF_MODIFIED_SINCE |
                     1 << HTTP_IF_UNMODIFIED_SINCE,
    };
    if ((req->known_set & CONDITIONS) != 0) {
        int status = http_condition(req, file->etag, file->last_modified);
        struct http_ready failed;
        if (status == 304)
            return (struct http_ready){
                .status = 304, .head = file->head_304, .shared = http_shared_ref(&file->shared)};
        if (status == 412) {
            failed = http_ready_plain(412, 0);
            if (req->method == HTTP_HEAD)
                failed.body = STR_NONE;
            return failed;
        }
    }
    if (req->method != HTTP_GET || !http_request_has(req, HTTP_RANGE) ||
        !http_if_range(req, file->etag, file->last_modified))
        return answer_whole(file, req);
    uint64_t from = 0, len = 0;
    switch (http_range_parse(req->known[HTTP_RANGE], file->bytes, &from, &len)) {
    case HTTP_RANGE_PART:
        return answer_part(file, from, len);
    case HTTP_RANGE_UNMET:
        return answer_unmet(file);
    case HTTP_RANGE_WHOLE:
        break;
    }
    return answer_whole(file, req);
}

/* ---- those a loop keeps ---- */

struct kept {
    struct http_file *file; /* NULL: free */
    char *key;
    size_t key_len;
    uint64_t hash;
    time_us looked; /* monotonic, as the next */
    time_us used;
};

struct loop_files {
    struct kept kept[HTTP_FILES_KEPT];
    time_us swept;
};

struct http_files {
    size_t loops;            /* read-only */
    struct loop_files *each; /* one a loop, and only that loop's */
};

struct http_files *http_files_new(size_t loops)
{
    CHECK(loops > 0);
    struct http_files *files = calloc(1, sizeof(*files));
    CHECK(files != NULL);
    files->loops = loops;
    files->each = calloc(loops, sizeof(*files->each));
    CHECK(files->each != NULL);
    return files;
}

static void kept_clear(struct kept *kept)
{
    http_file_unref(kept->file);
    free(kept->key);
    *kept = (struct kept){0};
}

void http_files_free(struct http_files *files)
{
    if (files == NULL)
        return;
    for (size_t i = 0; i < files->loops; i++) {
        for (size_t k = 0; k < HTTP_FILES_KEPT; k++)
            kept_clear(&files->each[i].kept[k]);
    }
    free(files->each);
    free(files);
}

static struct loop_files *files_of(struct http_files *files, const struct http_request *req)
{
    CHECK(req->loop < files->loops);
    return &files->each[req->loop];
}

/* A descriptor held for nobody keeps a removed file's space on the disk. */
static void files_sweep(struct loop_files *files, time_us now)
{
    if (now - files->swept < TIME_SECOND)
        return;
    files->swept = now;
    for (size_t i = 0; i < HTTP_FILES_KEPT; i++) {
        if (files->kept[i].file != NULL && now - files->kept[i].used >= HTTP_FILE_UNUSED)
            kept_clear(&files->kept[i]);
    }
}

static bool kept_is(const struct kept *kept, uint64_t hash, str key)
{
    return kept->file != NULL && kept->hash == hash && str_eq((str){kept->key, kept->key_len}, key);
}

bool http_files_get(struct http_files *files, const struct http_request *req,
                    struct http_ready *ret)
{
    struct loop_files *mine = files_of(files, req);
    time_us now = clock_monotonic();
    files_sweep(mine, now);
    uint64_t hash = map_hash(req->path);
    struct kept *kept = &mine->kept[hash % HTTP_FILES_KEPT];
    if (!kept_is(kept, hash, req->path) || now - kept->looked >= HTTP_FILE_TRUSTED)
        return false;
    kept->used = now;
    *ret = http_file_answer(kept->file, req);
    return true;
}

static bool same_file(const struct http_file *file, const struct stat *info)
{
    return file->device == info->st_dev && file->inode == info->st_ino &&
           file->bytes == (uint64_t)info->st_size &&
           file->modified.tv_sec == info->st_mtim.tv_sec &&
           file->modified.tv_nsec == info->st_mtim.tv_nsec &&
           file->changed.tv_sec == info->st_ctim.tv_sec &&
           file->changed.tv_nsec == info->st_ctim.tv_nsec;
}

/* Mounts mostly note no reads, or one a day. */
static void note_use(int fd, const struct stat *info)
{
    static const struct timespec now[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_OMIT}};
    time_us read_at = (time_us)info->st_atim.tv_sec * TIME_SECOND;
    if (clock_now(&clock_system) - read_at >= HTTP_FILE_USE_STEP)
        (void)futimens(fd, now);
}

bool http_files_look(struct http_files *files, const struct http_request *req,
                     const struct http_file_place *place, struct http_ready *ret)
{
    uint64_t hash = map_hash(req->path);
    struct kept *kept = &files_of(files, req)->kept[hash % HTTP_FILES_KEPT];
    bool known = kept_is(kept, hash, req->path);
    time_us now = clock_monotonic();
    struct stat info;
    AUTO(fd_closep) int fd = -1;
    if (file_open_beneath_now(place->dir_fd, place->path, &fd, NULL) != ST_OK ||
        fstat(fd, &info) != 0) {
        if (known)
            kept_clear(kept);
        return false;
    }
    if (place->note_use)
        note_use(fd, &info);
    if (!known || !same_file(kept->file, &info)) {
        kept_clear(kept);
        *kept = (struct kept){.file = file_new(place, fd_take(&fd), &info),
                              .key = malloc(req->path.len + 1),
                              .key_len = req->path.len,
                              .hash = hash};
        CHECK(kept->key != NULL);
        memcpy(kept->key, req->path.ptr, req->path.len);
    }
    kept->looked = kept->used = now;
    *ret = http_file_answer(kept->file, req);
    return true;
}
