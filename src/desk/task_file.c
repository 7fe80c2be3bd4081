/* SPDX-License-Identifier: MIT */
#include "desk/task_file.h"

#include "base/arena.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

static int by_age(const void *a, const void *b)
{
    const struct task_file *x = a, *y = b;
    return x->at != y->at ? (x->at < y->at ? 1 : -1) : str_cmp(y->name, x->name);
}

static bool look_at(struct arena *arena, str dir, const char *name, struct task_file *file)
{
    struct stat info;
    str path = file_join(arena, dir, str_from_c(name));
    if (name[0] == '.' || strlen(name) > TASK_FILE_NAME_MAX || !str_is_utf8(str_from_c(name)) ||
        lstat(str_copy_c(arena, path), &info) != 0 ||
        (!S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)))
        return false;
    *file = (struct task_file){.name = str_copy(arena, str_from_c(name)),
                               .is_folder = S_ISDIR(info.st_mode),
                               .bytes = info.st_size,
                               .at = info.st_mtim.tv_sec * TIME_SECOND};
    file->is_copy = file->is_folder && file_exists(file_join(arena, path, S("broadsheet.yaml")));
    return true;
}

enum status task_files(struct arena *arena, str dir, struct task_file **ret_files,
                       size_t *ret_count, struct error *err)
{
    struct task_file *files = arena_new_array(arena, struct task_file, TASK_FILES_MAX);
    size_t count = 0;
    DIR *open = opendir(str_copy_c(arena, dir));
    if (open == NULL && errno != ENOENT)
        return error_set_errno(err, ST_IO, "cannot read %.*s", STR_ARG(dir));
    while (open != NULL && count < TASK_FILES_MAX) {
        const struct dirent *entry = readdir(open);
        if (entry == NULL)
            break;
        if (look_at(arena, dir, entry->d_name, &files[count]))
            count++;
    }
    if (open != NULL)
        (void)closedir(open);
    qsort(files, count, sizeof(files[0]), by_age);
    *ret_files = files;
    *ret_count = count;
    return ST_OK;
}

const struct task_file *task_file_named(const struct task_file *files, size_t count, str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(files[i].name, name))
            return &files[i];
    }
    return NULL;
}

str task_name_new(struct arena *arena, time_us now, str prefix, str suffix)
{
    struct civil c = civil_from_time(now, 0);
    return str_format(arena, "%.*s%04d-%02d-%02d-%02d%02d%02d%.*s", STR_ARG(prefix), c.year,
                      c.month, c.day, c.hour, c.minute, c.second, STR_ARG(suffix));
}

str task_name_clean(struct arena *arena, str name)
{
    size_t slash = str_rfind_char(name, '/'), back = str_rfind_char(name, '\\');
    if (back != STR_NPOS && (slash == STR_NPOS || back > slash))
        slash = back;
    if (slash != STR_NPOS)
        name = str_from(name, slash + 1);
    char *clean = arena_alloc(arena, name.len + 1, 1);
    size_t len = 0;
    for (size_t i = 0; i < name.len && len < TASK_FILE_NAME_MAX - 20; i++) {
        char c = name.ptr[i];
        bool good = ascii_is_alnum(c) || (len > 0 && (c == '-' || c == '_' || c == '.'));
        if (good)
            clean[len++] = c;
        else if (len > 0 && clean[len - 1] != '-')
            clean[len++] = '-';
    }
    return len > 0 ? (str){clean, len} : S("upload");
}
