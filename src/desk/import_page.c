/* SPDX-License-Identifier: MIT
 *
 * Bringing stories in from the browser. A file is uploaded into SITE/import/, or put there by whoever has the server; it is
 * tried out first, writing nothing, and then brought in, from where it lies. */
#include "base/arena.h"
#include "base/file.h"
#include "desk/task_file.h"
#include "desk/task_page.h"

#include <unistd.h>

enum { FILES_AT_ONCE = 8 };

/* ---- the page ---- */

static struct hbs_value file_value(struct errand *e, const struct task_file *file, bool chosen)
{
    struct hbs_map *row = hbs_map_new(e->arena);
    hbs_map_set(row, S("name"), hbs_string(file->name));
    hbs_map_set(row, S("size"), hbs_string(task_bytes(e->arena, file->bytes)));
    hbs_map_set(row, S("at"), hbs_number((double)file->at));
    hbs_map_set(row, S("chosen"), hbs_bool(chosen));
    return hbs_map_value(row);
}

/* Files to bring in, and folders that may hold the old site's pictures. */
static enum status put_files(struct errand *e, struct hbs_map *values, struct error *err)
{
    struct task_file *files;
    size_t count, n[2] = {0, 0};
    enum status st = task_kind_files(e, TASK_IMPORT, &files, &count, err);
    if (st != ST_OK)
        return st;
    struct hbs_value *rows[2] = {arena_new_array(e->arena, struct hbs_value, count),
                                 arena_new_array(e->arena, struct hbs_value, count)};
    for (size_t i = 0; i < count; i++) {
        size_t to = files[i].is_folder ? 1 : 0;
        rows[to][n[to]] = file_value(e, &files[i], n[to] == 0);
        n[to]++;
    }
    hbs_map_set(values, S("files"), hbs_list_of(e->arena, rows[0], n[0]));
    hbs_map_set(values, S("folders"), hbs_list_of(e->arena, rows[1], n[1]));
    if (e->upload_bytes_max > 0) {
        int64_t most = i64_from_size(e->upload_bytes_max);
        hbs_map_set(values, S("most"), hbs_number((double)most));
        hbs_map_set(values, S("most_said"), hbs_string(task_bytes(e->arena, most)));
    }
    hbs_map_set(values, S("folder"), hbs_string(task_folder(e->arena, e->folder, TASK_IMPORT)));
    return ST_OK;
}

static enum status show(struct errand *e, struct hbs_map *values, int code, struct error *err)
{
    enum status st = put_files(e, values, err);
    if (st == ST_OK)
        st = task_put(e, values, TASK_IMPORT, err);
    return st == ST_OK ? errand_page(e, code, S("import"), values, err) : st;
}

enum status import_show(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    (void)errand_form(e, values);
    return show(e, values, 200, err);
}

/* ---- uploading ---- */

static enum status log_upload(struct errand *e, struct newsroom *room, void *arg, struct error *err)
{
    const str *name = arg;
    return errand_log(e, room, S("import.uploaded"), *name, err);
}

/* A name that is taken gets the time before it: nothing is ever written over. */
static enum status keep_upload(struct errand *e, const struct http_field *file, str *ret_name,
                               struct error *err)
{
    str dir = task_folder(e->arena, e->folder, TASK_IMPORT);
    str name = task_name_clean(e->arena, file->file_name);
    if (file_exists(file_join(e->arena, dir, name)))
        name =
            str_join3(e->arena, task_name_new(e->arena, e->now, STR_NONE, S("-")), name, STR_NONE);
    enum status st = file_mkdirs(dir, 0750, err);
    if (st == ST_OK)
        st = file_write_atomic(file_join(e->arena, dir, name), file->value, 0640, err);
    if (st == ST_OK)
        *ret_name = name;
    return st;
}

