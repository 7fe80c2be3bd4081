/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include "base/arena.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static enum status status_from_errno(int e)
{
    if (e == ENOENT || e == ENOTDIR)
        return ST_NOT_FOUND;
    if (e == EACCES || e == EPERM || e == EROFS)
        return ST_DENIED;
    return ST_IO;
}

/* A path for the kernel: no inner NUL, and short enough. */
static enum status path_to_c(str path, char ret_path[PATH_MAX], struct error *err)
{
    if (path.len == 0 || path.len >= PATH_MAX || str_find_char(path, '\0') != STR_NPOS)
        return error_set(err, ST_INVALID, "\"%.*s\" is not a usable path", STR_ARG(path));
    memcpy(ret_path, path.ptr, path.len);
    ret_path[path.len] = '\0';
    return ST_OK;
}

enum status file_read_fd(struct arena *arena, int fd, str name, size_t bytes_max, str *ret_text,
                         struct error *err)
{
    size_t cap = 16 * 1024;
    size_t len = 0;
    struct stat info;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0)
        cap = (size_t)info.st_size + 1;
    if (cap > bytes_max)
        cap = size_add(bytes_max, 1);

    char *text = arena_alloc(arena, cap, 1);
    for (;;) {
        ssize_t n = read(fd, text + len, cap - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set_errno(err, status_from_errno(errno), "cannot read %.*s",
                                   STR_ARG(name));
        if (n == 0)
            break;
        len += (size_t)n;
        if (len > bytes_max)
            return error_set(err, ST_TOO_BIG, "%.*s is larger than the limit of %zu bytes",
                             STR_ARG(name), bytes_max);
        if (len == cap) {
            size_t grown = size_mul(cap, 2);
            text = arena_grow(arena, text, cap, grown, 1);
            cap = grown;
        }
    }
    *ret_text = (str){text, len};
    return ST_OK;
}

