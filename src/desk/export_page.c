/* SPDX-License-Identifier: MIT
 *
 * The whole site as a file to take along. It is made by a task, kept for a day in SITE/exports/, and fetched by whoever may
 * transfer: by session, on a route of its own, and put on record each time. */
#include "base/arena.h"
#include "base/file.h"
#include "desk/task_file.h"
#include "desk/task_page.h"
#include "http/response.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_ready(const struct task_file *file)
{
    return !file->is_folder && str_ends(file->name, S(".tar"));
}

static enum status put_files(struct errand *e, struct hbs_map *values, struct error *err)
{
    struct task_file *files;
    size_t count, n = 0;
    enum status st = task_kind_files(e, TASK_EXPORT, &files, &count, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++) {
        if (!is_ready(&files[i]))
            continue;
        struct hbs_map *row = hbs_map_new(e->arena);
        hbs_map_set(row, S("name"), hbs_string(files[i].name));
        hbs_map_set(row, S("path"),
                    hbs_string(str_join2(e->arena, S("/desk/export/"), files[i].name)));
        hbs_map_set(row, S("size"), hbs_string(task_bytes(e->arena, files[i].bytes)));
        hbs_map_set(row, S("until"), hbs_number((double)(files[i].at + TIME_DAY)));
        hbs_map_set(row, S("private"),
                    hbs_bool(str_contains(files[i].name, S("private")) ||
                             str_starts(files[i].name, S("copy-"))));
        rows[n++] = hbs_map_value(row);
    }
    hbs_map_set(values, S("files"), hbs_list_of(e->arena, rows, n));
    return ST_OK;
}

enum status export_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    enum status st = put_files(e, values, err);
    if (st == ST_OK)
        st = task_put(e, values, TASK_EXPORT, err);
    return st == ST_OK ? errand_page(e, 200, S("export"), values, err) : st;
}

enum status export_run(struct errand *e, struct error *err)
{
    bool with_private = errand_value(e, S("private")).len > 0;
    str dir = task_folder(e->arena, e->folder, TASK_EXPORT);
    str name = task_name_new(e->arena, e->now, with_private ? S("archive-private-") : S("archive-"),
                             S(".tar"));
    str out = file_join(e->arena, dir, name);
    str words[] = {S("export"), S("--to"), S("archive"), S("--tar"), out, S("--with-private")};
    enum status st = file_mkdirs(dir, 0750, err);
    if (st != ST_OK)
        return st;
    return task_go(e,
                   &(struct task_order){.kind = TASK_EXPORT,
                                        .what = name,
                                        .words = words,
                                        .words_count = ARRAY_LEN(words) - (with_private ? 0 : 1),
                                        .leftover = out},
                   err);
}

/* ---- fetching, removing ---- */

static enum status log_taken(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    const struct task_file *file = arg;
    return errand_log(e, room, S("export.fetched"), file->name, err);
}

static enum status find(struct errand *e, str name, const struct task_file **ret_file,
                        str *ret_path, struct error *err)
{
    enum status st = task_file_asked(e, TASK_EXPORT, name, ret_file, ret_path, err);
    if (st == ST_OK && !is_ready(*ret_file))
        return error_set(err, ST_NOT_FOUND, "%.*s", STR_ARG(errand_say(e, S("error.no-file"))));
    return st;
}

enum status export_file(struct errand *e, struct error *err)
{
    const struct task_file *file;
    struct stat info;
    str path;
    enum status st = find(e, http_route_param(&e->match, S("name")), &file, &path, err);
    if (st == ST_OK && e->req->method == HTTP_GET)
        st = errand_write(e, log_taken, (void *)(uintptr_t)file, err);
    if (st != ST_OK)
        return st;
    AUTO(fd_closep)
    int fd = open(str_copy_c(e->arena, path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &info) != 0)
        return error_set_errno(err, ST_IO, "cannot read %.*s", STR_ARG(path));
    http_response_header(e->res, S("Content-Disposition"),
                         str_format(e->arena, "attachment; filename=\"%.*s\"",
                                    STR_ARG(task_name_clean(e->arena, file->name))));
    http_response_file(e->res, S("application/x-tar"), fd_take(&fd), (uint64_t)info.st_size);
    return ST_OK;
}

static enum status log_removed(struct errand *e, struct newsroom *room, void *arg,
                               struct error *err)
{
    const struct task_file *file = arg;
    return errand_log(e, room, S("export.removed"), file->name, err);
}

enum status export_remove(struct errand *e, struct error *err)
{
    const struct task_file *file;
    str path;
    enum status st = find(e, errand_value(e, S("name")), &file, &path, err);
    if (st != ST_OK)
        return st;
    if (unlink(str_copy_c(e->arena, path)) != 0 && errno != ENOENT)
        return error_set_errno(err, ST_IO, "the file could not be removed");
    st = errand_write(e, log_removed, (void *)(uintptr_t)file, err);
    return st == ST_OK ? errand_done(e, S("/desk/export/"), S("file-removed")) : st;
}
