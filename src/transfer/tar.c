/* SPDX-License-Identifier: MIT
 *
 * ustar, with a pax header before an entry whose name or length ustar cannot say (POSIX.1-2017, pax). The walk is fts's,
 * with names in order. */
#include "transfer/tar.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BLOCK = 512,
    COPY_BYTES = 256 * 1024,
    NAME_MAX_BYTES = 100, /* of ustar's first field: longer ones go into a pax header */
    PAX_MAX = 8 * 1024,
};

/* A header, as POSIX has it: every field text, padded with NUL. */
struct block {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8], type;
    char link[100], magic[6], version[2], uname[32], gname[32], major[8], minor[8], prefix[155];
    char pad[12];
};
static_assert(sizeof(struct block) == BLOCK, "a tar header is one block");

struct packing {
    struct arena *arena; /* for one entry at a time */
    int fd;
    str out;
    char *copy;
    size_t skip; /* bytes of each path before the folder's own name */
    int64_t done, total;
    tar_progress_fn *progress;
    void *progress_ctx;
};

/* ---- walking ---- */

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

typedef enum status entry_fn(void *ctx, const FTSENT *entry, struct error *err);

static enum status each_entry(FTS *fts, entry_fn *fn, void *ctx, struct error *err)
{
    FTSENT *entry;
    enum status st = ST_OK;
    errno = 0;
    while (st == ST_OK && (entry = fts_read(fts)) != NULL) {
        if (entry->fts_level > TAR_DEPTH_MAX)
            return error_set(err, ST_TOO_BIG, "%s: folders more than %d deep", entry->fts_path,
                             TAR_DEPTH_MAX);
        if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS) {
            errno = entry->fts_errno;
            return error_set_errno(err, ST_IO, "cannot read %s", entry->fts_path);
        }
        if (entry->fts_info == FTS_F || entry->fts_info == FTS_D)
            st = fn(ctx, entry, err);
        errno = 0;
    }
    if (st == ST_OK && errno != 0)
        return error_set_errno(err, ST_IO, "cannot read the folder");
    return st;
}

static enum status walk(str folder, entry_fn *fn, void *ctx, struct error *err)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    char *paths[] = {str_copy_c(arena, folder), NULL};
    FTS *fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
    if (fts == NULL)
        return error_set_errno(err, ST_IO, "cannot read %.*s", STR_ARG(folder));
    enum status st = each_entry(fts, fn, ctx, err);
    (void)fts_close(fts);
    return st;
}

struct sum {
    int64_t bytes, files;
};

static enum status sum_entry(void *ctx, const FTSENT *entry, struct error *err)
{
    struct sum *sum = ctx;
    (void)err;
    if (entry->fts_info == FTS_F) {
        sum->bytes += entry->fts_statp->st_size;
        sum->files++;
    }
    return ST_OK;
}

enum status tar_measure(str folder, int64_t *ret_bytes, int64_t *ret_files, struct error *err)
{
    struct sum sum = {0, 0};
    enum status st = walk(folder, sum_entry, &sum, err);
    if (st != ST_OK)
        return st;
    *ret_bytes = sum.bytes;
    *ret_files = sum.files;
    return ST_OK;
}

/* ---- headers ---- */

static void put_octal(char *field, size_t size, int64_t n)
{
    for (size_t i = size - 1; i-- > 0; n /= 8)
        field[i] = (char)('0' + n % 8);
}

static enum status write_header(struct packing *p, str name, char type, mode_t mode, int64_t bytes,
                                int64_t mtime, struct error *err)
{
    struct block b = {.type = type};
    unsigned sum = 0;
    str head = str_sub(name, 0, sizeof(b.name));
    memcpy(b.name, head.ptr, head.len);
    put_octal(b.mode, sizeof(b.mode), mode & 0777);
    put_octal(b.uid, sizeof(b.uid), 0);
    put_octal(b.gid, sizeof(b.gid), 0);
    put_octal(b.size, sizeof(b.size), bytes >> 33 == 0 ? bytes : 0);
    put_octal(b.mtime, sizeof(b.mtime), mtime > 0 ? mtime : 0);
    memcpy(b.magic, "ustar", sizeof(b.magic));
    memcpy(b.version, "00", sizeof(b.version));
    memset(b.checksum, ' ', sizeof(b.checksum));
    for (size_t i = 0; i < sizeof(b); i++)
        sum += ((const unsigned char *)&b)[i];
    put_octal(b.checksum, sizeof(b.checksum) - 1, (int64_t)sum);
    return file_write_fd(p->fd, p->out, (str){(const char *)&b, sizeof(b)}, err);
}

static enum status write_padding(struct packing *p, int64_t bytes, struct error *err)
{
    static const char zeros[BLOCK];
    size_t over = (size_t)(bytes % BLOCK);
    return over == 0 ? ST_OK : file_write_fd(p->fd, p->out, (str){zeros, BLOCK - over}, err);
}