enum status import_upload(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    const struct http_field *file = http_form_field(&e->form, S("file"));
    str name;
    if (file == NULL || !file->is_file || file->file_name.len == 0 || file->value.len == 0) {
        errand_wrong(e, &form, S("file"), S("wrong.no-file"));
        return show(e, values, 422, err);
    }
    errand_let_go(e); /* a large file takes its time */
    enum status st = keep_upload(e, file, &name, err);
    if (st == ST_OK)
        st = errand_write(e, log_upload, &name, err);
    return st == ST_OK ? errand_done(e, S("/desk/import/"), S("uploaded")) : st;
}

/* ---- bringing in ---- */

/* The files that were ticked, as words of the command; *ret_count 0: none of them is there. */
static enum status ticked(struct errand *e, str *paths, size_t *ret_count, str *ret_first,
                          struct error *err)
{
    struct task_file *files;
    size_t count;
    str dir = task_folder(e->arena, e->folder, TASK_IMPORT);
    enum status st = task_kind_files(e, TASK_IMPORT, &files, &count, err);
    *ret_count = 0;
    for (size_t i = 0; st == ST_OK && i < e->form.count && *ret_count < FILES_AT_ONCE; i++) {
        const struct http_field *field = &e->form.fields[i];
        if (!str_eq(field->name, S("file")))
            continue;
        const struct task_file *file = task_file_named(files, count, field->value);
        if (file == NULL || file->is_folder)
            continue;
        if (*ret_count == 0)
            *ret_first = file->name;
        paths[(*ret_count)++] = file_join(e->arena, dir, file->name);
    }
    return st;
}

static enum status media_folder(struct errand *e, str *ret_path, struct error *err)
{
    const struct task_file *folder;
    str name = errand_value(e, S("media"));
    *ret_path = STR_NONE;
    return name.len == 0 ? ST_OK : task_file_asked(e, TASK_IMPORT, name, &folder, ret_path, err);
}

enum status import_run(struct errand *e, struct error *err)
{
    struct hbs_map *values = errand_values(e);
    struct errand_form form = errand_form(e, values);
    str words[TASK_WORDS_MAX], paths[FILES_AT_ONCE], first = STR_NONE, media;
    size_t n = 0, count = 0;
    bool dry_run = !str_eq(errand_value(e, S("do")), S("import"));
    enum status st = ticked(e, paths, &count, &first, err);
    if (st == ST_OK)
        st = media_folder(e, &media, err);
    if (st != ST_OK)
        return st;
    if (count == 0) {
        errand_wrong(e, &form, S("files"), S("wrong.no-file-ticked"));
        return show(e, values, 422, err);
    }
    words[n++] = S("import");
    if (dry_run)
        words[n++] = S("--dry-run");
    if (errand_value(e, S("tag")).len > 0)
        words[n++] = S("--tag");
    if (errand_value(e, S("keep_all")).len > 0)
        words[n++] = S("--keep-all");
    if (media.len > 0) {
        words[n++] = S("--media");
        words[n++] = media;
    }
    words[n++] = S("--");
    for (size_t i = 0; i < count; i++)
        words[n++] = paths[i];
    return task_go(e,
                   &(struct task_order){.kind = TASK_IMPORT,
                                        .what = first,
                                        .dry_run = dry_run,
                                        .words = words,
                                        .words_count = n},
                   err);
}

/* ---- removing ---- */

static enum status log_removed(struct errand *e, struct newsroom *room, void *arg,
                               struct error *err)
{
    const str *name = arg;
    return errand_log(e, room, S("import.removed"), *name, err);
}

enum status import_remove(struct errand *e, struct error *err)
{
    const struct task_file *file;
    str path, name;
    enum status st = task_file_asked(e, TASK_IMPORT, errand_value(e, S("name")), &file, &path, err);
    if (st != ST_OK)
        return st;
    name = file->name;
    if (file->is_folder || unlink(str_copy_c(e->arena, path)) != 0)
        return error_set_errno(err, ST_IO, "the file could not be removed");
    st = errand_write(e, log_removed, &name, err);
    return st == ST_OK ? errand_done(e, S("/desk/import/"), S("file-removed")) : st;
}
