/* SPDX-License-Identifier: MIT
 *
 * The folder is opened once; all else is reached from it part by part, following no link, so that nothing
 * in a path leads out and a folder that is swapped meanwhile does not either.
 *
 * A temp is a named file and not O_TMPFILE: network and layered file systems have no such thing, and a name
 * can be told apart by `ls` after a crash. Its lock tells storage_sweep that it is being written; a
 * lock goes when its process goes, however that was.
 *
 * A file that is not in the cache is fetched by the first who asks; the others wait on a condition until its path
 * is no longer among those under way, and look again. */
#include "media/storage.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"
#include "media/kind.h"
#include "media/s3.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <pthread.h>
#include <sodium.h>
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
    int dir;       /* media/ */
    int new;       /* media/.new; -1: it cannot be made, ... */
    int new_errno; /* ... for this reason: nothing can be put */
    const struct rng *rng;
    struct s3 *bucket;    /* NULL: the folder is all there is */
    pthread_mutex_t lock; /* guards the list below */
    pthread_cond_t fetched;
    struct fetch *under_way;
};

/* On the stack of the thread that fetches. */
struct fetch {
    str path;
    struct fetch *next;
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
    if (mkdirat(storage->dir, ".new", 0700) != 0 && errno != EEXIST) {
        storage->new_errno = errno; /* a disk that cannot be written to can be read all the same */
        return ST_OK;
    }
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
    *storage = (struct storage){.arena = arena,
                                .folder = str_copy(arena, folder),
                                .dir = -1,
                                .new = -1,
                                .rng = rng,
                                .lock = PTHREAD_MUTEX_INITIALIZER,
                                .fetched = PTHREAD_COND_INITIALIZER};
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
    s3_free(storage->bucket);
    (void)pthread_mutex_destroy(&storage->lock);
    (void)pthread_cond_destroy(&storage->fetched);
    fd_closep(&storage->new);
    fd_closep(&storage->dir);
    arena_free(storage->arena);
}

void storage_use_bucket(struct storage *storage, struct s3 *bucket)
{
    CHECK(storage->bucket == NULL);
    storage->bucket = bucket;
}

