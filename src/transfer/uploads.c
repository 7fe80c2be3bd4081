/* SPDX-License-Identifier: MIT */
#include "transfer/uploads.h"

#include "base/arena.h"
#include "base/file.h"
#include "text/url.h"

#include <fcntl.h>
#include <unistd.h>

static str name_of(str path)
{
    size_t slash = str_rfind_char(path, '/');
    return slash == STR_NPOS ? path : str_from(path, slash + 1);
}

static int folder_fd(str folder)
{
    AUTO(arena_freep) struct arena *scratch = arena_new(ARENA_SMALL);
    return open(str_copy_c(scratch, folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

enum status uploads_check(str folder, struct error *err)
{
    AUTO(fd_closep) int dir = folder_fd(folder);
    if (dir < 0)
        return error_set_errno(err, ST_NOT_FOUND,
                               "nothing was imported: cannot open the folder of --media, %.*s",
                               STR_ARG(folder));
    return ST_OK;
}

enum status uploads_open(str folder, str path, int *ret_fd, struct error *err)
{
    if (folder.len == 0)
        return error_set(err, ST_NOT_FOUND, "a picture was not at hand (--media DIR)");
    if (!file_path_is_plain(path, UPLOAD_PATH_MAX))
        return error_set(err, ST_INVALID, "a file with an odd path was left out");
    AUTO(fd_closep) int dir = folder_fd(folder);
    if (dir < 0)
        return error_set_errno(err, ST_IO, "cannot open %.*s", STR_ARG(folder));
    enum status st = file_open_beneath(dir, path, ret_fd, err);
    if (st == ST_NOT_FOUND)
        st = file_open_beneath(dir, name_of(path), ret_fd, err);
    if (st == ST_NOT_FOUND)
        return error_set(err, st, "a picture was not in %.*s", STR_ARG(folder));
    return st;
}

bool uploads_path(str url, str *ret_path)
{
    static const str marks[] = {STR_INIT("/wp-content/uploads/"), STR_INIT("/files/")};
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        size_t at = str_find(url, marks[i]);
        if (at == STR_NPOS)
            continue;
        str path = str_from(url, at + marks[i].len);
        path = str_cut(&path, '?');
        *ret_path = path;
        return path.len > 0;
    }
    struct url parts = url_split(url); /* wordpress.com keeps them on a host of their own */
    if (!str_ends(parts.host, S(".files.wordpress.com")) || parts.path.len < 2)
        return false;
    *ret_path = str_from(parts.path, 1);
    return true;
}