enum status file_read(struct arena *arena, str path, size_t bytes_max, str *ret_text,
                      struct error *err)
{
    char cpath[PATH_MAX];
    enum status st = path_to_c(path, cpath, err);
    if (st != ST_OK)
        return st;
    AUTO(fd_closep) int fd = open(cpath, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_set_errno(err, status_from_errno(errno), "cannot open %s", cpath);
    return file_read_fd(arena, fd, path, bytes_max, ret_text, err);
}

enum status file_write_fd(int fd, str name, str text, struct error *err)
{
    while (text.len > 0) {
        ssize_t n = write(fd, text.ptr, text.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set_errno(err, ST_IO, "cannot write %.*s", STR_ARG(name));
        text = str_from(text, (size_t)n);
    }
    return ST_OK;
}

enum status file_write_atomic(str path, str text, mode_t mode, struct error *err)
{
    char cpath[PATH_MAX];
    char temp[PATH_MAX + 16];
    enum status st = path_to_c(path, cpath, err);
    if (st != ST_OK)
        return st;
    (void)snprintf(temp, sizeof(temp), "%s.XXXXXX", cpath);
    AUTO(fd_closep) int fd = mkostemp(temp, O_CLOEXEC);
    if (fd < 0)
        return error_set_errno(err, status_from_errno(errno), "cannot write beside %s", cpath);
    st = file_write_fd(fd, path, text, err);
    if (st == ST_OK && (fchmod(fd, mode) != 0 || fsync(fd) != 0))
        st = error_set_errno(err, ST_IO, "cannot write %s", cpath);
    if (st == ST_OK && rename(temp, cpath) != 0)
        st = error_set_errno(err, ST_IO, "cannot replace %s", cpath);
    if (st != ST_OK) {
        (void)unlink(temp);
        return st;
    }
    return file_sync_folder(path, err);
}

enum status file_sync_folder(str path, struct error *err)
{
    char dir[PATH_MAX];
    size_t slash = str_rfind_char(path, '/');
    str folder = slash == STR_NPOS ? S(".") : slash == 0 ? S("/") : str_sub(path, 0, slash);
    enum status st = path_to_c(folder, dir, err);
    if (st != ST_OK)
        return st;
    AUTO(fd_closep) int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        return error_set_errno(err, ST_IO, "cannot sync the folder %s", dir);
    return ST_OK;
}

static enum status open_beneath(int dir_fd, str path, uint64_t more, int *ret_fd, struct error *err)
{
    char cpath[PATH_MAX];
    enum status st = path_to_c(path, cpath, err);
    if (st != ST_OK)
        return st;
    struct open_how how = {
        .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK, /* a fifo must not hold the thread */
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | more,
    };
    AUTO(fd_closep) int fd = (int)syscall(SYS_openat2, dir_fd, cpath, &how, sizeof(how));
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        st = fd < 0 && (errno == EMFILE || errno == ENFILE) ? ST_IO : ST_NOT_FOUND;
        return error_set(err, st, "there is no file %s", cpath);
    }
    *ret_fd = fd_take(&fd);
    return ST_OK;
}

enum status file_open_beneath(int dir_fd, str path, int *ret_fd, struct error *err)
{
    return open_beneath(dir_fd, path, 0, ret_fd, err);
}

enum status file_open_beneath_now(int dir_fd, str path, int *ret_fd, struct error *err)
{
    return open_beneath(dir_fd, path, RESOLVE_CACHED, ret_fd, err);
}

enum status file_mkdirs(str path, mode_t mode, struct error *err)
{
    char cpath[PATH_MAX];
    enum status st = path_to_c(path, cpath, err);
    if (st != ST_OK)
        return st;
    for (char *at = cpath + 1;; at++) {
        char was = *at;
        if (was != '/' && was != '\0')
            continue;
        *at = '\0';
        if (mkdir(cpath, mode) != 0 && errno != EEXIST)
            return error_set_errno(err, status_from_errno(errno), "cannot make the folder %s",
                                   cpath);
        if (was == '\0')
            return ST_OK;
        *at = was;
    }
}

bool file_exists(str path)
{
    char cpath[PATH_MAX];
    return path_to_c(path, cpath, NULL) == ST_OK && access(cpath, F_OK) == 0;
}

/* ---- copying and removing ---- */

/* sendfile moves at most some 2 GB at a time. */
enum { COPY_CHUNK = 1 << 30 };

static enum status copy_bytes(int from, int to, const char *name, struct error *err)
{
    for (;;) {
        ssize_t n = sendfile(to, from, NULL, COPY_CHUNK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set_errno(err, ST_IO, "cannot copy %s", name);
        if (n == 0)
            break;
    }
    if (fsync(to) != 0)
        return error_set_errno(err, ST_IO, "cannot write the copy of %s", name);
    return ST_OK;
}

/* The same name in both folders, or paths when the folders are AT_FDCWD. */
static enum status copy_at(int from_dir, const char *from_name, int to_dir, const char *to_name,
                           struct error *err)
{
    AUTO(fd_closep)
    int from = openat(from_dir, from_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (from < 0)
        return error_set_errno(err, status_from_errno(errno), "cannot read %s", from_name);
    AUTO(fd_closep)
    int to = openat(to_dir, to_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    if (to < 0)
        return error_set_errno(err, ST_IO, "cannot write %s", to_name);
    return copy_bytes(from, to, from_name, err);
}

enum status file_copy(str from, str to, struct error *err)
{
    char from_path[PATH_MAX];
    char to_path[PATH_MAX];
    enum status st = path_to_c(from, from_path, err);
    if (st == ST_OK)
        st = path_to_c(to, to_path, err);
    if (st == ST_OK)
        st = copy_at(AT_FDCWD, from_path, AT_FDCWD, to_path, err);
    if (st == ST_OK)
        st = file_sync_folder(to, err);
    return st;
}

static void dir_closep(DIR **dir)
{
    if (*dir != NULL)
        (void)closedir(*dir);
}

/* The next entry that is not the folder itself or the one above; NULL at the end, errno then 0. */
static const char *dir_next(DIR *dir)
{
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (entry == NULL)
            return NULL;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            return entry->d_name;
    }
}

static DIR *dir_open_at(int dir_fd, const char *name)
{
    AUTO(fd_closep)
    int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (dir != NULL)
        (void)fd_take(&fd); /* closedir closes it */
    return dir;
}

struct tree_copy {
    dev_t to_dev; /* the folder that is copied into, so as not to copy it into itself */
    ino_t to_ino;
    const char *const *skip; /* names right below, passed over; ends with NULL */
    int64_t files;
};

/* Both folders are held open, so that none can be swapped for a link meanwhile. */
static enum status copy_folder(struct tree_copy *copy, DIR *from, int to_fd, int depth,
                               struct error *err);

static enum status copy_subfolder(struct tree_copy *copy, int from_fd, int to_fd, const char *name,
                                  int depth, struct error *err)
{
    if (depth > FILE_TREE_DEPTH_MAX)
        return error_set(err, ST_TOO_BIG, "the folder %s lies more than %d folders deep", name,
                         FILE_TREE_DEPTH_MAX);
    AUTO(dir_closep) DIR *from = dir_open_at(from_fd, name);
    if (from == NULL)
        return error_set_errno(err, status_from_errno(errno), "cannot open the folder %s", name);
    if (mkdirat(to_fd, name, 0750) != 0 && errno != EEXIST)
        return error_set_errno(err, ST_IO, "cannot make the folder %s", name);
    AUTO(fd_closep)
    int to = openat(to_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (to < 0)
        return error_set_errno(err, ST_IO, "cannot open the folder %s", name);
    return copy_folder(copy, from, to, depth, err);
}

static bool is_skipped(const struct tree_copy *copy, const char *name, int depth)
{
    for (size_t i = 0; depth == 0 && copy->skip != NULL && copy->skip[i] != NULL; i++) {
        if (strcmp(name, copy->skip[i]) == 0)
            return true;
    }
    return false;
}

static enum status copy_folder(struct tree_copy *copy, DIR *from, int to_fd, int depth,
                               struct error *err)
{
    const char *name;
    while ((name = dir_next(from)) != NULL) {
        enum status st = ST_OK;
        if (is_skipped(copy, name, depth))
            continue;
        struct stat info;
        if (fstatat(dirfd(from), name, &info, AT_SYMLINK_NOFOLLOW) != 0)
            return error_set_errno(err, ST_IO, "cannot look at %s", name);
        if (S_ISDIR(info.st_mode) && info.st_dev == copy->to_dev && info.st_ino == copy->to_ino)
            return error_set(err, ST_INVALID, "the copy would lie within what is copied (%s)",
                             name);
        if (S_ISDIR(info.st_mode))
            st = copy_subfolder(copy, dirfd(from), to_fd, name, depth + 1, err);
        else if (S_ISREG(info.st_mode))
            st = copy_at(dirfd(from), name, to_fd, name, err);
        if (st != ST_OK)
            return st;
        copy->files += S_ISREG(info.st_mode);
    }
    if (errno != 0)
        return error_set_errno(err, ST_IO, "cannot list a folder that is copied");
    return fsync(to_fd) == 0 ? ST_OK : error_set_errno(err, ST_IO, "cannot sync the copy");
}

enum status file_copy_tree(str from, str to, const char *const *skip, int64_t *ret_files,
                           struct error *err)
{
    char from_path[PATH_MAX];
    char to_path[PATH_MAX];
    struct stat info;
    enum status st = path_to_c(from, from_path, err);
    if (st == ST_OK)
        st = path_to_c(to, to_path, err);
    if (st != ST_OK)
        return st;
    if (ret_files != NULL)
        *ret_files = 0;
    AUTO(dir_closep) DIR *from_dir = opendir(from_path);
    if (from_dir == NULL)
        return errno == ENOENT
                   ? ST_OK
                   : error_set_errno(err, ST_IO, "cannot open the folder %s", from_path);
    st = file_mkdirs(to, 0750, err);
    if (st != ST_OK)
        return st;
    AUTO(fd_closep) int to_fd = open(to_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (to_fd < 0 || fstat(to_fd, &info) != 0)
        return error_set_errno(err, ST_IO, "cannot open the folder %s", to_path);
    struct tree_copy copy = {.to_dev = info.st_dev, .to_ino = info.st_ino, .skip = skip};
    st = copy_folder(&copy, from_dir, to_fd, 0, err);
    if (st == ST_OK && ret_files != NULL)
        *ret_files = copy.files;
    return st;
}

static enum status remove_folder(int dir_fd, const char *name, int depth, struct error *err)
{
    if (depth > FILE_TREE_DEPTH_MAX)
        return error_set(err, ST_TOO_BIG, "the folder %s lies more than %d folders deep", name,
                         FILE_TREE_DEPTH_MAX);
    AUTO(dir_closep) DIR *dir = dir_open_at(dir_fd, name);
    if (dir == NULL)
        return errno == ENOENT ? ST_OK
                               : error_set_errno(err, ST_IO, "cannot open the folder %s", name);
    const char *entry;
    while ((entry = dir_next(dir)) != NULL) {
        struct stat info;
        if (fstatat(dirfd(dir), entry, &info, AT_SYMLINK_NOFOLLOW) != 0)
            return error_set_errno(err, ST_IO, "cannot look at %s", entry);
        enum status st = ST_OK;
        if (S_ISDIR(info.st_mode))
            st = remove_folder(dirfd(dir), entry, depth + 1, err);
        else if (unlinkat(dirfd(dir), entry, 0) != 0)
            st = error_set_errno(err, ST_IO, "cannot remove %s", entry);
        if (st != ST_OK)
            return st;
    }
    if (errno != 0 || unlinkat(dir_fd, name, AT_REMOVEDIR) != 0)
        return error_set_errno(err, ST_IO, "cannot remove the folder %s", name);
    return ST_OK;
}

enum status file_remove_tree(str path, struct error *err)
{
    char cpath[PATH_MAX];
    enum status st = path_to_c(path, cpath, err);
    return st == ST_OK ? remove_folder(AT_FDCWD, cpath, 0, err) : st;
}

bool file_path_is_plain(str path, size_t bytes_max)
{
    if (path.len == 0 || path.len > bytes_max || str_find_char(path, '\0') != STR_NPOS ||
        str_ends(path, S("/")))
        return false;
    while (path.len > 0) {
        str part = str_cut(&path, '/');
        if (part.len == 0 || part.ptr[0] == '.')
            return false;
    }
    return true;
}

str file_join(struct arena *arena, str dir, str name)
{
    if (dir.len == 0)
        return name;
    return str_join3(arena, dir, str_ends(dir, S("/")) ? S("") : S("/"), name);
}