/* "27 path=a/long/name\n": the number counts itself. */
static void add_record(struct buf *b, str key, str value)
{
    size_t rest = key.len + value.len + 3, len = rest + 1;
    for (size_t digits = 1, bound = 10; len >= bound; bound *= 10)
        len = rest + ++digits;
    buf_addf(b, "%zu %.*s=%.*s\n", len, STR_ARG(key), STR_ARG(value));
}

static enum status write_pax(struct packing *p, str name, int64_t bytes, struct error *err)
{
    struct buf b;
    str text;
    bool long_name = name.len > NAME_MAX_BYTES, big = bytes >> 33 != 0;
    if (!long_name && !big)
        return ST_OK;
    buf_init(&b, p->arena, PAX_MAX);
    if (long_name)
        add_record(&b, S("path"), name);
    if (big)
        add_record(&b, S("size"), str_format(p->arena, "%lld", (long long)bytes));
    enum status st = buf_finish(&b, &text, err);
    if (st == ST_OK)
        st = write_header(p, S("pax"), 'x', 0644, i64_from_size(text.len), 0, err);
    if (st == ST_OK)
        st = file_write_fd(p->fd, p->out, text, err);
    return st == ST_OK ? write_padding(p, i64_from_size(text.len), err) : st;
}

/* ---- entries ---- */

/* Exactly so many bytes: the header has said so. */
static enum status copy_bytes(struct packing *p, const char *path, int64_t bytes, struct error *err)
{
    AUTO(fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return error_set_errno(err, ST_IO, "cannot read %s", path);
    for (int64_t left = bytes; left > 0;) {
        size_t want = left < COPY_BYTES ? (size_t)left : COPY_BYTES;
        ssize_t n = read(fd, p->copy, want);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set_errno(err, ST_IO, "cannot read %s", path);
        if (n == 0)
            return error_set(err, ST_IO, "%s became shorter while it was copied", path);
        enum status st = file_write_fd(p->fd, p->out, (str){p->copy, (size_t)n}, err);
        if (st != ST_OK)
            return st;
        left -= n;
        p->done += n;
        if (p->progress != NULL)
            p->progress(p->progress_ctx, p->done, p->total);
    }
    return write_padding(p, bytes, err);
}

static enum status pack_entry(void *ctx, const FTSENT *entry, struct error *err)
{
    struct packing *p = ctx;
    bool is_folder = entry->fts_info == FTS_D;
    int64_t bytes = is_folder ? 0 : entry->fts_statp->st_size;
    arena_reset(p->arena);
    str name = str_from(str_from_c(entry->fts_path), p->skip);
    if (is_folder)
        name = str_join2(p->arena, name, S("/"));
    enum status st = write_pax(p, name, bytes, err);
    if (st == ST_OK)
        st = write_header(p, name, is_folder ? '5' : '0', entry->fts_statp->st_mode, bytes,
                          entry->fts_statp->st_mtime, err);
    return st == ST_OK && !is_folder ? copy_bytes(p, entry->fts_path, bytes, err) : st;
}

static enum status pack(struct packing *p, str folder, struct error *err)
{
    static const char zeros[2 * BLOCK];
    enum status st = walk(folder, pack_entry, p, err);
    if (st == ST_OK)
        st = file_write_fd(p->fd, p->out, (str){zeros, sizeof(zeros)}, err);
    if (st == ST_OK && fsync(p->fd) != 0)
        return error_set_errno(err, ST_IO, "cannot write %.*s", STR_ARG(p->out));
    return st;
}

enum status tar_folder(str folder, str out, tar_progress_fn *progress, void *ctx,
                       int64_t *ret_bytes, struct error *err)
{
    AUTO(arena_freep) struct arena *names = arena_new(ARENA_SMALL);
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct packing p = {.arena = arena, .progress = progress, .progress_ctx = ctx};
    int64_t files;
    while (folder.len > 1 && str_ends(folder, S("/")))
        folder.len--;
    size_t slash = str_rfind_char(folder, '/');
    p.skip = slash == STR_NPOS ? 0 : slash + 1;
    p.out = str_join2(names, out, S(".part"));
    p.copy = arena_alloc(names, COPY_BYTES, 1);
    if (file_exists(out))
        return error_set(err, ST_CONFLICT, "%.*s is there already", STR_ARG(out));
    enum status st = tar_measure(folder, &p.total, &files, err);
    if (st != ST_OK)
        return st;
    const char *part = str_copy_c(names, p.out);
    AUTO(fd_closep) int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_set_errno(err, ST_IO, "cannot write %.*s", STR_ARG(p.out));
    p.fd = fd;
    st = pack(&p, folder, err);
    if (st == ST_OK && rename(part, str_copy_c(names, out)) != 0)
        st = error_set_errno(err, ST_IO, "cannot write %.*s", STR_ARG(out));
    if (st == ST_OK)
        st = file_sync_folder(out, err);
    if (st != ST_OK)
        (void)unlink(part);
    else if (ret_bytes != NULL)
        *ret_bytes = p.done;
    return st;
}