bool storage_has_bucket(const struct storage *storage)
{
    return storage->bucket != NULL;
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
        if ((made && fsync(fd) != 0) || (make && !made && errno != EEXIST))
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
    if (storage->new < 0) {
        errno = storage->new_errno;
        return error_set_errno(err, ST_IO, "cannot write in %.*s", STR_ARG(storage->folder));
    }
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

static enum status put_here(struct storage *storage, str path, struct storage_temp *temp,
                            struct error *err)
{
    char name[STORAGE_NAME_MAX + 1];
    AUTO(fd_closep) int parent = -1;
    enum status st = open_parent(storage, path, true, &parent, name, err);
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

static enum status remove_here(struct storage *storage, str path, struct error *err)
{
    char name[STORAGE_NAME_MAX + 1];
    AUTO(fd_closep) int parent = -1;
    enum status st = open_parent(storage, path, false, &parent, name, err);
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

static enum status hash_and_size(int fd, char ret_hash[2 * crypto_hash_sha256_BYTES + 1],
                                 int64_t *ret_bytes, struct error *err)
{
    crypto_hash_sha256_state state;
    unsigned char hash[crypto_hash_sha256_BYTES];
    char piece[16 * 1024];
    (void)crypto_hash_sha256_init(&state);
    *ret_bytes = 0;
    for (;;) {
        ssize_t n = pread(fd, piece, sizeof(piece), *ret_bytes);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set_errno(err, ST_IO, "cannot read a file on its way to the bucket");
        if (n == 0)
            break;
        (void)crypto_hash_sha256_update(&state, (const unsigned char *)piece, (size_t)n);
        *ret_bytes += n;
    }
    (void)crypto_hash_sha256_final(&state, hash);
    (void)sodium_bin2hex(ret_hash, 2 * sizeof(hash) + 1, hash, sizeof(hash));
    return ST_OK;
}

/* The name is taken here first; a bucket that will not have the file gives it back. */
static enum status put_there(struct storage *storage, str path, struct storage_temp *temp,
                             struct error *err)
{
    char hash[2 * crypto_hash_sha256_BYTES + 1];
    bool there = false;
    int64_t bytes;
    enum status st = s3_exists(storage->bucket, path, &there, err);
    if (st == ST_OK && there)
        st = error_set(err, ST_CONFLICT, "there is a file %.*s already", STR_ARG(path));
    if (st == ST_OK)
        st = hash_and_size(temp->fd, hash, &bytes, err);
    if (st == ST_OK)
        st = put_here(storage, path, temp, err);
    if (st != ST_OK)
        return st;
    st = s3_put(storage->bucket, path, temp->fd, bytes, str_from_c(hash),
                media_kind_type(media_kind_by_path(path)), err);
    if (st != ST_OK)
        (void)remove_here(storage, path, NULL);
    return st;
}

static bool in_bucket(const struct storage *storage, str path)
{
    return storage->bucket != NULL && !str_starts(path, S(".made/"));
}

enum status storage_put(struct storage *storage, str path, struct storage_temp *temp,
                        struct error *err)
{
    CHECK(temp->named);
    enum status st = path_check(path, err);
    if (st != ST_OK)
        return st;
    return in_bucket(storage, path) ? put_there(storage, path, temp, err)
                                    : put_here(storage, path, temp, err);
}

/* ---- getting ---- */

static enum status fetch(struct storage *storage, str path, struct error *err)
{
    AUTO(storage_temp_dropp) struct storage_temp *temp = NULL;
    enum status st = storage_temp_new(storage, &temp, err);
    if (st == ST_OK)
        st = s3_get(storage->bucket, path, temp->fd, err);
    if (st == ST_OK)
        st = put_here(storage, path, temp, err);
    return st == ST_CONFLICT ? ST_OK : st; /* another process was quicker */
}

static bool is_under_way_locked(const struct storage *storage, str path)
{
    for (const struct fetch *f = storage->under_way; f != NULL; f = f->next) {
        if (str_eq(f->path, path))
            return true;
    }
    return false;
}

static void forget_locked(struct storage *storage, const struct fetch *mine)
{
    struct fetch **at = &storage->under_way;
    while (*at != mine)
        at = &(*at)->next;
    *at = mine->next;
}

/* Fetches, or waits for who does: then the file is there, or is not to be had. */
static enum status fetch_once(struct storage *storage, str path, struct error *err)
{
    struct fetch mine = {.path = path};
    enum status st = ST_OK;
    CHECK(pthread_mutex_lock(&storage->lock) == 0);
    bool others = is_under_way_locked(storage, path);
    while (is_under_way_locked(storage, path))
        CHECK(pthread_cond_wait(&storage->fetched, &storage->lock) == 0);
    if (!others) {
        mine.next = storage->under_way;
        storage->under_way = &mine;
        CHECK(pthread_mutex_unlock(&storage->lock) == 0);
        st = fetch(storage, path, err);
        CHECK(pthread_mutex_lock(&storage->lock) == 0);
        forget_locked(storage, &mine);
        CHECK(pthread_cond_broadcast(&storage->fetched) == 0);
    }
    CHECK(pthread_mutex_unlock(&storage->lock) == 0);
    return st;
}

enum status storage_open(struct storage *storage, str path, int *ret_fd, struct error *err)
{
    enum status st = path_check(path, err);
    if (st != ST_OK)
        return st;
    st = file_open_beneath(storage->dir, path, ret_fd, err);
    if (st != ST_NOT_FOUND || !in_bucket(storage, path))
        return st;
    st = fetch_once(storage, path, err);
    return st == ST_OK ? file_open_beneath(storage->dir, path, ret_fd, err) : st;
}

enum status storage_remove(struct storage *storage, str path, struct error *err)
{
    bool there = false;
    enum status st = path_check(path, err);
    if (st == ST_OK && in_bucket(storage, path)) {
        st = s3_exists(storage->bucket, path, &there, err);
        if (st == ST_OK && there)
            st = s3_remove(storage->bucket, path, err);
    }
    if (st != ST_OK)
        return st;
    st = remove_here(storage, path, err);
    return st == ST_NOT_FOUND && there ? ST_OK : st;
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
    if (storage->bucket != NULL)
        return s3_each(storage->bucket, fn, ctx, err);
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
    *ret_removed = 0;
    if (storage->new < 0)
        return ST_OK;
    int fd = openat(storage->new, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (dir == NULL) {
        fd_closep(&fd);
        return error_set_errno(err, ST_IO, "cannot list %.*s/.new", STR_ARG(storage->folder));
    }
    time_us now = clock_now(&clock_system); /* files carry the system's time too */
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (is_abandoned(fd, entry->d_name, now) && unlinkat(fd, entry->d_name, 0) == 0)
            ++*ret_removed;
    }
    (void)closedir(dir);
    return ST_OK;
}
