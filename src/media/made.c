/* SPDX-License-Identifier: MIT
 *
 * The walk is by hand and not by fts(3) or nftw(3): both follow paths from the root, and a folder swapped for
 * a link meanwhile would lead them out. */
#include "media/made.h"

#include "base/arena.h"
#include "base/check.h"
#include "base/file.h"
#include "base/log.h"
#include "media/rendition.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct made {
    int fd;     /* .made */
    int new_fd; /* .made/.new */
    char *path;
    int64_t bytes_max;
    const struct log *log;
    int64_t bytes;
    bool counted;
    uint64_t serial; /* of pieces */
};

/* ---- walking ---- */

struct walk {
    void (*each)(void *ctx, int dir_fd, const char *name, const struct stat *info);
    void *ctx;
};

static void dir_closep(DIR **dir)
{
    if (*dir != NULL)
        (void)closedir(*dir);
}

static DIR *dir_open_at(int dir_fd, const char *name)
{
    AUTO(fd_closep)
    int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (dir != NULL)
        (void)fd_take(&fd);
    return dir;
}

/* Every regular file below; what cannot be read is passed over. Folders that begin with a dot (.new) too. */
static void walk_folder(const struct walk *walk, int dir_fd, const char *name, int depth)
{
    AUTO(dir_closep) DIR *dir = dir_open_at(dir_fd, name);
    const struct dirent *entry;
    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        struct stat info;
        if (entry->d_name[0] == '.' ||
            fstatat(dirfd(dir), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (S_ISDIR(info.st_mode) && depth < MADE_DEPTH_MAX)
            walk_folder(walk, dirfd(dir), entry->d_name, depth + 1);
        else if (S_ISREG(info.st_mode))
            walk->each(walk->ctx, dirfd(dir), entry->d_name, &info);
    }
}

/* ---- the budget ---- */

/* What it takes on the disk, so that ten thousand small files count for what they are. */
static int64_t bytes_of(const struct stat *info)
{
    return (int64_t)info->st_blocks * 512;
}

struct ages {
    time_t now;
    int64_t bytes[MADE_AGES];
    int64_t all;
};

static size_t age_of(const struct ages *ages, const struct stat *info)
{
    time_t used =
        info->st_atim.tv_sec > info->st_mtim.tv_sec ? info->st_atim.tv_sec : info->st_mtim.tv_sec;
    time_t hours = (ages->now - used) / 3600;
    return hours < 0 ? 0 : hours >= MADE_AGES ? MADE_AGES - 1 : (size_t)hours;
}

static void age_count(void *ctx, int dir_fd, const char *name, const struct stat *info)
{
    struct ages *ages = ctx;
    (void)dir_fd;
    (void)name;
    ages->bytes[age_of(ages, info)] += bytes_of(info);
    ages->all += bytes_of(info);
}

struct purge {
    const struct ages *ages;
    size_t oldest_kept; /* older: gone, all of them */
    int64_t left;       /* to be removed in all; of the age oldest_kept only until it is met */
    int64_t removed;
};

static void purge_one(void *ctx, int dir_fd, const char *name, const struct stat *info)
{
    struct purge *purge = ctx;
    size_t age = age_of(purge->ages, info);
    if (age < purge->oldest_kept || (age == purge->oldest_kept && purge->left <= 0) ||
        unlinkat(dir_fd, name, 0) != 0)
        return;
    purge->removed += bytes_of(info);
    if (age == purge->oldest_kept)
        purge->left -= bytes_of(info);
}

static void shrink(struct made *made, struct ages *ages)
{
    int64_t target = made->bytes_max / 10 * MADE_LEFT_TENTHS, over = ages->all - target;
    size_t age = MADE_AGES - 1;
    while (age > 0 && ages->bytes[age] <= over)
        over -= ages->bytes[age--];
    struct purge purge = {.ages = ages, .oldest_kept = age, .left = over};
    walk_folder(&(struct walk){purge_one, &purge}, made->fd, ".", 0);
    made->bytes = ages->all - purge.removed;
    log_info(made->log, "picture cache was full, least used removed",
             LOG_INT("bytes_removed", purge.removed), LOG_INT("bytes_left", made->bytes));
}

/* Counts what there is, and makes room when that is too much. */
static void budget_keep(struct made *made)
{
    struct ages *ages = calloc(1, sizeof(*ages));
    CHECK(ages != NULL);
    ages->now = time(NULL);
    walk_folder(&(struct walk){age_count, ages}, made->fd, ".", 0);
    made->bytes = ages->all;
    made->counted = true;
    if (made->bytes > made->bytes_max)
        shrink(made, ages);
    free(ages);
}

/* ---- opening ---- */

static enum status folders_make(struct made *made, struct error *err)
{
    enum status st = file_mkdirs(str_from_c(made->path), 0750, err);
    if (st != ST_OK)
        return st;
    made->fd = open(made->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (made->fd < 0)
        return error_set_errno(err, ST_IO, "cannot open the folder %s", made->path);
    if (mkdirat(made->fd, ".new", 0750) != 0 && errno != EEXIST)
        return error_set_errno(err, ST_IO, "cannot make a folder in %s", made->path);
    made->new_fd = openat(made->fd, ".new", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (made->new_fd < 0)
        return error_set_errno(err, ST_IO, "cannot open .new in %s", made->path);
    return ST_OK;
}

static void remove_one(void *ctx, int dir_fd, const char *name, const struct stat *info)
{
    (void)ctx;
    (void)info;
    (void)unlinkat(dir_fd, name, 0);
}

enum status made_open(str media, int64_t bytes_max, const struct log *log, struct made **ret_made,
                      struct error *err)
{
    AUTO(made_closep) struct made *made = calloc(1, sizeof(*made));
    CHECK(made != NULL);
    *made = (struct made){.fd = -1,
                          .new_fd = -1,
                          .bytes_max = bytes_max > 0 ? bytes_max : MADE_BYTES_DEFAULT,
                          .log = log};
    CHECK(asprintf(&made->path, "%.*s/.made", STR_ARG(media)) > 0);
    enum status st = folders_make(made, err);
    if (st != ST_OK)
        return st;
    walk_folder(&(struct walk){remove_one, NULL}, made->new_fd, ".", MADE_DEPTH_MAX);
    *ret_made = TAKE(made);
    return ST_OK;
}

void made_close(struct made *made)
{
    if (made == NULL)
        return;
    if (made->fd >= 0)
        (void)close(made->fd);
    if (made->new_fd >= 0)
        (void)close(made->new_fd);
    free(made->path);
    free(made);
}

int made_fd(const struct made *made)
{
    return made->fd;
}

int64_t made_bytes(const struct made *made)
{
    return made->bytes;
}

/* ---- pieces ---- */

/* Somebody emptied the folder, .new included: it is made again. */
static int piece_open(struct made *made, const char *name)
{
    int fd = openat(made->new_fd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (fd >= 0 || errno != ENOENT)
        return fd;
    struct made again = *made;
    if (folders_make(&again, NULL) != ST_OK)
        return -1;
    (void)dup3(again.fd, made->fd, O_CLOEXEC);
    (void)dup3(again.new_fd, made->new_fd, O_CLOEXEC);
    (void)close(again.fd);
    (void)close(again.new_fd);
    return openat(made->new_fd, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
}

enum status made_begin(struct made *made, struct made_piece *ret_piece, struct error *err)
{
    struct made_piece piece = {.fd = -1};
    (void)snprintf(piece.name, sizeof(piece.name), "%ld.%llu", (long)getpid(),
                   (unsigned long long)++made->serial);
    piece.fd = piece_open(made, piece.name);
    if (piece.fd < 0)
        return error_set_errno(err, ST_IO, "cannot write below %s", made->path);
    *ret_piece = piece;
    return ST_OK;
}

/* The folders of `path`, below .made, as the rename wants them. */
static enum status parents_make(const struct made *made, char *path, struct error *err)
{
    for (char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        bool failed = mkdirat(made->fd, path, 0750) != 0 && errno != EEXIST;
        *slash = '/';
        if (failed)
            return error_set_errno(err, ST_IO, "cannot make a folder below %s", made->path);
    }
    return ST_OK;
}

enum status made_keep(struct made *made, struct made_piece *piece, str path, struct error *err)
{
    char name[PATH_MAX];
    struct stat info, old;
    CHECK(path.len < sizeof(name));
    memcpy(name, path.ptr, path.len);
    name[path.len] = '\0';
    enum status st = parents_make(made, name, err);
    if (st != ST_OK)
        return st;
    if (fstatat(made->fd, name, &old, AT_SYMLINK_NOFOLLOW) != 0)
        old.st_blocks = 0;
    if (fdatasync(piece->fd) != 0 || fstat(piece->fd, &info) != 0 ||
        renameat(made->new_fd, piece->name, made->fd, name) != 0)
        return error_set_errno(err, ST_IO, "cannot keep %s below %s", name, made->path);
    piece->name[0] = '\0';
    made->bytes += bytes_of(&info) - bytes_of(&old);
    if (!made->counted || made->bytes > made->bytes_max)
        budget_keep(made);
    return ST_OK;
}

void made_drop(struct made *made, struct made_piece *piece)
{
    if (piece->fd < 0)
        return;
    (void)close(piece->fd);
    if (piece->name[0] != '\0')
        (void)unlinkat(made->new_fd, piece->name, 0);
    *piece = (struct made_piece){.fd = -1};
}

/* ---- forgetting ---- */

static void forget_one(int made_dir, struct arena *arena, const struct rendition *r)
{
    (void)unlinkat(made_dir, str_copy_c(arena, rendition_print(arena, r)), 0);
}

/* In every format, at the size that the folder `name` of size/ is for; "" for none. */
static void forget_size(int made_dir, str name, str original)
{
    static const enum media_kind formats[] = {MEDIA_UNKNOWN, MEDIA_JPEG, MEDIA_PNG, MEDIA_WEBP,
                                              MEDIA_AVIF};
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    struct rendition r = {.path = original};
    if (name.len > 0 &&
        rendition_parse(str_format(arena, "size/%.*s/%.*s", STR_ARG(name), STR_ARG(original)),
                        &r) != RENDITION_PLAIN)
        return;
    for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
        r.format = formats[i];
        if (name.len > 0 || r.format != MEDIA_UNKNOWN)
            forget_one(made_dir, arena, &r);
    }
}

static void forget(int made_dir, str original)
{
    AUTO(dir_closep) DIR *sizes = dir_open_at(made_dir, "size");
    const struct dirent *entry;
    if (!rendition_path_is_public(original))
        return;
    forget_size(made_dir, STR_NONE, original);
    while (sizes != NULL && (entry = readdir(sizes)) != NULL)
        forget_size(made_dir, str_from_c(entry->d_name), original);
}

void made_forget(struct made *made, str original)
{
    forget(made->fd, original);
}

void made_forget_below(str media, str original)
{
    AUTO(arena_freep) struct arena *arena = arena_new(ARENA_SMALL);
    AUTO(fd_closep)
    int fd = open(str_copy_c(arena, file_join(arena, media, S(".made"))),
                  O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0)
        forget(fd, original);
}
