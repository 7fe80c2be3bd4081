/* SPDX-License-Identifier: MIT
 *
 * The walk keeps a list of folders still to read instead of calling itself: how deep a theme's
 * folders go is the theme's choice. Every name is opened below the theme's own descriptor. */
#include "theme/files.h"
#include "base/arena.h"
#include "base/embedded.h"
#include "base/file.h"
#include "base/scope.h"
#include "theme/theme.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

struct walk {
    struct arena *arena;
    int root;
    struct theme_file *files;
    size_t count;
    size_t bytes;
    str *folders; /* still to read; "" is the root */
    size_t folders_count;
    size_t seen; /* entries of any kind */
    bool all;    /* also what is left out */
};

static void dir_closep(DIR **dir)
{
    if (*dir != NULL)
        (void)closedir(*dir);
}

/* Made with the theme's tools and never served: not worth the memory. */
static bool left_out(str path)
{
    static const str ends[] = {STR_INIT(".md"),  STR_INIT(".lock"), STR_INIT(".log"),
                               STR_INIT(".map"), STR_INIT(".zip"),  STR_INIT(".yaml")};
    static const str names[] = {STR_INIT("gulpfile.js"), STR_INIT("gruntfile.js"),
                                STR_INIT("package-lock.json"), STR_INIT("LICENSE")};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (str_ends(path, ends[i]))
            return true;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_eq_nocase(path, names[i]))
            return true;
    }
    return false;
}

static size_t folders_deep(str path)
{
    size_t deep = 1;
    for (size_t i = 0; i < path.len; i++)
        deep += path.ptr[i] == '/';
    return deep;
}

static enum status read_file(struct walk *w, str path, struct error *err)
{
    AUTO(fd_closep) int fd = -1;
    str bytes;
    enum status st = file_open_beneath(w->root, path, &fd, err);
    if (st != ST_OK)
        return st;
    st = file_read_fd(w->arena, fd, path, THEME_FILE_BYTES_MAX, &bytes, err);
    if (st != ST_OK)
        return st;
    w->bytes = size_add(w->bytes, bytes.len);
    if (w->bytes > THEME_BYTES_MAX)
        return error_set(err, ST_TOO_BIG, "its files hold more than %d MB",
                         THEME_BYTES_MAX / (1024 * 1024));
    w->files[w->count++] = (struct theme_file){path, bytes};
    return ST_OK;
}

static enum status take_entry(struct walk *w, int dir, str folder, const char *name,
                              struct error *err)
{
    struct stat info;
    if (name[0] == '.' || str_eq(str_from_c(name), S("node_modules")))
        return ST_OK;
    str path = file_join(w->arena, folder, str_copy(w->arena, str_from_c(name)));
    if (++w->seen > THEME_FILES_MAX)
        return error_set(err, ST_TOO_BIG, "it has more than %d files", THEME_FILES_MAX);
    if (!w->all && left_out(path)) /* even when it is a link: Casper's own CLAUDE.md is one */
        return ST_OK;
    if (path.len > THEME_PATH_MAX)
        return error_set(err, ST_TOO_BIG, "%.*s: the path is longer than %d bytes", STR_ARG(path),
                         THEME_PATH_MAX);
    if (fstatat(dir, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
        return error_set_errno(err, ST_IO, "%.*s", STR_ARG(path));
    if (S_ISLNK(info.st_mode))
        return error_set(err, ST_INVALID, "%.*s is a symbolic link: a theme may not hold any",
                         STR_ARG(path));
    if (S_ISDIR(info.st_mode)) {
        if (folders_deep(path) > THEME_FOLDERS_DEEP_MAX)
            return error_set(err, ST_TOO_BIG, "%.*s: folders more than %d deep", STR_ARG(path),
                             THEME_FOLDERS_DEEP_MAX);
        w->folders[w->folders_count++] = path;
        return ST_OK;
    }
    return S_ISREG(info.st_mode) ? read_file(w, path, err) : ST_OK;
}

static enum status read_folder(struct walk *w, str folder, struct error *err)
{
    const char *path = folder.len == 0 ? "." : str_copy_c(w->arena, folder);
    int fd = openat(w->root, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return error_set_errno(err, ST_IO, "%.*s", STR_ARG(folder));
    AUTO(dir_closep) DIR *dir = fdopendir(fd);
    if (dir == NULL) {
        (void)close(fd);
        return error_set(err, ST_IO, "%.*s cannot be listed", STR_ARG(folder));
    }
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        enum status st = take_entry(w, dirfd(dir), folder, entry->d_name, err);
        if (st != ST_OK)
            return st;
    }
    return ST_OK;
}

static int by_path(const void *a, const void *b)
{
    const struct theme_file *x = a, *y = b;
    return str_cmp(x->path, y->path);
}

static enum status read_theme(struct arena *arena, str folder, bool all,
                              struct theme_files *ret_files, struct error *err)
{
    AUTO(fd_closep)
    int root = open(str_copy_c(arena, folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return error_set_errno(err, errno == ENOENT ? ST_NOT_FOUND : ST_IO, "no theme in %.*s",
                               STR_ARG(folder));
    struct walk w = {.arena = arena, .root = root, .all = all};
    w.files = arena_new_array(arena, struct theme_file, THEME_FILES_MAX);
    w.folders = arena_new_array(arena, str, THEME_FILES_MAX + 1);
    w.folders[w.folders_count++] = S("");
    while (w.folders_count > 0) {
        enum status st = read_folder(&w, w.folders[--w.folders_count], err);
        if (st != ST_OK)
            return st;
    }
    qsort(w.files, w.count, sizeof(w.files[0]), by_path);
    *ret_files = (struct theme_files){w.files, w.count};
    return ST_OK;
}

enum status theme_files_read(struct arena *arena, str folder, struct theme_files *ret_files,
                             struct error *err)
{
    return read_theme(arena, folder, false, ret_files, err);
}

enum status theme_files_read_all(struct arena *arena, str folder, struct theme_files *ret_files,
                                 struct error *err)
{
    return read_theme(arena, folder, true, ret_files, err);
}

struct theme_files theme_files_embedded(struct arena *arena, const struct embedded *table,
                                        size_t count)
{
    struct theme_files files = {arena_new_array(arena, struct theme_file, count), count};
    for (size_t i = 0; i < count; i++)
        files.list[i] = (struct theme_file){str_from_c(table[i].path), embedded_bytes(&table[i])};
    return files;
}
