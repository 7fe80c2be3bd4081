/* SPDX-License-Identifier: MIT */
#include "tests/integration/store/shadow.h"

#include "base/check.h"

#include <pthread.h>
#include <sqlite3.h>
#include <sys/stat.h>

enum { FILES_MAX = 32, PATH_BYTES = 256, SECTOR = 512 };

struct change {
    bool truncates;
    int64_t offset; /* or the new size */
    size_t len;
    char *bytes;
};

struct bytes {
    char *ptr;
    size_t len;
    size_t cap;
};

struct file {
    char path[PATH_BYTES];
    bool used;
    bool named;   /* its entry in the folder is sure */
    bool deleted; /* and this is not yet */
    bool new_log; /* a log or journal just made: its first sync syncs the folder */
    int64_t size; /* as the program sees it */
    struct bytes sure;
    struct change *changes; /* since the last sync */
    size_t count;
    size_t cap;
};

/* The handle that SQLite holds; the real one follows it. */
struct handle {
    sqlite3_file base;
    struct file *file; /* NULL: elsewhere */
    sqlite3_file real[];
};

static struct {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    char dir[PATH_BYTES];
    pthread_mutex_t lock; /* guards everything below */
    struct file files[FILES_MAX];
    void (*on_sync)(void *ctx);
    void *on_sync_ctx;
    bool lie;
    int64_t bytes_left;
    int64_t fail_in;
    bool failed;
} shadow = {.lock = PTHREAD_MUTEX_INITIALIZER, .bytes_left = INT64_MAX};

/* ---- what is kept of a file ---- */

static void bytes_put(struct bytes *bytes, size_t at, const char *from, size_t len)
{
    size_t end = at + len;
    if (end > bytes->cap) {
        bytes->cap = end * 2;
        bytes->ptr = realloc(bytes->ptr, bytes->cap);
        CHECK(bytes->ptr != NULL);
    }
    if (end > bytes->len) {
        memset(bytes->ptr + bytes->len, 0, end - bytes->len);
        bytes->len = end;
    }
    if (len > 0)
        memcpy(bytes->ptr + at, from, len);
}

static void bytes_cut(struct bytes *bytes, size_t len)
{
    if (len > bytes->len)
        bytes_put(bytes, len, "", 0);
    bytes->len = len;
}

static void file_forget(struct file *file)
{
    for (size_t i = 0; i < file->count; i++)
        free(file->changes[i].bytes);
    free(file->changes);
    free(file->sure.ptr);
    *file = (struct file){0};
}

static struct file *file_find(const char *path)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        if (shadow.files[i].used && !shadow.files[i].deleted &&
            strcmp(shadow.files[i].path, path) == 0)
            return &shadow.files[i];
    }
    return NULL;
}

static struct file *file_new(const char *path)
{
    size_t i = 0;
    while (i < FILES_MAX && shadow.files[i].used)
        i++;
    CHECK(i < FILES_MAX);
    struct file *file = &shadow.files[i];
    file->used = true;
    (void)snprintf(file->path, sizeof(file->path), "%s", path);
    return file;
}

static void change_add(struct file *file, struct change change)
{
    if (file->count == file->cap) {
        file->cap = file->cap * 2 + 16;
        file->changes = realloc(file->changes, file->cap * sizeof(*file->changes));
        CHECK(file->changes != NULL);
    }
    file->changes[file->count++] = change;
}

static void change_apply(struct bytes *to, const struct change *change)
{
    if (change->truncates)
        bytes_cut(to, (size_t)change->offset);
    else
        bytes_put(to, (size_t)change->offset, change->bytes, change->len);
}

static void file_synced(struct file *file)
{
    for (size_t i = 0; i < file->count; i++) {
        change_apply(&file->sure, &file->changes[i]);
        free(file->changes[i].bytes);
    }
    file->count = 0;
}

static void folder_synced(void)
{
    for (size_t i = 0; i < FILES_MAX; i++) {
        if (shadow.files[i].deleted)
            file_forget(&shadow.files[i]);
        else
            shadow.files[i].named = true;
    }
}

/* ---- images ---- */

