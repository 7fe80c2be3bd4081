/* SPDX-License-Identifier: MIT
 *
 * Copies of the site, made while it runs, in SITE/backups/. Bringing one back wants the server stopped, so the page says
 * how. A copy is a folder; to be fetched it is packed into one file first, by a task, among the exports. */
#include "base/arena.h"
#include "base/file.h"
#include "desk/task_file.h"
#include "desk/task_page.h"
#include "site/folder.h"

#include <jansson.h>
#include <unistd.h>

#define OLD (7 * TIME_DAY) /* a copy older than this is said to be */

/* ---- the page ---- */

/* How large a copy is stands in the report of the task that made it: measuring it anew walks over every picture. */
static int64_t bytes_of(struct errand *e, const struct task *tasks, size_t count, str name)
{
    struct task *whole;
    for (size_t i = 0; i < count; i++) {
        if (tasks[i].state != TASK_DONE || !str_eq(tasks[i].what, name) ||
            task_find(e->conn, tasks[i].id, e->arena, &whole, NULL) != ST_OK)
            continue;
        json_t *report = json_loadb(whole->report.ptr, whole->report.len, 0, NULL);
        int64_t bytes = json_integer_value(json_object_get(report, "bytes"));
        json_decref(report);
        return bytes;
    }
    return 0;
}

static struct hbs_value copy_value(struct errand *e, const struct task_file *file, int64_t bytes)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    hbs_map_set(row, S("name"), hbs_string(file->name));
    hbs_map_set(row, S("at"), hbs_number((double)file->at));
    if (bytes > 0)
        hbs_map_set(row, S("size"), hbs_string(task_bytes(e->arena, bytes)));
    return hbs_map_value(row);
}

/* `*ret_newest`: where the newest lies, or would. */
static enum status put_copies(struct errand *e, struct hbs_map *values, str *ret_newest,
                              struct error *err)
{
    str dir = task_folder(e->arena, e->folder, TASK_BACKUP);

    struct task_file *files;
    struct task *tasks;
    size_t count, tasks_count, n = 0;
    *ret_newest = file_join(e->arena, dir, S("2026-01-31-120000"));
    enum status st = task_kind_files(e, TASK_BACKUP, &files, &count, err);
    if (st == ST_OK)
        st = task_list(e->conn, TASK_BACKUP, e->arena, &tasks, &tasks_count, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows = arena_new_array(e->arena, struct hbs_value, count);
    for (size_t i = 0; i < count; i++) {
        if (!files[i].is_copy)
            continue;
        if (n == 0) {
            *ret_newest = file_join(e->arena, dir, files[i].name);
            hbs_map_set(values, S("last"), hbs_number((double)files[i].at));
            hbs_map_set(values, S("old"), hbs_bool(e->now - files[i].at > OLD));
        }
        rows[n++] = copy_value(e, &files[i], bytes_of(e, tasks, tasks_count, files[i].name));
    }
    hbs_map_set(values, S("copies"), hbs_list_of(e->arena, rows, n));
    return ST_OK;
}

enum status backup_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    str newest;
    enum status st = put_copies(e, values, &newest, err);
    if (st == ST_OK)
        st = task_put(e, values, TASK_BACKUP, err);
    if (st != ST_OK)
        return st;
    hbs_map_set(values, S("folder"), hbs_string(task_folder(e->arena, e->folder, TASK_BACKUP)));
    hbs_map_set(values, S("restore"),
                hbs_string(str_format(e->arena, "broadsheet restore %.*s --site %.*s",
                                      STR_ARG(newest), STR_ARG(e->folder->path))));
    return errand_page(e, 200, S("backup"), values, err);
}

/* ---- making, packing ---- */

enum status backup_run(struct errand *e, struct error *err)
{
    str dir = task_folder(e->arena, e->folder, TASK_BACKUP);
    str name = task_name_new(e->arena, e->now, STR_NONE, STR_NONE);
    str out = file_join(e->arena, dir, name);
    str words[] = {S("backup"), out};
    enum status st = file_mkdirs(dir, 0750, err);
    if (st != ST_OK)
        return st;
    return task_go(e,
                   &(struct task_order){.kind = TASK_BACKUP,
                                        .what = name,
                                        .words = words,
                                        .words_count = ARRAY_LEN(words),
                                        .leftover = out},
                   err);
}

static enum status find(struct errand *e, const struct task_file **ret_file, str *ret_path,
                        struct error *err)
{
    enum status st =
        task_file_asked(e, TASK_BACKUP, errand_value(e, S("name")), ret_file, ret_path, err);
    if (st == ST_OK && !(*ret_file)->is_copy)
        return error_set(err, ST_NOT_FOUND, "%.*s", STR_ARG(errand_say(e, S("error.no-file"))));
    return st;
}

enum status backup_pack(struct errand *e, struct error *err)
{
    const struct task_file *file;
    str path, dir = task_folder(e->arena, e->folder, TASK_EXPORT);
    enum status st = find(e, &file, &path, err);
    if (st == ST_OK)
        st = file_mkdirs(dir, 0750, err);
    if (st != ST_OK)
        return st;
    str name = task_name_new(e->arena, e->now, S("copy-"), S(".tar"));
    str out = file_join(e->arena, dir, name);
    str words[] = {S("pack"), path, out};
    return task_go(e,
                   &(struct task_order){.kind = TASK_EXPORT,
                                        .what = name,
                                        .words = words,
                                        .words_count = ARRAY_LEN(words),
                                        .leftover = out},
                   err);
}

/* ---- removing ---- */

static enum status log_removed(struct errand *e, struct newsroom *room, void *arg,
                               struct error *err)
{
    const struct task_file *file = arg;
    return errand_log(e, room, S("backup.removed"), file->name, err);
}

/* broadsheet.yaml first: what is half removed is no copy any more. */
enum status backup_remove(struct errand *e, struct error *err)
{
    const struct task_file *file;
    str path;
    enum status st = find(e, &file, &path, err);
    if (st != ST_OK)
        return st;
    errand_let_go(e);
    (void)unlink(str_copy_c(e->arena, file_join(e->arena, path, S("broadsheet.yaml"))));
    st = file_remove_tree(path, err);
    if (st == ST_OK)
        st = errand_write(e, log_removed, (void *)(uintptr_t)file, err);
    return st == ST_OK ? errand_done(e, S("/desk/backup/"), S("copy-removed")) : st;
}
