/* SPDX-License-Identifier: MIT
 *
 * The folder is opened once; all else is reached from it part by part, following no link, so that nothing
 * in a path leads out and a folder that is swapped meanwhile does not either.
 *
 * A temp is a named file and not O_TMPFILE: network and layered file systems have no such thing, and a name
 * can be told apart by `ls` after a crash. Its lock tells storage_sweep that it is being written; a
 * lock goes when its process goes, however that was. */
#include "media/storage.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEMP_NAME_BYTES = 16, HASH_DIGITS = 64 };

struct storage {
    struct arena *arena; /* owns the strings; all read-only once made */
    str folder;
    int dir; /* media/ */
    int new; /* media/.new */
    const struct rng *rng;
};

struct storage_temp {
    struct storage *storage;
    int fd;
    bool named; /* still in .new */
    char name[2 * TEMP_NAME_BYTES + 1];
};

/* ---- opening ---- */

static enum status open_folders(struct storage *storage, struct error *err)
{
    char *folder = str_copy_c(storage->arena, storage->folder);
    enum status st = file_mkdirs(storage->folder, 0755, err);
    if (st != ST_OK)
        return st;
    storage->dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (storage->dir < 0)
        return error_set_errno(err, ST_IO, "cannot open the folder %s", folder);
    if (mkdirat(storage->dir, ".new", 0700) != 0 && errno != EEXIST)
        return error_set_errno(err, ST_IO, "cannot write in %s", folder);
    storage->new = openat(storage->dir, ".new", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (storage->new < 0)
        return error_set_errno(err, ST_IO, "cannot open %s/.new", folder);
    return ST_OK;
}

enum status storage_new(str folder, const struct rng *rng, struct storage **ret_storage,
                        struct error *err)
{
    struct arena *arena = arena_new(ARENA_SMALL);
    struct storage *storage = arena_new_one(arena, struct storage);
    *storage = (struct storage){
        .arena = arena, .folder = str_copy(arena, folder), .dir = -1, .new = -1, .rng = rng};
    enum status st = open_folders(storage, err);
    if (st != ST_OK) {
        storage_free(storage);
        return st;
    }
    *ret_storage = storage;
    return ST_OK;
}

void storage_free(struct storage *storage)
{
    if (storage == NULL)
        return;
    fd_closep(&storage->new);
    fd_closep(&storage->dir);
    arena_free(storage->arena);
}

/* ---- paths ---- */

bool storage_path_valid(str path)
{
    if (path.len == 0 || path.len > STORAGE_PATH_MAX || path.ptr[path.len - 1] == '/' ||
        str_find_char(path, '\0') != STR_NPOS)
        return false;
    for (size_t parts = 0; path.len > 0; parts++) {
        str part = str_cut(&path, '/');
        bool ours = parts == 0 && path.len > 0 &&
                    (str_eq(part, S(".original")) || str_eq(part, S(".made")));
        if (part.len == 0 || part.len > STORAGE_NAME_MAX || parts == STORAGE_DEPTH_MAX ||
            (part.ptr[0] == '.' && !ours))
            return false;
    }
    return true;
}

static enum status path_check(str path, struct error *err)
{
    if (!storage_path_valid(path))
        return error_set(err, ST_INVALID, "\"%.*s\" is no path for a picture or file",
                         STR_ARG(path));
    return ST_OK;
}

str storage_original_path(struct arena *arena, str hash, str ending)
{
    CHECK(hash.len == HASH_DIGITS);
    return str_format(arena, ".original/%.2s/%.*s%s%.*s", hash.ptr, STR_ARG(str_from(hash, 2)),
                      ending.len > 0 ? "." : "", STR_ARG(ending));
}

static void part_to_c(str part, char ret_name[STORAGE_NAME_MAX + 1])
{
    CHECK(part.len <= STORAGE_NAME_MAX);
    memcpy(ret_name, part.ptr, part.len);
    ret_name[part.len] = '\0';
}

/* Opens the folder that the path's last part lies in, and gives that part. With `make`, folders that are missing
 * are made, each on the disk before the next. */
static enum status open_parent(const struct storage *storage, str path, bool make, int *ret_fd,
                               char ret_name[STORAGE_NAME_MAX + 1], struct error *err)
{
    AUTO(fd_closep) int fd = openat(storage->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (str rest = path; fd >= 0;) {
        part_to_c(str_cut(&rest, '/'), ret_name);
        if (rest.len == 0) {
            *ret_fd = fd_take(&fd);
            return ST_OK;
        }
        bool made = make && mkdirat(fd, ret_name, 0755) == 0;
        if (made && fsync(fd) != 0)
            return error_set_errno(err, ST_IO, "cannot write the folder of %.*s", STR_ARG(path));
        int next = openat(fd, ret_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        int e = errno;
        (void)close(fd);
        errno = e;
        fd = next;
    }
    if (!make && (errno == ENOENT || errno == ENOTDIR))
        return error_set(err, ST_NOT_FOUND, "there is no file %.*s", STR_ARG(path));
    return error_set_errno(err, ST_IO, "cannot open the folder of %.*s", STR_ARG(path));
}

/* ---- putting ---- */

enum status storage_temp_new(struct storage *storage, struct storage_temp **ret_temp,
                             struct error *err)
{
    AUTO(arena_freep) struct arena *scratch = arena_new(ARENA_SMALL);
    struct storage_temp *temp = calloc(1, sizeof(*temp));
    CHECK(temp != NULL);
    str name = random_token(storage->rng, scratch, TEMP_NAME_BYTES);
    temp->storage = storage;
    memcpy(temp->name, name.ptr, name.len);
    temp->fd = openat(storage->new, temp->name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (temp->fd < 0) {
        int e = errno;
        free(temp);
        errno = e;
        return error_set_errno(err, ST_IO, "cannot write in %.*s/.new", STR_ARG(storage->folder));
    }
    temp->named = true;
    /* Where there are no locks an old file is only told by its age, which is as good as nothing was lost. */
    (void)flock(temp->fd, LOCK_EX | LOCK_NB);
    *ret_temp = temp;
    return ST_OK;
}

int storage_temp_fd(const struct storage_temp *temp)
{
    return temp->fd;
}

void storage_temp_drop(struct storage_temp *temp)
{
    if (temp == NULL)
        return;
    if (temp->named)
        (void)unlinkat(temp->storage->new, temp->name, 0);
    (void)close(temp->fd);
    free(temp);
}

/* 0, or errno. Some file systems have no rename that replaces nothing; a link does not replace either. */
static int rename_new(int from_dir, const char *from, int to_dir, const char *to)
{
    if (renameat2(from_dir, from, to_dir, to, RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL && errno != ENOSYS)
        return errno;
    if (linkat(from_dir, from, to_dir, to, 0) != 0)
        return errno;
    (void)unlinkat(from_dir, from, 0); /* a second name in .new, which is swept */
    return 0;
}

enum status storage_put(struct storage *storage, str path, struct storage_temp *temp,
                        struct error *err)
{
    char name[STORAGE_NAME_MAX + 1];
    AUTO(fd_closep) int parent = -1;
    CHECK(temp->named);
    enum status st = path_check(path, err);
    if (st == ST_OK)
        st = open_parent(storage, path, true, &parent, name, err);
    if (st != ST_OK)
        return st;
    if (fsync(temp->fd) != 0)
        return error_set_errno(err, ST_IO, "cannot write %.*s", STR_ARG(path));
    int e = rename_new(storage->new, temp->name, parent, name);
    if (e == EEXIST || e == EISDIR)
        return error_set(err, ST_CONFLICT, "there is a file %.*s already", STR_ARG(path));
    if (e != 0) {
        errno = e;
        return error_set_errno(err, ST_IO, "cannot write %.*s", STR_ARG(path));
    }
    temp->named = false;
    if (fsync(parent) != 0)
        return error_set_errno(err, ST_IO, "cannot write the folder of %.*s", STR_ARG(path));
    return ST_OK;
}

/* ---- getting ---- */

enum status storage_open(struct storage *storage, str path, int *ret_fd, struct error *err)
{
    enum status st = path_check(path, err);
    return st == ST_OK ? file_open_beneath(storage->dir, path, ret_fd, err) : st;
}

enum status storage_remove(struct storage *storage, str path, struct error *err)
{
    char name[STORAGE_NAME_MAX + 1];
    AUTO(fd_closep) int parent = -1;
    enum status st = path_check(path, err);
    if (st == ST_OK)
        st = open_parent(storage, path, false, &parent, name, err);
    if (st != ST_OK)
        return st;
    if (unlinkat(parent, name, 0) != 0)
        return errno == ENOENT
                   ? error_set(err, ST_NOT_FOUND, "there is no file %.*s", STR_ARG(path))
                   : error_set_errno(err, ST_IO, "cannot remove %.*s", STR_ARG(path));
    if (fsync(parent) != 0)
        return error_set_errno(err, ST_IO, "cannot write the folder of %.*s", STR_ARG(path));
    return ST_OK;
}

/* lost+found is a disk's own, and only root may look. */
const char *const storage_not_copied[] = {".made", ".new", "lost+found", NULL};

static bool passed_over(const FTSENT *entry)
{
    for (size_t i = 0; storage_not_copied[i] != NULL && entry->fts_level == 1; i++) {
        if (strcmp(entry->fts_name, storage_not_copied[i]) == 0)
            return true;
    }
    return false;
}

static enum status each_entry(const struct storage *storage, FTS *walk, FTSENT *entry,
                              storage_each_fn *fn, void *ctx, struct error *err)
{
    if (passed_over(entry)) {
        (void)fts_set(walk, entry, FTS_SKIP);
        return ST_OK;
    }
    if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR || entry->fts_info == FTS_NS) {
        errno = entry->fts_errno;
        return error_set_errno(err, ST_IO, "cannot look at %s", entry->fts_path);
    }
    if (entry->fts_info != FTS_F)
        return ST_OK;
    str path = str_from(str_from_c(entry->fts_path), storage->folder.len);
    while (str_starts(path, S("/")))
        path = str_from(path, 1);
    return fn(ctx, path, entry->fts_statp->st_size, err);
}

enum status storage_each(struct storage *storage, storage_each_fn *fn, void *ctx, struct error *err)
{
    AUTO(arena_freep) struct arena *scratch = arena_new(ARENA_SMALL);
    char *roots[] = {str_copy_c(scratch, storage->folder), NULL};
    enum status st = ST_OK;
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_COMFOLLOW, NULL);
    if (walk == NULL)
        return error_set_errno(err, ST_IO, "cannot list %s", roots[0]);
    for (FTSENT *entry; st == ST_OK && (entry = fts_read(walk)) != NULL;)
        st = each_entry(storage, walk, entry, fn, ctx, err);
    (void)fts_close(walk);
    return st;
}

/* ---- sweeping ---- */

static bool is_abandoned(int dir, const char *name, time_us now)
{
    struct stat info;
    AUTO(fd_closep) int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        return false;
    return (time_us)info.st_mtim.tv_sec + STORAGE_ABANDONED_S < now / TIME_SECOND &&
           flock(fd, LOCK_EX | LOCK_NB) == 0;
}

enum status storage_sweep(struct storage *storage, int64_t *ret_removed, struct error *err)
{
    int fd = openat(storage->new, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (dir == NULL) {
        fd_closep(&fd);
        return error_set_errno(err, ST_IO, "cannot list %.*s/.new", STR_ARG(storage->folder));
    }
    *ret_removed = 0;
    time_us now = clock_now(&clock_system); /* files carry the system's time too */
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (is_abandoned(fd, entry->d_name, now) && unlinkat(fd, entry->d_name, 0) == 0)
            ++*ret_removed;
    }
    (void)closedir(dir);
    return ST_OK;
}