static uint64_t random_next(uint64_t *seed)
{
    *seed ^= *seed << 13; /* xorshift: the same images every run */
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static void change_apply_sectors(struct bytes *to, const struct change *change, uint64_t *seed)
{
    if (change->truncates) {
        if ((random_next(seed) & 64) != 0)
            change_apply(to, change);
        return;
    }
    size_t at = 0;
    while (at < change->len) {
        size_t offset = (size_t)change->offset + at;
        size_t len = SECTOR - offset % SECTOR;
        len = len > change->len - at ? change->len - at : len;
        if ((random_next(seed) & 64) != 0)
            bytes_put(to, offset, change->bytes + at, len);
        at += len;
    }
}

static bool in_image(const struct file *file, enum shadow_keep keep, uint64_t *seed)
{
    if (file->named && !file->deleted)
        return true;
    bool changes = keep == SHADOW_ALL || (keep != SHADOW_NONE && (random_next(seed) & 64) != 0);
    return file->deleted ? !changes : changes;
}

static void file_image(const struct file *file, const char *path, enum shadow_keep keep,
                       uint64_t *seed)
{
    struct bytes bytes = {0};
    bytes_put(&bytes, 0, file->sure.ptr, file->sure.len);
    size_t count = keep == SHADOW_NONE ? 0 : file->count;
    if (keep == SHADOW_PREFIX && count > 0)
        count = random_next(seed) % (count + 1);
    for (size_t i = 0; i < count; i++) {
        if (keep == SHADOW_RANDOM)
            change_apply_sectors(&bytes, &file->changes[i], seed);
        else
            change_apply(&bytes, &file->changes[i]);
    }
    FILE *out = fopen(path, "we");
    CHECK(out != NULL);
    CHECK(bytes.len == 0 || fwrite(bytes.ptr, 1, bytes.len, out) == bytes.len);
    CHECK(fclose(out) == 0);
    free(bytes.ptr);
}

void shadow_image(const char *to_dir, enum shadow_keep keep, uint64_t seed)
{
    seed = seed * 0x9E3779B97F4A7C15u + 1;
    for (size_t i = 0; i < FILES_MAX; i++) {
        const struct file *file = &shadow.files[i];
        if (!file->used || !in_image(file, keep, &seed))
            continue;
        char path[PATH_BYTES * 2];
        (void)snprintf(path, sizeof(path), "%s%s", to_dir, file->path + strlen(shadow.dir));
        file_image(file, path, keep, &seed);
    }
}

/* ---- calls on an open file ---- */

static struct handle *handle_of(sqlite3_file *base)
{
    return (struct handle *)base;
}

/* Every change asks this first. */
static bool fails_locked(void)
{
    if (shadow.fail_in == 0 || --shadow.fail_in > 0)
        return false;
    shadow.failed = true;
    return true;
}

static int shadow_close(sqlite3_file *base)
{
    struct handle *handle = handle_of(base);
    return handle->real->pMethods->xClose(handle->real);
}

static int shadow_read(sqlite3_file *base, void *to, int len, sqlite3_int64 at)
{
    struct handle *handle = handle_of(base);
    return handle->real->pMethods->xRead(handle->real, to, len, at);
}

static int write_locked(struct handle *handle, const void *from, int len, sqlite3_int64 at)
{
    struct file *file = handle->file;
    int64_t grows = at + len > file->size ? at + len - file->size : 0;
    if (fails_locked())
        return SQLITE_IOERR_WRITE;
    if (grows > shadow.bytes_left)
        return SQLITE_FULL;
    int rc = handle->real->pMethods->xWrite(handle->real, from, len, at);
    if (rc != SQLITE_OK)
        return rc;
    if (shadow.bytes_left != INT64_MAX)
        shadow.bytes_left -= grows;
    file->size += grows;
    char *copy = malloc((size_t)len);
    CHECK(copy != NULL);
    memcpy(copy, from, (size_t)len);
    change_add(file, (struct change){.offset = at, .len = (size_t)len, .bytes = copy});
    return SQLITE_OK;
}

static int shadow_write(sqlite3_file *base, const void *from, int len, sqlite3_int64 at)
{
    struct handle *handle = handle_of(base);
    if (handle->file == NULL)
        return handle->real->pMethods->xWrite(handle->real, from, len, at);
    pthread_mutex_lock(&shadow.lock);
    int rc = write_locked(handle, from, len, at);
    pthread_mutex_unlock(&shadow.lock);
    return rc;
}

static int shadow_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct handle *handle = handle_of(base);
    if (handle->file == NULL)
        return handle->real->pMethods->xTruncate(handle->real, size);
    pthread_mutex_lock(&shadow.lock);
    int rc = fails_locked() ? SQLITE_IOERR_TRUNCATE
                            : handle->real->pMethods->xTruncate(handle->real, size);
    if (rc == SQLITE_OK) {
        handle->file->size = size;
        change_add(handle->file, (struct change){.truncates = true, .offset = size});
    }
    pthread_mutex_unlock(&shadow.lock);
    return rc;
}

