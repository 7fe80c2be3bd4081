/* SPDX-License-Identifier: MIT */
#include "base/file.h"

#include "base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
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

enum status file_open_beneath(int dir_fd, str path, int *ret_fd, struct error *err)
{
    char cpath[PATH_MAX];
    enum status st = path_to_c(path, cpath, err);
    if (st != ST_OK)
        return st;
    struct open_how how = {
        .flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK, /* a fifo must not hold the thread */
        .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
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

str file_join(struct arena *arena, str dir, str name)
{
    if (dir.len == 0)
        return name;
    return str_join3(arena, dir, str_ends(dir, S("/")) ? S("") : S("/"), name);
}