/* The real file is never synced: no power is lost here, and it would be slow. */
static int shadow_sync(sqlite3_file *base, int flags)
{
    struct handle *handle = handle_of(base);
    if (handle->file == NULL)
        return handle->real->pMethods->xSync(handle->real, flags);
    pthread_mutex_lock(&shadow.lock);
    bool fails = fails_locked();
    if (!fails && shadow.on_sync != NULL)
        shadow.on_sync(shadow.on_sync_ctx);
    if (!fails && !shadow.lie) {
        file_synced(handle->file);
        if (handle->file->new_log)
            folder_synced();
        handle->file->new_log = false;
    }
    pthread_mutex_unlock(&shadow.lock);
    return fails ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int shadow_file_size(sqlite3_file *base, sqlite3_int64 *ret_size)
{
    struct handle *handle = handle_of(base);
    return handle->real->pMethods->xFileSize(handle->real, ret_size);
}

static int shadow_lock(sqlite3_file *base, int level)
{
    struct handle *handle = handle_of(base);
    return handle->real->pMethods->xLock(handle->real, level);
}

static int shadow_unlock(sqlite3_file *base, int level)
{
    struct handle *handle = handle_of(base);
    return handle->real->pMethods->xUnlock(handle->real, level);
}

static int shadow_check_lock(sqlite3_file *base, int *ret_held)
{
    struct handle *handle = handle_of(base);
    return handle->real->pMethods->xCheckReservedLock(handle->real, ret_held);
}

static int shadow_control(sqlite3_file *base, int op, void *arg)
{
    struct handle *handle = handle_of(base);
    return handle->real->pMethods->xFileControl(handle->real, op, arg);
}

static int shadow_sector(sqlite3_file *base)
{
    struct handle *handle = handle_of(base);
    return handle->real->pMethods->xSectorSize(handle->real);
}

static int shadow_device(sqlite3_file *base)
{
    struct handle *handle = handle_of(base);
    return handle->real->pMethods->xDeviceCharacteristics(handle->real);
}

static int shadow_shm_map(sqlite3_file *base, int page, int size, int extend, void volatile **ret)
{
    struct handle *handle = handle_of(base);
    return handle->real->pMethods->xShmMap(handle->real, page, size, extend, ret);
}

static int shadow_shm_lock(sqlite3_file *base, int offset, int n, int flags)
{
    struct handle *handle = handle_of(base);
    return handle->real->pMethods->xShmLock(handle->real, offset, n, flags);
}

static void shadow_shm_barrier(sqlite3_file *base)
{
    struct handle *handle = handle_of(base);
    handle->real->pMethods->xShmBarrier(handle->real);
}

static int shadow_shm_unmap(sqlite3_file *base, int delete_it)
{
    struct handle *handle = handle_of(base);
    return handle->real->pMethods->xShmUnmap(handle->real, delete_it);
}

/* Version 2: no memory-mapped reads or writes pass by. */
static const sqlite3_io_methods shadow_methods = {
    .iVersion = 2,
    .xClose = shadow_close,
    .xRead = shadow_read,
    .xWrite = shadow_write,
    .xTruncate = shadow_truncate,
    .xSync = shadow_sync,
    .xFileSize = shadow_file_size,
    .xLock = shadow_lock,
    .xUnlock = shadow_unlock,
    .xCheckReservedLock = shadow_check_lock,
    .xFileControl = shadow_control,
    .xSectorSize = shadow_sector,
    .xDeviceCharacteristics = shadow_device,
    .xShmMap = shadow_shm_map,
    .xShmLock = shadow_shm_lock,
    .xShmBarrier = shadow_shm_barrier,
    .xShmUnmap = shadow_shm_unmap,
};

/* ---- calls on names ---- */

static bool is_shadowed(const char *path)
{
    size_t len = strlen(shadow.dir);
    return path != NULL && strncmp(path, shadow.dir, len) == 0 && path[len] == '/';
}

/* What was there before anybody looked is sure. */
static void file_load(struct file *file, const struct stat *info)
{
    file->named = true;
    file->size = info->st_size;
    if (info->st_size == 0)
        return;
    char *bytes = malloc((size_t)info->st_size);
    CHECK(bytes != NULL);
    FILE *in = fopen(file->path, "re");
    CHECK(in != NULL);
    CHECK(fread(bytes, 1, (size_t)info->st_size, in) == (size_t)info->st_size);
    CHECK(fclose(in) == 0);
    bytes_put(&file->sure, 0, bytes, (size_t)info->st_size);
    free(bytes);
}

static int shadow_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags,
                       int *ret_flags)
{
    (void)vfs;
    struct handle *handle = handle_of(base);
    *handle = (struct handle){0};
    struct stat info;
    bool there = path != NULL && stat(path, &info) == 0;
    int rc = shadow.real->xOpen(shadow.real, path, handle->real, flags, ret_flags);
    if (handle->real->pMethods == NULL)
        return rc;
    base->pMethods = &shadow_methods;
    if (rc != SQLITE_OK || !is_shadowed(path))
        return rc;
    pthread_mutex_lock(&shadow.lock);
    handle->file = file_find(path);
    if (handle->file == NULL) {
        handle->file = file_new(path);
        if (there)
            file_load(handle->file, &info);
        else
            handle->file->new_log = (flags & (SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0;
    }
    pthread_mutex_unlock(&shadow.lock);
    return rc;
}

static void deleted_locked(const char *path, bool sync_folder)
{
    struct file *file = file_find(path);
    if (file != NULL && file->named)
        file->deleted = true;
    else if (file != NULL)
        file_forget(file);
    if (!sync_folder || shadow.lie)
        return;
    if (shadow.on_sync != NULL)
        shadow.on_sync(shadow.on_sync_ctx);
    folder_synced();
}

static int shadow_delete(sqlite3_vfs *vfs, const char *path, int sync_folder)
{
    (void)vfs;
    if (!is_shadowed(path))
        return shadow.real->xDelete(shadow.real, path, sync_folder);
    pthread_mutex_lock(&shadow.lock);
    int rc = fails_locked() ? SQLITE_IOERR_DELETE : shadow.real->xDelete(shadow.real, path, 0);
    if (rc == SQLITE_OK)
        deleted_locked(path, sync_folder != 0);
    pthread_mutex_unlock(&shadow.lock);
    return rc;
}

static int shadow_access(sqlite3_vfs *vfs, const char *path, int flags, int *ret_ok)
{
    (void)vfs;
    return shadow.real->xAccess(shadow.real, path, flags, ret_ok);
}

static int shadow_full_path(sqlite3_vfs *vfs, const char *path, int len, char *ret_path)
{
    (void)vfs;
    return shadow.real->xFullPathname(shadow.real, path, len, ret_path);
}

/* ---- what tests call ---- */

void shadow_start(const char *dir)
{
    if (shadow.real == NULL) {
        shadow.real = sqlite3_vfs_find(NULL);
        shadow.vfs = *shadow.real; /* the rest of its calls need nothing of ours */
        shadow.vfs.zName = "shadow";
        shadow.vfs.pNext = NULL;
        shadow.vfs.szOsFile = (int)sizeof(struct handle) + shadow.real->szOsFile;
        shadow.vfs.xOpen = shadow_open;
        shadow.vfs.xDelete = shadow_delete;
        shadow.vfs.xAccess = shadow_access;
        shadow.vfs.xFullPathname = shadow_full_path;
        CHECK(sqlite3_vfs_register(&shadow.vfs, 1) == SQLITE_OK);
    }
    pthread_mutex_lock(&shadow.lock);
    for (size_t i = 0; i < FILES_MAX; i++)
        file_forget(&shadow.files[i]);
    (void)snprintf(shadow.dir, sizeof(shadow.dir), "%s", dir);
    shadow.lie = false;
    shadow.bytes_left = INT64_MAX;
    shadow.fail_in = 0;
    shadow.on_sync = NULL;
    pthread_mutex_unlock(&shadow.lock);
}

void shadow_on_sync(void (*fn)(void *ctx), void *ctx)
{
    pthread_mutex_lock(&shadow.lock);
    shadow.on_sync = fn;
    shadow.on_sync_ctx = ctx;
    pthread_mutex_unlock(&shadow.lock);
}

void shadow_lie(bool on)
{
    pthread_mutex_lock(&shadow.lock);
    shadow.lie = on;
    pthread_mutex_unlock(&shadow.lock);
}

void shadow_bytes_left(int64_t bytes)
{
    pthread_mutex_lock(&shadow.lock);
    shadow.bytes_left = bytes;
    pthread_mutex_unlock(&shadow.lock);
}

void shadow_fail_nth(int64_t n)
{
    pthread_mutex_lock(&shadow.lock);
    shadow.fail_in = n;
    shadow.failed = false;
    pthread_mutex_unlock(&shadow.lock);
}

bool shadow_failed(void)
{
    pthread_mutex_lock(&shadow.lock);
    bool failed = shadow.failed;
    pthread_mutex_unlock(&shadow.lock);
    return failed;
}
